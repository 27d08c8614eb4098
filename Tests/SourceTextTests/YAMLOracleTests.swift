import Foundation
import SourceText
import TestSupport
import Testing
import Yams

/// Against Yams, which builds its own tree from the same events, and under mutation.
@Suite struct YAMLOracleTests {
  /// A value without its types, as both sides can say it.
  private static func value(_ node: DocumentNode) -> String {
    switch node.kind {
    case .sequence: "[" + node.children.map(value).joined(separator: ",") + "]"
    case .mapping:
      "{"
        + node.children.map { "\(($0.key ?? "").debugDescription):\(value($0))" }
        .joined(separator: ",") + "}"
    default: node.text.debugDescription
    }
  }

  private static func value(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.string.debugDescription
    case .sequence(let sequence): "[" + sequence.map(value).joined(separator: ",") + "]"
    case .mapping(let mapping):
      "{" + mapping.map { "\(value($0.key)):\(value($0.value))" }.joined(separator: ",") + "}"
    case .alias(let alias): "*" + alias.anchor.rawValue
    }
  }

  /// What the bytes of a node must look like, whatever the document.
  private static func oddSpan(_ node: DocumentNode) -> String? {
    let written = node.sourceText
    let first = written.first
    let isRight =
      if node.isAlias {
        first == "*"
      } else {
        switch node.kind {
        case .plain, .string:
          switch first {
          case "'", "\"": written.count > 1 && written.last == first
          case "|", ">": true
          default: written == node.text || node.text.contains(" ") || node.text.contains("\n")
          }
        case .sequence: first == "-" || first == "[" && written.last == "]"
        case .mapping: first != "{" || written.last == "}"
        default: false
        }
      }
    return isRight ? nil : "\(node.keyPath): \(written.debugDescription)"
  }

  /// Yams refuses what is no YAML and, in ``YAMLGenerator``'s documents, nothing.
  private static func check(_ text: String, _ name: String, mayBeBroken: Bool = false) throws {
    guard let other = mayBeBroken ? try? Yams.compose(yaml: text) : try Yams.compose(yaml: text)
    else {
      #expect(throws: SyntaxError.self, "\(name)") {
        try YAMLReader.read(SourceFile(path: "a.yaml", text: text))
      }
      return
    }
    let document = try YAMLReader.read(SourceFile(path: "a.yaml", text: text))
    #expect(value(document.root) == value(other), "\(name)")
    #expect(DocumentChecks.misplaced(document) == [], "\(name)")
    #expect(DocumentChecks.nodes(document).compactMap(oddSpan) == [], "\(name)")
  }

  @Test(.enabled(if: SharedFiles.arePresent, "no ../shared beside the checkout"))
  func readsTheTrainersConfigs() throws {
    let files = SharedFiles.all(["yaml", "yml"])
    #expect(files.count > 10)
    for file in files {
      try Self.check(String(contentsOf: file, encoding: .utf8), file.path(), mayBeBroken: true)
    }
  }

  @Test func agreesWithYams() throws {
    for seed in 0..<1500 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let text = YAMLGenerator.document(&random)
      try Self.check(text, "seed \(seed):\n\(text)")
    }
  }

  /// The same document with other line breaks, a byte-order mark, or no line break at its end has
  /// the same values, with the same bytes.
  @Test(arguments: ["\r\n", "\r", "\u{85}", "\u{2028}"])
  func lineBreaksChangeNothing(lineBreak: String) throws {
    for seed in 2000..<2300 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let text = YAMLGenerator.document(&random)
      let plain = try YAMLReader.read(SourceFile(path: "a.yaml", text: text))
      let changed = text.replacing("\n", with: lineBreak)
      for variant in [changed, "\u{FEFF}" + changed] {
        let document = try YAMLReader.read(SourceFile(path: "a.yaml", text: variant))
        let pairs = zip(DocumentChecks.nodes(plain), DocumentChecks.nodes(document))
        for (expected, found) in pairs where !expected.isCollection && expected.kind == .plain {
          // YAML 1.1 folds U+2028 to itself, and every other break to a space.
          let isKept = lineBreak == "\u{2028}" && expected.sourceText.contains("\n")
          #expect(isKept || found.text == expected.text, "seed \(seed)")
          #expect(found.key == expected.key, "seed \(seed)")
          #expect(
            found.sourceText == expected.sourceText.replacing("\n", with: lineBreak), "seed \(seed)"
          )
        }
        #expect(DocumentChecks.misplaced(document) == [], "seed \(seed)")
      }
    }
  }

  @Test func findsRepeatedKeys() throws {
    var found = 0
    for seed in 4000..<4500 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let text = YAMLGenerator.document(&random, repeatingKeys: true)
      let document = try YAMLReader.read(SourceFile(path: "a.yaml", text: text))
      let pairs = document.repeatedKeys.map { [$0.first.id, $0.second.id] }
      #expect(pairs == DocumentChecks.repeatedKeys(document), "\(text)")
      found += pairs.count
    }
    #expect(found > 100)
  }

  @Test func neverCrashes() {
    let alphabet = [
      "- ", ": ", "\n", "\n  ", "? ", "[", "]", "{", "}", ",", "&a ", "*a", "!!str ", "!",
      "|\n", ">-\n", "'",
      "\"", "#", " #", "<<: ", "\t", "---\n", "...\n", "%", "@", "\\", "é", "😀", "\r",
      "\u{85}", "\u{FEFF}", "\0",
    ]
    var random = SplitMix64(seed: 9)
    for _ in 0..<6000 {
      let bytes = mutated(Array(YAMLGenerator.document(&random).utf8), with: alphabet, &random)
      let source = SourceFile(path: "a.yaml", bytes: bytes)
      let text = source.text(of: 0..<bytes.count)
      do throws(SyntaxError) {
        let document = try YAMLReader.read(source)
        #expect(DocumentChecks.misplaced(document) == [], "\(text.debugDescription)")
        let odd = DocumentChecks.nodes(document).compactMap(Self.oddSpan)
        #expect(odd == [], "\(text.debugDescription)")
        _ = document.root["a"]?["b"]
      } catch {
        let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        let isWellPlaced = DocumentChecks.isWellPlaced(error, in: source)
        #expect(!isUTF8 || isWellPlaced, "\(text.debugDescription)")
      }
    }
  }

  @Test(
    .timeLimit(.minutes(10)), arguments: ["[", "[\n", "{", "{a: ", "- ", "? ", "[{a: ", "!!seq ["])
  func depthIsLimited(opening: String) throws {
    let source = SourceFile(path: "a.yaml", text: String(repeating: opening, count: 200_000))
    let error = try #require(throws: SyntaxError.self) { try YAMLReader.read(source) }
    let isDepth = error.message == "nested more than 512 levels deep: not a config"
    #expect(isDepth || error.message.contains("as a key"))
  }

  @Test func depthOf512IsTaken() throws {
    let text = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(throws: Never.self) { try YAMLReader.read(SourceFile(path: "a.yaml", text: text)) }
    #expect(throws: SyntaxError.self) {
      try YAMLReader.read(SourceFile(path: "a.yaml", text: "[\(text)]"))
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: [("\"", "x"), ("'", "é"), ("", "xy "), ("", "x")])
  func hugeScalars(quote: String, content: String) throws {
    let count = 50_000_000 / content.utf8.count
    let text = "a: " + quote + String(repeating: content, count: count) + quote + "\nb: 1"
    let source = SourceFile(path: "a.yaml", text: text)
    let root = try YAMLReader.read(source).root
    #expect((root["a"]?.text.utf8.count ?? 0) > 49_999_990)
    #expect(root["b"]?.span.bytes == (source.bytes.count - 1)..<source.bytes.count)
  }
}

/// Valid documents with everything in them that configs have, and more.
enum YAMLGenerator {
  static func document(_ random: inout SplitMix64, repeatingKeys: Bool = false) -> String {
    var generator = State(random: random, repeatingKeys: repeatingKeys)
    var text = generator.random.oneIn(5) ? "---\n" : ""
    text += generator.collection(indentation: 0, depth: 0)
    if generator.random.oneIn(4) { text.removeLast() }
    random = generator.random
    return text
  }

  private struct State {
    var random: SplitMix64
    let repeatingKeys: Bool
    var anchors = 0

    mutating func collection(indentation: Int, depth: Int) -> String {
      let isList = random.oneIn(3)
      let pad = String(repeating: " ", count: indentation)
      var lines = ""
      for place in 0...Int.random(in: 0...3, using: &random) {
        if random.oneIn(6) { lines += random.pick(["\n", "# c: é\n", "  # [c\n"]) }
        lines += pad + (isList ? "-" : key(place) + ":") + value(indentation, depth, isList: isList)
      }
      return lines
    }

    private mutating func key(_ place: Int) -> String {
      let new = random.pick(["a", "lr", "é 日", "x-y"]) + "\(place)"
      let name = repeatingKeys && random.oneIn(2) ? "k" : new
      return random.pick([
        name, name, name, "'\(name)'", "\"\(name)\"", "&k\(count()) \(name)", "!!str \(name)",
      ])
    }

    private mutating func count() -> Int {
      anchors += 1
      return anchors
    }

    /// What follows the `:` or `-`, with its line break.
    private mutating func value(_ indentation: Int, _ depth: Int, isList: Bool) -> String {
      let pad = String(repeating: " ", count: indentation + 2)
      let comment = random.pick(["", "", " # c", "  "])
      switch Int.random(in: 0..<(depth < 4 ? 12 : 8), using: &random) {
      case 0: return comment + "\n"
      case 1, 2: return " " + scalar() + comment + "\n"
      case 3: return " " + flow(depth: 0) + comment + "\n"
      case 4:
        return random.pick([" |", " >", " |-", " >+", " | # c", " >2-"])
          + "\n\(pad)x é\n\(pad) y: 1\n\n\(pad)# z\n" + random.pick(["", "\n"])
      case 5: return " x y\n\(pad)é z\(comment)\n"
      case 6: return " \"x\n\n\(pad)\\u00e9 z\"\(comment)\n"
      case 7:
        let name = "n\(count())"
        return " &\(name) \(random.pick(["", "!!str "]))x é\(comment)\n"
      case 8:
        let name = "n\(count())"
        return " &\(name)\(comment)\n" + collection(indentation: indentation + 2, depth: depth + 1)
      default:
        // A list in a mapping needs no indentation of its own; here all have one.
        return comment + "\n" + collection(indentation: indentation + 2, depth: depth + 1)
      }
    }

    private mutating func scalar() -> String {
      random.pick([
        "1", "1e-4", "true", "~", "a b", "é日", "'it''s'", "\"x\\ty\"", "''", "C:\\dir", "-1",
        "a#b", "x:y", "😀",
        "!!str 1", "! x", "'#'", "<x>", "..", "http://a/b?c", "\"\\x41é\"",
      ])
    }

    private mutating func flow(depth: Int) -> String {
      let count = Int.random(in: 0...3, using: &random)
      let gap = random.pick(["", " "])
      let parts = (0..<count).map { place -> String in
        let inner =
          depth < 3 && random.oneIn(3)
          ? flow(depth: depth + 1) : random.pick(["1", "é", "'a, b'", "a b", "\"]\""])
        return "k\(place): \(inner)"
      }
      switch Int.random(in: 0..<3, using: &random) {
      case 0: return "{" + gap + parts.joined(separator: gap + ", ") + gap + "}"
      case 1: return "[" + gap + parts.joined(separator: ", ") + gap + "]"
      default: return "[" + parts.map { String($0.dropFirst(4)) }.joined(separator: ",") + "]"
      }
    }
  }
}
