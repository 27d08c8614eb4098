import Foundation
import SourceText
import TestSupport
import Testing

/// Every change of every kind, in shipped configs and in generated documents: the file is read
/// again, and nothing but what was asked for has changed.
@Suite struct EditorPropertyTests {
  @Test(.enabled(if: SharedFiles.arePresent), arguments: ["json", "toml", "yaml", "yml"])
  func shippedConfigs(ending: String) throws {
    var refused: [String: Int] = [:]
    var made = 0
    for (number, file) in SharedFiles.all([ending]).enumerated() {
      let bytes = Array(try Data(contentsOf: file))
      let source = SourceFile(path: file.path(), bytes: bytes)
      guard bytes.count < 60_000, let document = try? DocumentReader.read(source),
        document.repeatedKeys.isEmpty
      else { continue }
      let nodes = DocumentChecks.nodes(document).count
      var checks = EditChecks(document, seed: UInt64(number)) { source throws(SyntaxError) in
        try DocumentReader.read(source)
      }
      checks.run(oneIn: max(1, nodes * nodes / 2000))
      #expect(checks.problems.prefix(2) == [], "\(file.path())")
      refused.merge(checks.refused, uniquingKeysWith: +)
      made += checks.made
    }
    #expect(made > 200)
    // Names of tables that stand in several headers, the only element of an array of tables.
    #expect(refused.values.reduce(0, +) * 10 < made, "\(refused) of \(made)")
    #expect(ending != "json" || refused.isEmpty)
  }

  @Test func generatedTOML() throws {
    var (made, refused) = (0, 0)
    for seed in 0..<400 as Range<UInt64> {
      var generator = TOMLGenerator(seed: seed)
      let text = generator.document()
      let document = try TOMLReader.read(SourceFile(path: "a.toml", text: text))
      var checks = EditChecks(document, seed: seed) { source throws(SyntaxError) in
        try TOMLReader.read(source)
      }
      checks.run(oneIn: 2)
      #expect(checks.problems.prefix(2) == [], "seed \(seed)")
      made += checks.made
      refused += checks.refused.values.reduce(0, +)
    }
    #expect(refused * 5 < made)
  }

  @Test func generatedYAML() throws {
    var (made, refused) = (0, 0)
    for seed in 0..<600 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let text = YAMLGenerator.document(&random)
      let document = try YAMLReader.read(
        SourceFile(path: "a.yaml", text: seed % 3 == 0 ? text.replacing("\n", with: "\r\n") : text))
      var checks = EditChecks(document, seed: seed) { source throws(SyntaxError) in
        try YAMLReader.read(source)
      }
      checks.run(oneIn: 2)
      #expect(checks.problems.prefix(2) == [], "seed \(seed)")
      made += checks.made
      refused += checks.refused.values.reduce(0, +)
    }
    #expect(refused * 5 < made)
  }

  /// A change at one place must not show at another.
  @Test(arguments: [
    "a: &a\n  x: 1\n  y: {z: 2}\nb: [*a, 2]\nc:\n  <<: *a\n  x: 2\n",
    "a: &a v\nb: *a\nc: {d: *a, e: &b [1], f: *b}\n",
    "- &a\n  - &b x\n  - *b\n- *a\n- {k: *a}\n",
    "&k a: 1\nb: *k\nc: {*k : 2}\n",
    "a: &a 1\nb: 2\n",
  ])
  func sharedValues(text: String) throws {
    let document = try YAMLReader.read(SourceFile(path: "a.yaml", text: text))
    for seed in 0..<40 as Range<UInt64> {
      var checks = EditChecks(document, seed: seed) { source throws(SyntaxError) in
        try YAMLReader.read(source)
      }
      checks.run()
      #expect(checks.problems.prefix(2) == [])
    }
  }
}
