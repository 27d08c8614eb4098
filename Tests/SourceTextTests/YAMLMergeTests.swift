import SourceText
import TestSupport
import Testing

@Suite struct YAMLMergeTests {
  private static func read(_ text: String) throws -> Document {
    try YAMLReader.read(SourceFile(path: "a.yaml", text: text))
  }

  @Test(
    arguments: [
      ("<<: {a: 1}", "1"), ("<<: {a: 1}\na: 2", "2"), ("a: 2\n<<: {a: 1}", "2"),
      ("<<: [{a: 1}, {a: 2}]", "1"), ("<<: [{b: 1}, {a: 2}]", "2"),
      ("<<: [{<<: {a: 1}}, {a: 2}]", "1"),
      ("<<: {a: 1}\n<<: {a: 2}", "2"), ("<<: {<<: {a: 1}, a: 2}", "2"), ("<<: {<<: {a: 1}}", "1"),
      ("x: &x {a: 1}\n<<: *x", "1"), ("x: &x [{a: 1}, {a: 2}]\n<<: *x", "1"),
      ("x: &x {a: 1}\ny: &y {a: 2}\n<<: [*y, *x]", "2"), ("'<<': {a: 1}", nil),
      ("!!str <<: {a: 1}", nil),
      ("\"<<\": 3", nil), ("b: {<<: {a: 1}}", nil), ("<<: {b: {a: 1}}", nil),
      ("<<: {a: 1, 'a': 2}", "2"),
    ] as [(String, String?)])
  func lookUp(text: String, value: String?) throws {
    #expect(try Self.read(text).root["a"]?.text == value)
  }

  @Test func mergedEntriesStandWhereTheyAreWritten() throws {
    let root = try Self.read("x: &x\n  rate: 1\ny:\n  <<: *x\n  steps: 2\n").root
    let y = try #require(root["y"])
    #expect(y["rate"]?.keyPath == "x.rate" && y["steps"]?.keyPath == "y.steps")
    #expect(
      y.children.map(\.key) == ["<<", "steps"] && y.children.map(\.isMergeKey) == [true, false])
    #expect(y["<<"]?.isMergeKey == true)
  }

  @Test(
    arguments: [
      ("a: 1\nb: 2", "a=1 b=2"), ("<<: {a: 1, c: 3}\na: 2", "a=2 c=3"),
      ("x: &x {a: 1}\n<<: *x", "x= a=1"), ("<<: [{a: 1}, {a: 2, b: 3}]", "a=1 b=3"),
      ("<<: {<<: {a: 1, b: 2}, a: 3}", "a=3 b=2"), ("<<: {a: 1, 'a': 2}", "a=2"),
      ("a: 1\na: 2\n<<: {a: 3}", "a=1 a=2"), ("- 1\n- 2", "=1 =2"),
    ])
  func entriesAreTheOwnAndTheMerged(text: String, entries: String) throws {
    let found = try Self.read(text).root.entries.map { "\($0.key ?? "")=\($0.text)" }
    #expect(found.joined(separator: " ") == entries)
  }

  /// `<<` is a key like any other outside of YAML.
  @Test func onlyInYAML() throws {
    let root = try JSONReader.read(SourceFile(path: "a", text: #"{"<<": {"a": 1}}"#)).root
    #expect(root["a"] == nil && root["<<"]?.isMergeKey == false)
  }

  /// `flatten_mapping` of PyYAML's constructor: what is merged goes before what is written, lists
  /// backwards, and the last entry of a key counts.
  private static func flattened(_ mapping: DocumentNode) -> [DocumentNode] {
    var merged: [DocumentNode] = []
    var own: [DocumentNode] = []
    for entry in mapping.children {
      if !entry.isMergeKey {
        own.append(entry)
      } else if entry.kind == .mapping {
        merged += flattened(entry)
      } else {
        merged += Array(entry.children).reversed().flatMap(flattened)
      }
    }
    return merged + own
  }

  @Test func agreesWithFlattening() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<500 {
      var text = ""
      for line in 0..<8 {
        var entries = (0..<Int.random(in: 0...2, using: &random)).map { _ in
          "\(random.pick(["a", "b", "c", "d"])): \(Int.random(in: 0..<100, using: &random))"
        }
        if line > 0, !random.oneIn(3) {
          let aliases = (0...Int.random(in: 0...2, using: &random)).map { _ in
            "*m\(Int.random(in: 0..<line, using: &random))"
          }
          let merge = aliases.count == 1 ? aliases[0] : "[\(aliases.joined(separator: ", "))]"
          entries.insert("<<: \(merge)", at: Int.random(in: 0...entries.count, using: &random))
        }
        text += "m\(line): &m\(line) {\(entries.joined(separator: ", "))}\n"
      }
      let root = try Self.read(text).root
      for mapping in root.children {
        let flat = Self.flattened(mapping)
        for key in ["a", "b", "c", "d"] {
          #expect(
            mapping[key] == flat.last { $0.key == key }, "\(mapping.keyPath) \(key) in\n\(text)")
        }
      }
    }
  }

  /// Each mapping merges the one before it twice: 2²⁰⁰⁰ ways, one look at each.
  @Test(.timeLimit(.minutes(10))) func bombsCostNothing() throws {
    var text = "a0: &a0 {x: 1}\n"
    for line in 1..<2000 {
      let before = "*a\(line - 1)"
      text += "a\(line): &a\(line) {<<: [\(before), \(before)], b: [\(before), \(before)]}\n"
    }
    let last = try #require(try Self.read(text).root["a1999"])
    #expect(last["x"]?.text == "1" && last["y"] == nil)
  }
}
