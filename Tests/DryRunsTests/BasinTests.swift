import DryRuns
import Inspection
import Plans
import TestSupport
import Testing

/// The best learning rate of the basin is where practice has it, from wherever one begins.
@Suite struct BasinTests {
  struct Case: Sendable {
    let optimizer: String
    let configured: String
    let practice: ClosedRange<Double>
  }

  static let cases = [
    // kohya's, OneTrainer's and SimpleTuner's presets for LoRA.
    Case(optimizer: "ADAMW", configured: "1e-4", practice: 5e-5...6e-4),
    // Chen et al. 2023, section 5: three to ten times lower than AdamW's.
    Case(optimizer: "LION", configured: "3e-5", practice: 1e-5...1e-4),
    // Their authors' 1; the floor is flat around it.
    Case(optimizer: "PRODIGY", configured: "1", practice: 0.3...3),
    Case(optimizer: "DADAPT_ADAM", configured: "1", practice: 0.3...3),
  ]

  @Test(arguments: cases)
  func isBestWherePracticeIs(_ one: Case) throws {
    var dryRun = DryRun(inspector: Inspector(options: ReadingOptions(images: 20)))
    dryRun.explains = false
    let report = try dryRun.report(
      on: Configs.oneTrainer([
        "learning_rate": one.configured, "optimizer": #"{"optimizer": "\#(one.optimizer)"}"#,
      ]))
    let basin = try #require(report.basin)
    let best = try #require(basin.best)
    #expect(one.practice.contains(best.rate), "\(one.optimizer): \(best.rate)")
    let width = try #require(basin.width)
    #expect(width.contains(best.rate))
    #expect((basin.points.last?.rate ?? 0) / basin.points[0].rate >= 0.99e5)
  }
}
