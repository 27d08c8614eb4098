import Foundation
import SourceText
import TestSupport
import Testing

/// Against Foundation's reader, against brute force, and under mutation.
@Suite struct JSONOracleTests {
  private static func generated(seed: UInt64) -> String {
    var random = SplitMix64(seed: seed)
    return JSONGenerator.document(&random)
  }

  /// Whether Foundation's value is ours.
  private static func agrees(_ node: DocumentNode, _ other: Any) -> Bool {
    switch node.kind {
    case .null: return other is NSNull
    case .boolean: return other as? Bool == (node.text == "true")
    case .integer, .float:
      // Foundation goes through decimals for 17 digits and may be a unit off.
      guard let theirs = (other as? NSNumber)?.doubleValue, let ours = Double(node.text)
      else { return false }
      return abs(theirs - ours) <= ours.ulp
    case .string: return (other as? String).map { Array($0.utf8) == Array(node.text.utf8) } ?? false
    case .sequence:
      guard let others = other as? [Any] else { return false }
      let children = Array(node.children)
      return children.count == others.count && zip(children, others).allSatisfy(agrees)
    case .mapping:
      guard let others = other as? [String: Any] else { return false }
      return Set(node.children.compactMap(\.key)) == Set(others.keys)
        && others.allSatisfy { key, other in node[key].map { agrees($0, other) } ?? false }
    case .plain, .dateTime: return false
    }
  }

  @Test(.enabled(if: SharedFiles.arePresent, "no ../shared beside the checkout"))
  func readsTheTrainersConfigs() throws {
    let files = SharedFiles.all(["json"])
    #expect(files.count > 100)
    for file in files {
      let data = try Data(contentsOf: file)
      let source = SourceFile(path: file.path(), bytes: Array(data))
      guard let other = try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
      else {
        #expect(throws: SyntaxError.self, "\(file)") { try JSONReader.read(source) }
        continue
      }
      let read = Result { () throws(SyntaxError) in try JSONReader.read(source) }
      // Foundation takes a comma before a bracket, Python and RFC 8259 do not.
      if case .failure(let error) = read, error.message.hasPrefix("a comma before") { continue }
      let document = try read.get()
      #expect(Self.agrees(document.root, other), "\(file)")
      #expect(DocumentChecks.misplaced(document).isEmpty, "\(file)")
    }
  }

  @Test func agreesWithFoundation() throws {
    for seed in 0..<2000 as Range<UInt64> {
      let text = Self.generated(seed: seed)
      let document = try JSONReader.read(SourceFile(path: "a.json", text: text))
      guard document.repeatedKeys.isEmpty else { continue }
      let other = try JSONSerialization.jsonObject(
        with: Data(text.utf8), options: .fragmentsAllowed)
      #expect(Self.agrees(document.root, other), "seed \(seed): \(text)")
    }
  }

  @Test func spansHoldTheirValues() throws {
    for seed in 2000..<2400 as Range<UInt64> {
      let document = try JSONReader.read(
        SourceFile(path: "a.json", text: Self.generated(seed: seed)))
      #expect(DocumentChecks.misplaced(document).isEmpty, "seed \(seed)")
      for node in DocumentChecks.nodes(document) {
        let again = try JSONReader.read(SourceFile(path: "a.json", text: node.sourceText))
        #expect(DocumentChecks.value(again.root) == DocumentChecks.value(node), "seed \(seed)")
        guard let keySpan = node.keySpan else { continue }
        let key = try JSONReader.read(
          SourceFile(path: "a.json", text: document.source.text(of: keySpan.bytes)))
        #expect(key.root.kind == .string && key.root.text == node.key, "seed \(seed)")
        #expect(node.parent?.children.contains { $0 == node } == true)
      }
    }
  }

  @Test func findsRepeatedKeys() throws {
    var found = 0
    for seed in 3000..<4000 as Range<UInt64> {
      let document = try JSONReader.read(
        SourceFile(path: "a.json", text: Self.generated(seed: seed)))
      let pairs = document.repeatedKeys.map { [$0.first.id, $0.second.id] }
      #expect(pairs == DocumentChecks.repeatedKeys(document), "seed \(seed)")
      found += pairs.count
    }
    #expect(found > 100)
  }

  @Test func neverCrashes() {
    let alphabet = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "0", "1e", "-",
      "null",
      "é", "😀", "\n", "\0", "\u{FEFF}", "/", "'",
    ]
    var random = SplitMix64(seed: 7)
    for seed in 5000..<8000 as Range<UInt64> {
      let bytes = mutated(Array(Self.generated(seed: seed).utf8), with: alphabet, &random)
      let source = SourceFile(path: "a.json", bytes: bytes)
      do throws(SyntaxError) {
        let document = try JSONReader.read(source, dialect: .python)
        #expect(DocumentChecks.misplaced(document).isEmpty, "\(bytes)")
        _ = DocumentChecks.value(document.root)
      } catch {
        let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        #expect(!isUTF8 || DocumentChecks.isWellPlaced(error, in: source), "\(bytes)")
        #expect(error.bytes.upperBound <= bytes.count)
      }
    }
  }

  @Test func everyTruncationIsRefusedAtItsEnd() throws {
    let text = #"{"a": [1.5e-7, "x\u0041\"é", true, {"b": null}], "日": {}}"#
    let bytes = Array(text.utf8)
    for count in 0..<bytes.count {
      let source = SourceFile(path: "a.json", bytes: Array(bytes[..<count]))
      #expect(throws: SyntaxError.self, "\(count)") { try JSONReader.read(source) }
    }
  }
}

/// Documents with all that the grammar has, keys that repeat and keys that are only spelled
/// differently.
enum JSONGenerator {
  static func document(_ random: inout SplitMix64) -> String {
    (random.oneIn(20) ? "\u{FEFF}" : "") + space(&random) + value(depth: 0, &random)
      + space(&random)
  }

  private static func value(depth: Int, _ random: inout SplitMix64) -> String {
    switch Int.random(in: 0..<(depth < 5 ? 9 : 5), using: &random) {
    case 0: return random.pick(["null", "true", "false"])
    case 1: return String(Int64.random(in: -1000...1000, using: &random))
    case 2: return random.pick(["-0", "0", "1e4", "-1.5E-07", "0.1", "1E+2", "4503599627370497"])
    case 3, 4: return quoted(random.pick(["", "a b", "é日", "😀", "\"\\", "/\n\t", "'x'"]), &random)
    case 5, 6:
      let items = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        space(&random) + value(depth: depth + 1, &random) + space(&random)
      }
      return "[" + (items.isEmpty ? space(&random) : items.joined(separator: ",")) + "]"
    default:
      let entries = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        let name = random.pick(["a", "b", "lr", "é", "a\"", "", "key1", "key2", "key3"])
        let key = quoted(name, &random)
        return space(&random) + key + space(&random) + ":" + space(&random)
          + value(depth: depth + 1, &random) + space(&random)
      }
      return "{" + (entries.isEmpty ? space(&random) : entries.joined(separator: ",")) + "}"
    }
  }

  private static func quoted(_ text: String, _ random: inout SplitMix64) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      let mustEscape = scalar == "\"" || scalar == "\\" || scalar.value < 0x20
      if mustEscape || random.oneIn(4) {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: random.oneIn(2))
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func space(_ random: inout SplitMix64) -> String {
    random.pick(["", "", "", " ", "\n", "\r\n", "\t", "  "])
  }
}
