import Foundation
import Optimizers
import SourceText
import Testing

@testable import Trials

/// What libraries were seen to do, against ours.
@Suite(.enabled(if: SharedRecords.arePresent, "../shared is not there"))
struct SharedRecordTests {
  @Test(arguments: SharedRecords.names)
  func agrees(_ name: String) throws {
    let source = try SharedRecords.source(SharedRecords.golden.appending(path: name))
    let checks = try Check.all(in: source)
    #expect(!checks.isEmpty)
    for check in checks {
      let result = check.result(tolerance: Self.tolerance(of: check.id))
      #expect(result.deviations.records > 0)
      #expect(
        result.passes,
        "\(result.id): \(result.refusal ?? result.deviations.large.first.map { "\($0)" } ?? "")")
    }
  }

  /// Sums of these feed back into their step size, and the recorded drift does not show it. A debug
  /// build adds in another order than a release build, in which all of them pass at 1.
  private static func tolerance(of id: String) -> Double {
    #if DEBUG
      if id.hasPrefix("DADAPT_LION/") { return 4 }
      if id.hasPrefix("PRODIGY_PLUS_SCHEDULE_FREE/no_limiter/") { return 10 }
    #endif
    return 1
  }

  /// No file is for nothing: what it is named after is an optimizer of ours.
  @Test func filesAreOfOurOptimizers() {
    let named = SharedRecords.names.filter { !$0.hasPrefix("_") }.map { String($0.dropLast(5)) }
    #expect(Set(named).isSubset(of: Set(OptimizerFamily.all.map(\.id))))
  }

  @Test func keepsTheMeasuredState() throws {
    let checks = try Check.all(in: SharedRecords.source(SharedRecords.sizes))
    let results = checks.map { $0.result() }
    #expect(results.reduce(0) { $0 + $1.deviations.records } == 2507)
    for result in results {
      #expect(
        result.passes,
        "\(result.id): \(result.refusal ?? result.deviations.large.first.map { "\($0)" } ?? "")")
    }
  }
}
