import Inspection
import TestSupport
import Testing

/// What the project agreed on and a machine can check.
@Suite struct HouseRuleTests {
  static let sources = Repository.files(below: "Sources", ending: ".swift")

  @Test(arguments: sources)
  func isShortEnoughToRead(_ path: String) throws {
    let lines = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false)
      .count
    #expect(lines <= 400, "\(path) has \(lines) lines: one idea per file")
  }

  @Test(arguments: sources)
  func neverGivesUp(_ path: String) throws {
    let text = try Repository.text(path)
    for word in [
      "fatalError(", "try!", "as!", "TODO", "FIXME", "@unchecked", "nonisolated(unsafe)",
    ] {
      #expect(!text.contains(word), "\(path) has \(word)")
    }
  }

  @Test(arguments: ["CLibYAML", "COpenBLAS", "CKnowledge"])
  func libraryHasOneImporter(_ library: String) throws {
    let importers = try Self.sources.filter { path in
      try Repository.text(path).contains("import \(library)\n")
    }
    #expect(importers.count == 1, "\(importers)")
  }

  /// Every rule that is written stands in a list.
  @Test func everyRuleIsListed() throws {
    let written = try Self.sources.reduce(0) { count, path in
      try count
        + Repository.text(path).matches(
          of: /= (Rule(<[A-Za-z]+>)?\(\n\s+)?(RuleDescription|SharedRule\.\w+\.description)\(\n/
        ).count
    }
    #expect(written == Inspector.descriptions.count)
  }

  /// No path of the machine somebody worked on.
  @Test func speaksOfTheProjectAlone() throws {
    for path in Self.sources + Repository.files(below: "Documentation", ending: ".md") + [
      "README.md"
    ] {
      let text = try Repository.text(path)
      for place in ["/home/", "/root/", "/Users/", "/tmp/"] {
        #expect(!text.contains(place), "\(path)")
      }
    }
  }
}
