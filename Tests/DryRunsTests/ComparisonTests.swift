import DryRuns
import Inspection
import Optimizers
import Plans
import Reporting
import SourceText
import TestSupport
import Testing
import Trials

@Suite struct ComparisonTests {
  static func comparer() -> Comparer {
    var comparer = Comparer(inspector: Inspector(options: ReadingOptions(images: 25)))
    comparer.basinPoints = 0
    comparer.steps = 60
    return comparer
  }

  @Test func comparesOptimizersWithoutAFile() throws {
    let comparison = try Self.comparer().comparison(on: nil)
    #expect(comparison.entries.map(\.label) == Comparer.usualOptimizers)
    #expect(comparison.entries.map(\.optimizer) == Comparer.usualOptimizers)
    #expect(comparison.entries.map(\.rate) == [1, 1e-4, 1e-5, 1e-4])
    #expect(comparison.entries.allSatisfy { $0.outcome != nil })
    // AdamW keeps two numbers for each, Lion one.
    #expect(comparison.entries.map { $0.cost?.stateBytes }[1...2] == [8 + 4.0 / 20480, 4])
  }

  @Test func variesASetting() throws {
    var comparer = Self.comparer()
    comparer.variation = ("optimizer.beta2", ["0.9", "0.999", "2"])
    let comparison = try comparer.comparison(on: Configs.oneTrainer())
    #expect(comparison.entries.map(\.label) == ["beta2 0.9", "beta2 0.999", "beta2 2"])
    #expect(comparison.entries[0].outcome?.end != comparison.entries[1].outcome?.end)
    #expect(comparison.entries[2].outcome == nil)
    #expect(comparison.entries[2].refusal != nil)
  }

  @Test func findsSettingsOfJobs() throws {
    var comparer = Self.comparer()
    comparer.variation = ("train.lr", ["1e-3", "1e-5"])
    let comparison = try comparer.comparison(on: Configs.aiToolkit())
    #expect(comparison.entries.map(\.rate) == [1e-3, 1e-5])
  }

  @Test func saysWhatThereIsNot() throws {
    var comparer = Self.comparer()
    // One that is not simulated, one of another trainer, and none.
    comparer.optimizers = ["ADAMW", "MUON_ADV", "optimi-lion"]
    let entries = try comparer.comparison(on: Configs.oneTrainer()).entries
    #expect(entries.map { $0.refusal == nil } == [true, false, false])
    comparer.optimizers = ["ADAMW", "NOTHING"]
    #expect(throws: ReadFailure.self) { try comparer.comparison(on: Configs.oneTrainer()) }
  }

  @Test(arguments: ["json", "txt", "svg"])
  func isWrittenAsStored(_ ending: String) throws {
    var comparer = Self.comparer()
    comparer.optimizers = ["PRODIGY", "LION"]
    comparer.basinPoints = 5
    let comparison = try comparer.comparison(on: Configs.oneTrainer())
    let text =
      switch ending {
      case "json": comparison.json.serialized
      case "svg": comparison.svg
      default: comparison.page.text(.init(width: 100))
      }
    let difference = try ExpectedOutput.difference(text, from: "compare.\(ending)")
    #expect(difference == nil, "\(difference?.found ?? "")")
  }

  @Test(arguments: ClassicProblem.all.map(\.id))
  func runsClassics(_ id: String) throws {
    let problem = try #require(ClassicProblem.all.first { $0.id == id })
    let comparison = problem.comparison(
      of: ["ADAMW", "none"], steps: 100, rate: nil, basinPoints: 0)
    #expect(comparison.entries[0].outcome?.end ?? 1 < 0.9)
    #expect(comparison.entries[1].refusal != nil)
  }
}
