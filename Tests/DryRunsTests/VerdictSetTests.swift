import DryRuns
import Foundation
import Inspection
import Reporting
import SourceText
import TestSupport
import Testing

/// The configs whose verdict is known. All of them take minutes in a debug build, so `make verdicts`
/// runs them, and the page that it writes is looked at here.
@Suite struct VerdictSetTests {
  static func set() throws -> VerdictSet {
    let path = Repository.root.appending(path: "Tests/Verdicts/cases.json").path()
    return try VerdictSet(try FileInput.read(path))
  }

  @Test func hasWhatIsPromised() throws {
    let cases = try Self.set().cases
    #expect(cases.count >= 120)
    #expect(Set(cases.map { $0.base + $0.name }).count == cases.count)
    #expect(Set(cases.map { $0.base.prefix { $0 != "-" } }).count == 4)
    let verdicts = Set(DryRunVerdict.allCases.map(\.rawValue))
    #expect(cases.allSatisfy { !$0.expected.isEmpty && verdicts.isSuperset(of: $0.expected) })
    #expect(Set(cases.map { $0.expected[0] }).count >= 6)
  }

  /// The rows of the page are the cases of the file.
  @Test func pageIsUpToDate() throws {
    let page = try Repository.text("Documentation/Verdicts.md")
    let rows = page.split(separator: "\n").map {
      $0.split(separator: "|").map { $0.dropFirst().dropLast() }
    }
    let cases = try Self.set().cases
    for one in cases {
      let row = rows.first { $0.count == 7 && $0[0] == one.base && $0[1] == one.name }
      #expect(row?[2] ?? "" == one.expected.joined(separator: " or "), "\(one.name)")
    }
    let wrong = rows.count { $0.count == 7 && $0[4] == "✗" }
    #expect(Double(wrong) <= 0.05 * Double(cases.count))
  }

  @Test func everyConfigIsRead() throws {
    let set = try Self.set()
    for one in set.cases { _ = try set.source(of: one) }
  }

  /// A few of them as they stand in the page.
  @Test func someAreAsWritten() throws {
    let set = try Self.set()
    let page = try Repository.text("Documentation/Verdicts.md")
    for (place, one) in set.cases.enumerated() where place % 25 == 3 {
      let report = try set.report(on: one)
      let row = page.split(separator: "\n").first {
        $0.hasPrefix("| \(one.base) | \(one.name) |")
      }
      #expect(row?.contains(" \(report.verdict.rawValue) |") ?? false, "\(one.name)")
    }
  }
}
