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

  @Test func everyRowIsAccountedFor() {
    for row in Coverage.oneTrainer {
      #expect(
        !row.rules.isEmpty || row.undecidable != nil,
        "row \(row.id) (\(row.title)) is covered by nothing")
    }
  }

  /// A rule that claims a row must claim one that exists.
  @Test(arguments: Inspector.rules)
  func coversRowsThatExist(_ rule: RuleDescription) {
    let known = Set(Coverage.oneTrainer.map { "onetrainer/\($0.id)" })
    for row in rule.covers { #expect(known.contains(row), "\(row) is no row") }
  }

  /// The list of rows against the reference, where that is present.
  @Test(.enabled(if: SharedFiles.arePresent))
  func hasEveryRowOfTheReference() throws {
    let facts = try String(
      contentsOf: Repository.root.appending(path: "../shared/facts/onetrainer/rules.md"),
      encoding: .utf8)
    let rows = facts.matches(of: /(?m)^\| ([A-F]\d+b?) \|/).map { String($0.output.1) }
    #expect(rows.count == 185)
    #expect(Coverage.oneTrainer.map(\.id) == rows)
  }
}
