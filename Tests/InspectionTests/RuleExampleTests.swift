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

  static let all = Inspector.rules.flatMap { rule in
    rule.examples.indices.map { RuleCase(rule: rule, number: $0) }
  }
}

/// The same example as an editor on another system might have saved it.
enum Disguise: CaseIterable, Sendable {
  case plain, windowsLineBreaks, finalLineBreak, wideCharacters

  func apply(to text: String) -> String {
    switch self {
    case .plain: text
    case .windowsLineBreaks: text.replacing("\n", with: "\r\n")
    case .finalLineBreak: text + "\n"
    // Blanks that take more bytes and columns than scalars would.
    case .wideCharacters:
      text.replacing("{\"__version\"", with: "{\"workspace_dir\": \"日本🙂é\", \"__version\"")
    }
  }
}

@Suite struct RuleExampleTests {
  static func diagnostics(_ case: RuleCase, _ text: String) throws -> [Diagnostic] {
    let example = `case`.example
    let path = example.path ?? "config.json"
    let inspector = Inspector(
      backend: example.backend, options: ReadingOptions(mode: example.mode, images: example.images))
    return try inspector.inspect(SourceFile(path: path, text: text)).diagnostics
      .filter { $0.rule == `case`.rule.id }
  }

  @Test(arguments: RuleCase.all, Disguise.allCases)
  func flagsExactlyWhatIsMarked(_ case: RuleCase, _ disguise: Disguise) throws {
    let marked = disguise.apply(to: `case`.example.marked)
    let expected = MarkedText(marked)
    let found = try Self.diagnostics(`case`, expected.text)
    var ranges: [Range<Int>] = []
    var secondary: [Range<Int>] = []
    for diagnostic in found {
      ranges.append(diagnostic.span.bytes)
      secondary += diagnostic.related.map(\.span.bytes)
    }
    secondary = Array(Set(secondary).subtracting(ranges)).sorted { $0.lowerBound < $1.lowerBound }
    ranges = Array(Set(ranges)).sorted { $0.lowerBound < $1.lowerBound }
    #expect(MarkedText.marking(expected.text, ranges, secondary: secondary) == marked)
  }

  @Test(arguments: RuleCase.all)
  func fixesAsShown(_ case: RuleCase) throws {
    let text = MarkedText(`case`.example.marked).text
    let found = try Self.diagnostics(`case`, text)
    let source = SourceFile(path: "config.json", text: text)
    let fixes = found.compactMap(\.fixes.first)
    guard let fixed = `case`.example.fixed else {
      #expect(fixes.isEmpty, "a fix is offered: the example must show its result")
      return
    }
    let result = String(decoding: source.applying(fixes).bytes, as: UTF8.self)
    #expect(result == fixed)
    let left = try Self.diagnostics(`case`, result)
    #expect(left.allSatisfy { $0.fixes.isEmpty }, "the fix does not remove the finding")
  }

  @Test(arguments: Inspector.rules)
  func isShownAtWorkAndAtRest(_ rule: RuleDescription) {
    #expect(rule.examples.contains { $0.isFlagged }, "no example that is flagged")
    #expect(rule.examples.contains { !$0.isFlagged }, "no example that is allowed")
  }

  @Test(arguments: Inspector.rules)
  func speaksAsAgreed(_ rule: RuleDescription) throws {
    #expect(rule.id.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
    #expect(rule.summary.hasSuffix("."))
    #expect(!rule.rationale.hasSuffix("."))
    #expect(!rule.sources.isEmpty)
    for number in rule.examples.indices {
      let test = RuleCase(rule: rule, number: number)
      for diagnostic in try Self.diagnostics(test, MarkedText(test.example.marked).text) {
        #expect(!diagnostic.message.hasSuffix("."), "\(diagnostic.message)")
        #expect(!diagnostic.message.contains("\n"))
        #expect(!diagnostic.why.isEmpty && !diagnostic.why.hasSuffix("."))
      }
    }
  }

  @Test func idsAreUnique() {
    let ids = Inspector.rules.map(\.id)
    #expect(Set(ids).count == ids.count)
  }
}
