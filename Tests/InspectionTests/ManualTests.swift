import Foundation
import Inspection
import Plans
import TestSupport
import Testing

@Suite struct ManualTests {
  /// `make regenerate` writes them.
  @Test(arguments: Manual.paths)
  func isTheCommittedPage(_ path: String) throws {
    let committed = try Repository.text(path)
    #expect(Manual.text(of: path) == committed, "run `make regenerate`")
  }

  /// The README's list of rules stands between two marks.
  @Test func readmeListsTheRules() throws {
    let readme = try Repository.text("README.md")
    let list = try #require(Manual.text(of: Manual.readmeRules))
    #expect(
      readme.contains("<!-- rules -->\n\(list)<!-- end of rules -->"), "run `make regenerate`")
  }

  @Test func thereAreNoOtherPagesOfRules() {
    let pages = Repository.files(below: "Documentation/rules", ending: ".md")
    #expect(Set(pages) == Set(Manual.paths.filter { $0.hasPrefix("Documentation/rules/") }))
    #expect(pages.count == Inspector.rules.count)
  }

  @Test func everyRowIsAccountedFor() {
    for row in Coverage.backends.flatMap({ Coverage.rows(of: $0) }) {
      #expect(
        !row.rules.isEmpty || row.reader != nil || row.undecidable != nil,
        "row \(row.id) (\(row.title)) is covered by nothing")
    }
  }

  /// A rule that claims a row must claim one that exists.
  @Test func coversRowsThatExist() {
    let known = Set(
      Coverage.backends.flatMap { id in Coverage.rows(of: id).map { "\(id)/\($0.id)" } })
    for rule in Inspector.rules {
      for row in rule.covers { #expect(known.contains(row), "\(rule.id): \(row) is no row") }
    }
  }

  /// How many rows each has.
  static let references = ["onetrainer": 185, "kohya": 228, "simpletuner": 143, "ai-toolkit": 99]

  /// The lists of rows against the reference, where that is present.
  @Test(.enabled(if: SharedFiles.arePresent), arguments: Coverage.backends)
  func hasEveryRowOfTheReference(_ backend: String) throws {
    let facts = try String(
      contentsOf: Repository.root.appending(path: "../shared/facts/\(backend)/rules.md"),
      encoding: .utf8)
    let rows = facts.matches(of: /(?m)^\| ([A-F]\d+b?|(?:K|ST|AT)-[A-Z]+-?\d+) \|/)
      .map { String($0.output.1) }
    #expect(rows.count == Self.references[backend])
    #expect(Coverage.rows(of: backend).map(\.id) == rows)
  }
}
