import Analysis
import Backends
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// One example of one rule.
struct RuleCase: CustomTestStringConvertible, Sendable {
  let rule: RuleDescription
  let number: Int
  var example: RuleExample { rule.examples[number] }
  var testDescription: String { "\(rule.id), example \(number + 1)" }

  static let all = Inspector.descriptions.flatMap { rule in
    rule.examples.indices.map { RuleCase(rule: rule, number: $0) }
  }
}

/// The same example as an editor on another system might have saved it.
enum Disguise: CaseIterable, Sendable {
  case plain, windowsLineBreaks, finalLineBreak, wideCharacters

  /// - Parameter path: The file's name, which tells its format.
  func apply(to text: String, path: String) -> String {
    switch self {
    case .plain: text
    case .windowsLineBreaks: text.replacing("\n", with: "\r\n")
    case .finalLineBreak: text + "\n"
    // What takes more bytes and columns than scalars.
    case .wideCharacters:
      text.hasPrefix("⟪\u{FEFF}⟫")
        ? text
        : path.hasSuffix(".json")
          ? text.replacing(
            "{\"__version\"", with: "{\"workspace_dir\": \"日本🙂é\", \"__version\"")
          : "# 日本🙂é\n" + text
    }
  }
}

extension RuleExample {
  /// The name of the file where the example has none of its own.
  var name: String {
    if let path { return path }
    return switch backend {
    case "kohya": "config.toml"
    case "ai-toolkit": "config.yaml"
    default: "config.json"
    }
  }
}

@Suite struct RuleExampleTests {
  static func diagnostics(
    _ case: RuleCase, _ text: String, files: [String: String]
  ) throws -> [Diagnostic] {
    let example = `case`.example
    let inspector = Inspector(
      backend: example.backend,
      options: ReadingOptions(
        mode: example.mode, images: example.images, vram: example.vram))
    let neighbours = Neighbours { path in files[path].map { SourceFile(path: path, text: $0) } }
    return try inspector.inspect(
      SourceFile(path: example.name, text: text), neighbours: neighbours
    ).diagnostics.filter { $0.rule == `case`.rule.id }
  }

  @Test(arguments: RuleCase.all, Disguise.allCases)
  func flagsExactlyWhatIsMarked(_ case: RuleCase, _ disguise: Disguise) throws {
    let example = `case`.example
    let marked = disguise.apply(to: example.marked, path: example.name)
    let files = Dictionary(
      uniqueKeysWithValues: example.files.map { ($0, disguise.apply(to: $1, path: $0)) })
    let texts = files.mapValues { MarkedText($0).text }
    let found = try Self.diagnostics(`case`, MarkedText(marked).text, files: texts)
    #expect(Self.marking(marked, found.places(in: 0)) == marked)
    // A file that was named is given the next number: its marks tell which.
    for (path, text) in files where text.contains("⟪") || text.contains("⟦") {
      let numbers = Set(found.flatMap { [$0.span] + $0.related.map(\.span) }.map(\.file.number))
      #expect(
        numbers.contains { Self.marking(text, found.places(in: $0)) == text }, "\(path)")
    }
  }

  private static func marking(
    _ marked: String, _ places: (main: [Range<Int>], secondary: [Range<Int>])
  ) -> String {
    MarkedText.marking(MarkedText(marked).text, places.main, secondary: places.secondary)
  }

  @Test(arguments: RuleCase.all)
  func fixesAsShown(_ case: RuleCase) throws {
    let text = MarkedText(`case`.example.marked).text
    let files = `case`.example.files.mapValues { MarkedText($0).text }
    let found = try Self.diagnostics(`case`, text, files: files)
    let source = SourceFile(path: `case`.example.name, text: text)
    let fixes = found.filter { $0.span.file == .main }.compactMap(\.fixes.first)
    guard let fixed = `case`.example.fixed else {
      #expect(fixes.isEmpty, "a fix is offered: the example must show its result")
      return
    }
    let result = String(decoding: source.applying(fixes).bytes, as: UTF8.self)
    #expect(result == fixed)
    let left = try Self.diagnostics(`case`, result, files: files)
    #expect(
      left.allSatisfy { $0.fixes.isEmpty || $0.span.file != .main },
      "the fix does not remove the finding")
  }

  @Test(arguments: Inspector.descriptions)
  func isShownAtWorkAndAtRest(_ rule: RuleDescription) {
    #expect(rule.examples.contains { $0.isFlagged }, "no example that is flagged")
    #expect(rule.examples.contains { !$0.isFlagged }, "no example that is allowed")
  }

  @Test(arguments: Inspector.descriptions)
  func speaksAsAgreed(_ rule: RuleDescription) throws {
    #expect(rule.id.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
    #expect(rule.summary.hasSuffix("."))
    #expect(!rule.rationale.hasSuffix("."))
    #expect(!rule.sources.isEmpty)
    for number in rule.examples.indices {
      let test = RuleCase(rule: rule, number: number)
      let files = test.example.files.mapValues { MarkedText($0).text }
      let text = MarkedText(test.example.marked).text
      for diagnostic in try Self.diagnostics(test, text, files: files) {
        #expect(!diagnostic.message.hasSuffix("."), "\(diagnostic.message)")
        #expect(!diagnostic.message.contains("\n"))
        #expect(!diagnostic.why.isEmpty && !diagnostic.why.hasSuffix("."))
      }
    }
  }

  /// One name has one meaning: what several trainers report under it is summed up by one sentence.
  @Test func idsHaveOneMeaning() {
    for rule in Inspector.rules {
      #expect(Set(rule.variants.map(\.summary)).count == 1, "\(rule.id)")
      #expect(Set(rule.variants.map(\.subject)).count == 1, "\(rule.id)")
      #expect(Set(rule.variants.map(\.backend)).count == rule.variants.count, "\(rule.id)")
    }
  }
}

extension [Diagnostic] {
  /// Where findings lie in one file, and their notes that lie nowhere else.
  func places(in file: UInt16) -> (main: [Range<Int>], secondary: [Range<Int>]) {
    func own(_ span: SourceSpan) -> Range<Int>? { span.file.number == file ? span.bytes : nil }
    let main = Set(compactMap { own($0.span) })
    let secondary = Set(flatMap { $0.related.compactMap { own($0.span) } }).subtracting(main)
    return (
      main.sorted { $0.lowerBound < $1.lowerBound },
      secondary.sorted { $0.lowerBound < $1.lowerBound }
    )
  }
}
