import DryRuns
import Foundation
import Inspection
import Plans
import SourceText
import Testing

@testable import RunLogs

/// The guides' way, done by the tool on itself: run Prodigy, read its log, train with AdamW.
@Suite struct RoundTripTests {
  /// AdamW at the rate that a dry run of Prodigy found does what Prodigy did.
  @Test func adamWAtTheFoundRateConverges() throws {
    var dryRun = DryRun(inspector: Inspector(options: ReadingOptions(images: 14)))
    dryRun.basinPoints = 0
    dryRun.explains = false
    let config = SourceFile(path: "config.json", text: RateTransferTests.oneTrainer)
    let first = try dryRun.report(on: config)
    #expect(first.verdict == .converges)
    try Logs.folder { folder in
      try Logs.write(EventFile(first).bytes, to: folder)
      let report = try RunReport(
        folder.path(), to: .adamw, config: config, inspector: Inspector())
      let settled = try #require(report.outcomes.first?.settled)
      #expect(settled.state == .steady)
      #expect(1e-4...1e-3 ~= settled.rate)
      let changed = try #require(report.transfer?.source)
      let second = try dryRun.report(on: changed)
      #expect(second.verdict == .converges)
    }
  }
}
