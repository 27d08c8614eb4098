import DryRuns
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// The verdict on a config, with what it is founded on. Runs are short here: `make verdicts` has the
/// long ones.
@Suite struct DryRunTests {
  struct Case: Sendable {
    let settings: [String: String]
    let verdict: DryRunVerdict
    /// The setting that decides; nil for none.
    let responsible: String?
  }

  static let prodigy = #"{"optimizer": "PRODIGY"}"#

  static let cases: [Case] = [
    Case(settings: ["epochs": "16"], verdict: .converges, responsible: nil),
    Case(
      settings: ["epochs": "8", "learning_rate": "1.0"], verdict: .diverges,
      responsible: "learning_rate"),
    Case(
      settings: [
        "epochs": "8", "learning_rate": "1e-3", "optimizer": #"{"optimizer": "LION"}"#,
      ], verdict: .unstable, responsible: "learning_rate"),
    Case(
      settings: ["epochs": "4", "learning_rate": "1e-4", "optimizer": prodigy], verdict: .stalls,
      responsible: "learning_rate"),
    Case(
      settings: ["epochs": "16", "learning_rate_warmup_steps": "100000"], verdict: .stalls,
      responsible: "learning_rate_warmup_steps"),
    Case(
      settings: [
        "epochs": "8", "learning_rate": "1e-6", "training_method": "\"FINE_TUNE\"",
        "output_model_format": "\"SAFETENSORS\"",
        "unet": #"{"train": true, "weight_dtype": "BFLOAT_16"}"#,
        "optimizer": #"{"optimizer": "ADAMW", "stochastic_rounding": false}"#,
      ], verdict: .stalls, responsible: "optimizer.stochastic_rounding"),
    Case(
      settings: ["epochs": "8", "lora_rank": "128", "lora_alpha": "1", "learning_rate": "1e-5"],
      verdict: .stalls, responsible: "lora_alpha"),
    Case(
      settings: ["training_method": "\"EMBEDDING\"", "output_model_format": "\"SAFETENSORS\""],
      verdict: .notSimulated, responsible: nil),
    Case(
      settings: [
        "learning_rate": "1", "optimizer": prodigy,
        "text_encoder": #"{"train": true, "learning_rate": 0.5}"#,
      ], verdict: .notRunnable, responsible: nil),
  ]

  @Test(arguments: cases)
  func judges(_ one: Case) throws {
    let report = try Self.dryRun().report(on: Configs.oneTrainer(one.settings))
    #expect(report.verdict == one.verdict, "\(report.reason)")
    #expect(report.responsible?.keyPath == one.responsible)
    #expect(report.verdict != .notRunnable || !report.findings.isEmpty)
  }

  static func dryRun() -> DryRun {
    var dryRun = DryRun(inspector: Inspector(options: ReadingOptions(images: 25)))
    dryRun.basinPoints = 0
    return dryRun
  }

  @Test func isTheSameEveryTime() throws {
    let texts = try (0..<2).map { _ in
      var dryRun = Self.dryRun()
      dryRun.basinPoints = 7
      dryRun.steps = 60
      return try dryRun.report(on: Configs.oneTrainer(["learning_rate": "1e-5"])).json.serialized
    }
    #expect(texts[0] == texts[1])
  }

  @Test(arguments: ["json", "txt", "md"])
  func isWrittenAsStored(_ ending: String) throws {
    var dryRun = Self.dryRun()
    dryRun.basinPoints = 7
    dryRun.steps = 60
    let report = try dryRun.report(on: Configs.oneTrainer(["learning_rate": "1e-5"]))
    let text =
      switch ending {
      case "json": report.json.serialized
      case "md": report.page.markdown
      default: report.page.text(.init(width: 100))
      }
    let difference = try ExpectedOutput.difference(text, from: "dry-run.\(ending)")
    #expect(difference == nil, "\(difference?.found ?? "")")
  }

  @Test func saysWhatItAssumes() throws {
    var dryRun = DryRun(inspector: Inspector())
    dryRun.basinPoints = 0
    let report = try dryRun.report(on: Configs.oneTrainer(["epochs": "4"]))
    #expect(
      report.assumptions == ["the number of images is not known: 25 (say --images or --steps)"])
  }

  static let gates: [(DryRunVerdict, [DryRunVerdict.Threshold])] = [
    (.converges, []), (.notSimulated, []), (.slow, [.slow]), (.stalls, [.stalls, .slow]),
    (.unstable, [.unstable, .stalls, .slow]), (.diverges, [.unstable, .stalls, .slow]),
    (.notRunnable, [.unstable, .stalls, .slow]),
  ]

  @Test(arguments: gates)
  func failsAGate(_ verdict: DryRunVerdict, _ gates: [DryRunVerdict.Threshold]) {
    #expect(DryRunVerdict.Threshold.allCases.filter { verdict.fails($0) } == gates)
  }
}
