public import Inspection
public import Reporting
public import SourceText

/// Something that the guides say, tried on the problem of the dry run.
public struct GuideExperiment: Sendable {
  public let title: String
  /// What is claimed, in our own words.
  public let claim: String
  public let steps: Int
  public let seeds: Int
  /// What is compared: a name, and the settings that differ from ``base``.
  public let configs: [(label: String, settings: [String: String])]
  /// What the numbers say of the claim.
  public let conclusion: @Sendable ([Comparison.Entry]) -> String

  init(
    _ title: String, _ claim: String, steps: Int, seeds: Int = 6,
    _ configs: [(label: String, settings: [String: String])],
    conclusion: @escaping @Sendable ([Comparison.Entry]) -> String
  ) {
    self.title = title
    self.claim = claim
    self.steps = steps
    self.seeds = seeds
    self.configs = configs
    self.conclusion = conclusion
  }

  /// A LoRA of SDXL in OneTrainer, with the options of the interface's table written out where the
  /// command line has others.
  static let base: [String: String] = [
    "__version": "10", "training_method": "\"LORA\"",
    "model_type": "\"STABLE_DIFFUSION_XL_10_BASE\"", "base_model_name": "\"model\"",
    "output_model_format": "\"KOHYA_LORA\"", "output_model_destination": "\"a.safetensors\"",
    "epochs": "100", "batch_size": "1", "learning_rate": "1",
    "learning_rate_scheduler": "\"COSINE\"", "learning_rate_warmup_steps": "0",
    "lora_rank": "16", "lora_alpha": "16", "text_encoder": #"{"train": false}"#,
    "text_encoder_2": #"{"train": false}"#, "optimizer.optimizer": "\"PRODIGY\"",
    "optimizer.decouple": "true",
  ]

  /// The file with some settings changed; those of the optimizer have its name before them.
  static func config(_ settings: [String: String]) -> SourceFile {
    var all = base.merging(settings) { $1 }
    if all["optimizer.optimizer"] != "\"PRODIGY\"", settings["optimizer.decouple"] == nil {
      all["optimizer.decouple"] = nil
    }
    let options = all.filter { $0.key.hasPrefix("optimizer.") }
    let others = all.filter { !$0.key.hasPrefix("optimizer.") }
    func object(_ entries: [(String, String)]) -> String {
      "{" + entries.sorted { $0.0 < $1.0 }.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }
    let optimizer = object(options.map { (String($0.key.dropFirst(10)), $0.value) })
    return SourceFile(
      path: "config.json",
      text: object(others.map { ($0.key, $0.value) } + [("optimizer", optimizer)]))
  }

  /// One run of each with so many steps.
  public func shortened(to steps: Int) -> GuideExperiment {
    GuideExperiment(title, claim, steps: steps, seeds: 1, configs, conclusion: conclusion)
  }

  public func comparison(
    progress: @escaping DryRun.Progress = { _, _, _ in }
  ) throws(ReadFailure) -> Comparison {
    var comparer = Comparer(inspector: Inspector(backend: "onetrainer"))
    comparer.steps = steps
    comparer.basinPoints = 0
    return try comparer.comparison(
      of: configs.map { ($0.label, Self.config($0.settings)) }, seeds: seeds, progress: progress)
  }
}
