import Optimizers
import Testing
import Trials

@testable import DryRuns

/// A long run in a quarter of its steps ends as it would have ended.
@Suite struct ShorteningTests {
  static let cases: [(String, Double)] = [
    ("ADAMW", 1e-4), ("LION", 3e-5), ("ADAFACTOR", 1e-4), ("ADAGRAD", 3e-3),
    ("SGD", 0.3), ("PRODIGY", 1), ("DADAPT_ADAM", 1), ("DADAPT_LION", 1),
    ("DADAPT_SGD", 1),
  ]

  @Test(arguments: cases)
  func endsAlike(_ optimizer: String, _ rate: Double) throws {
    var settings = TrialSettings(
      optimizer: optimizer,
      options: optimizer == "ADAFACTOR"
        ? ["relative_step": .flag(false), "scale_parameter": .flag(false)] : [:],
      method: .adapter(rank: 16, scale: 1), rate: rate, steps: 1200, samplesPerStep: 1)
    let cosine = try KohyaSchedule("cosine", learningRate: rate, maxSteps: 1200).reading()
    settings.schedule = try #require(cosine.schedule)
    let outcomes = Runs(Laboratories()).all([
      settings, Shortening(settings, to: 300).apply(to: settings),
    ])
    let runs = try outcomes.map { try $0.get() }
    let ends = runs.map { Assessment($0, cooler: $0).end }
    #expect(runs[1].steps == 300)
    #expect(ends[1] < 1.3 * ends[0] + 0.01 && ends[0] < 1.3 * ends[1] + 0.01, "\(ends)")
    if let long = runs[0].adaptedRate.max(), let short = runs[1].adaptedRate.max() {
      #expect(short < 3 * long && long < 3 * short, "d × rate: \(long), \(short)")
    }
  }
}
