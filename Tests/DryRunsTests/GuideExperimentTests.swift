import DryRuns
import Inspection
import Testing

/// What the guides say, tried.
@Suite struct GuideExperimentTests {
  /// Every config of an experiment is one that the trainer would run, and that is run here.
  @Test(arguments: GuideExperiment.all.map(\.title))
  func isRun(_ title: String) throws {
    let experiment = try #require(GuideExperiment.all.first { $0.title == title })
    let short = experiment.shortened(to: 12)
    let comparison = try short.comparison()
    #expect(comparison.entries.count == experiment.configs.count)
    for entry in comparison.entries { #expect(entry.outcome != nil, "\(entry.refusal ?? "")") }
    #expect(!experiment.conclusion(comparison.entries).isEmpty)
  }

  /// In its adaptive mode Adafactor does not look at the learning rate.
  @Test func adaptiveAdafactorIgnoresTheRate() throws {
    let experiment = try #require(
      GuideExperiment.all.first { $0.title == "Adafactor's two modes, LoRA" })
    let entries = try experiment.shortened(to: 40).comparison().entries
    #expect(entries[0].outcome?.loss == entries[1].outcome?.loss)
    #expect(entries[0].outcome?.loss != entries[2].outcome?.loss)
  }

  /// Of several runs the median and the geometric mean are shown.
  @Test func mergesRuns() throws {
    var comparer = Comparer(inspector: Inspector())
    comparer.basinPoints = 0
    comparer.steps = 30
    comparer.optimizers = ["PRODIGY", "ADAMW"]
    let runs = try (0..<3).map { seed in
      comparer.seed = UInt64(seed)
      return try comparer.comparison(on: nil)
    }
    comparer.seed = 0
    let merged = try comparer.comparison(on: nil, seeds: 3)
    for place in 0..<2 {
      let ends = runs.compactMap { $0.entries[place].outcome?.end }.sorted()
      #expect(merged.entries[place].outcome?.end == ends[1])
    }
    let last = runs.compactMap { $0.entries[0].outcome?.adaptedRate.last }
    let product = last.reduce(1, *)
    let mean = try #require(merged.entries[0].outcome?.adaptedRate.last)
    #expect(abs(mean * mean * mean / product - 1) < 1e-9)
  }

  /// Claims that refer to a measurement name one that is made.
  @Test func claimsNameExperiments() {
    let titles = GuideExperiment.all.map(\.title) + [GuideMeasurements.tableTitle]
    #expect(Set(titles).count == titles.count)
    for claim in Claim.all {
      for case .measured(let title) in claim.evidence {
        #expect(titles.contains(title), "\(claim): \(title)")
      }
    }
  }
}
