import DryRuns
import Optimizers
import SourceText
import Testing
import Trials

/// What of a config goes into a dry run: the values that are used, not those that are written.
@Suite struct TrialPlanTests {
  struct Case: Sendable {
    let settings: [String: String]
    let expected: String
  }

  /// OneTrainer: settings, and what becomes of them for 25 images.
  static let oneTrainer: [Case] = [
    Case(
      settings: [:],
      expected:
        "ADAMW 0.0001 lora 16 x1 float32 2500 steps of 1, norm 1.0, rates 1.0 0.5 width 1280"
    ),
    Case(
      settings: ["batch_size": "2", "gradient_accumulation_steps": "2"],
      expected: "ADAMW 0.0001 lora 16 x1 float32 600 steps of 4, norm 1.0, rates 1.0 0.5 width 1280"
    ),
    Case(
      settings: [
        "lora_rank": "128", "lora_alpha": "1", "lora_weight_dtype": "\"BFLOAT_16\"",
        "optimizer": #"{"optimizer": "ADAMW", "stochastic_rounding": false}"#,
      ],
      expected:
        "ADAMW 0.0001 lora 128 x0.0078125 bfloat16 2500 steps of 1, norm 1.0, rates 1.0 0.5 width 1280"
    ),
    Case(
      settings: ["clip_grad_norm": "null", "learning_rate_scheduler": "\"CONSTANT\""],
      expected: "ADAMW 0.0001 lora 16 x1 float32 2500 steps of 1, none, rates 1.0 1.0 width 1280"),
    Case(
      settings: [
        "learning_rate_scaler": "\"BATCH\"", "batch_size": "4", "epochs": "10",
        "learning_rate_scheduler": "\"CONSTANT\"", "model_type": "\"FLUX_DEV_1\"",
      ],
      expected: "ADAMW 0.0002 lora 16 x1 float32 60 steps of 4, norm 1.0, rates 1.0 1.0 width 3072"),
    Case(
      settings: [
        "training_method": "\"FINE_TUNE\"", "output_model_format": "\"SAFETENSORS\"",
        "unet": #"{"train": true, "weight_dtype": "BFLOAT_16"}"#,
        "optimizer": #"{"optimizer": "LION", "beta2": 0.95}"#,
      ],
      expected: "LION 0.0001 full bfloat16 2500 steps of 1, norm 1.0, rates 1.0 0.5 width 1280"),
    Case(
      settings: ["epochs": "4", "learning_rate_warmup_steps": "0.5"],
      expected:
        "ADAMW 0.0001 lora 16 x1 float32 100 steps of 1, norm 1.0, rates 0.0 1.0 width 1280"
    ),
  ]

  @Test(arguments: oneTrainer)
  func readsOneTrainer(_ one: Case) throws {
    let plan = try #require(try Configs.plan(Configs.oneTrainer(one.settings)))
    let trial = try TrialPlan(plan, steps: nil, problem: nil, seed: 0)
    #expect(Self.words(trial.parts[0].settings) == one.expected)
    #expect(trial.assumptions == [])
    #expect(trial.notSimulated == [])
  }

  static let aiToolkit: [(train: [String], network: [String], expected: String)] = [
    (
      [], [],
      "ADAMW 0.0001 lora 16 x1 float32 2000 steps of 1, norm 1.0, rates 1.0 1.0 width 1280"
    ),
    (
      ["batch_size: 2", "gradient_accumulation: 3", "optimizer: prodigy", "lr: 1.0"],
      ["linear: 32", "linear_alpha: 8"],
      "PRODIGY 1.0 lora 32 x0.25 float32 2000 steps of 6, norm 1.0, rates 1.0 1.0 width 1280"
    ),
    (
      ["max_grad_norm: 0.5", "steps: 500", "lr_scheduler: cosine"], [],
      "ADAMW 0.0001 lora 16 x1 float32 500 steps of 1, norm 0.5, rates 1.0 0.5 width 1280"
    ),
  ]

  @Test(arguments: aiToolkit)
  func readsAIToolkit(train: [String], network: [String], expected: String) throws {
    let plan = try #require(
      try Configs.plan(Configs.aiToolkit(train: train, network: network), images: nil))
    let trial = try TrialPlan(plan, steps: nil, problem: nil, seed: 0)
    #expect(Self.words(trial.parts[0].settings) == expected)
  }

  /// The rate relative to the configured one at the first step and halfway.
  static func words(_ settings: TrialSettings) -> String {
    let method: String
    switch settings.method {
    case .adapter(let rank, let scale): method = "lora \(rank) x\(SourceText.Number.literal(scale))"
    case .full: method = "full"
    }
    let clip: String
    switch settings.clip.method {
    case .none: clip = "none"
    case .norm(let limit): clip = "norm \(limit)"
    case .value(let limit): clip = "value \(limit)"
    }
    let rates = [0, settings.steps / 2].map { step in
      let rate = settings.schedule.rate(atStep: step, base: settings.rate) ?? .nan
      return "\((rate / settings.rate * 1000).rounded() / 1000)"
    }
    return
      "\(settings.optimizer) \(settings.rate) \(method) \(settings.format.rawValue) \(settings.steps) steps of \(SourceText.Number.literal(settings.samplesPerStep)), \(clip), rates \(rates.joined(separator: " ")) width \(settings.width)"
  }

  @Test func takesEveryOption() throws {
    let plan = try #require(
      try Configs.plan(
        Configs.oneTrainer([
          "learning_rate": "1",
          "optimizer":
            #"{"optimizer": "PRODIGY", "beta2": 0.99, "d_coef": 0.5, "safeguard_warmup": true, "use_bias_correction": true, "growth_rate": null, "slice_p": 11}"#,
        ])))
    let options = try TrialPlan(plan, steps: nil, problem: nil, seed: 0).parts[0].settings.options
    #expect(options["beta2"] == .number(0.99))
    #expect(options["d_coef"] == .number(0.5))
    #expect(options["safeguard_warmup"] == .flag(true))
    #expect(options["use_bias_correction"] == .flag(true))
    #expect(options["growth_rate"] == .number(.infinity))
    #expect(options["beta3"] == HyperparameterValue.none)
    // All weights estimate d where there are few.
    #expect(options["slice_p"] == .number(1))
  }

  @Test func keepsPartsApartByTheirRates() throws {
    let plan = try #require(
      try Configs.plan(
        Configs.oneTrainer([
          "text_encoder": #"{"train": true, "learning_rate": 1e-5}"#,
          "text_encoder_2": #"{"train": true}"#,
        ])))
    let trial = try TrialPlan(plan, steps: 10, problem: nil, seed: 0)
    #expect(trial.parts.map(\.names) == [["unet", "text_encoder_2"], ["text_encoder"]])
    #expect(trial.parts.map(\.settings.rate) == [1e-4, 1e-5])
    #expect(trial.parts.map(\.settings.steps) == [10, 10])
  }

  /// What random rounding adds is no damage, so that nothing is rounded.
  @Test func runsRandomRoundingInFloat32() throws {
    let plan = try #require(
      try Configs.plan(
        Configs.oneTrainer([
          "lora_weight_dtype": "\"BFLOAT_16\"",
          "optimizer": #"{"optimizer": "ADAMW", "stochastic_rounding": true}"#,
        ])))
    let trial = try TrialPlan(plan, steps: 10, problem: nil, seed: 0)
    #expect(trial.parts[0].settings.format == .float32)
    #expect(trial.notSimulated.count == 1)
  }

  @Test func namesTheMagnitudesOfDoRA() throws {
    let plan = try #require(try Configs.plan(Configs.oneTrainer(["lora_decompose": "true"])))
    let trial = try TrialPlan(plan, steps: nil, problem: nil, seed: 0)
    #expect(trial.notSimulated == ["the magnitudes of DoRA: its directions move as LoRA"])
  }

  /// LoRA+: the rates of A and B; a part's own ratio comes before the common one.
  static let ratios: [(arguments: String, ratios: [Double])] = [
    ("", []), (#""loraplus_lr_ratio=16""#, [1, 16]),
    (#""loraplus_unet_lr_ratio=4", "loraplus_lr_ratio=16""#, [1, 4]),
    (#""loraplus_text_encoder_lr_ratio=4""#, []),
  ]

  @Test(arguments: ratios)
  func readsRatiosOfRates(arguments: String, ratios: [Double]) throws {
    let source = SourceFile(
      path: "config.toml",
      text: """
        pretrained_model_name_or_path = "model"
        network_module = "networks.lora"
        network_train_unet_only = true
        network_args = [\(arguments)]
        learning_rate = 1e-4
        max_train_steps = 100
        """)
    let trial = try TrialPlan(
      try #require(try Configs.plan(source)), steps: nil, problem: nil, seed: 0)
    #expect(trial.parts.map(\.settings.rateRatios) == [ratios])
  }

  /// What nothing here stands for is said.
  static let notSimulated: [(settings: [String: String], words: String)] = [
    (["optimizer": #"{"optimizer": "MUON_ADV"}"#], "the optimizer 'MUON_ADV' is not simulated"),
    (["peft_type": "\"LOHA\""], "adapters of the kind 'LOHA' are not simulated"),
    (["training_method": "\"EMBEDDING\""], "the vectors of new tokens are trained"),
  ]

  @Test(arguments: notSimulated)
  func saysWhatIsNotSimulated(settings: [String: String], words: String) throws {
    let plan = try #require(try Configs.plan(Configs.oneTrainer(settings)))
    let error = #expect(throws: NoTrial.self) {
      try TrialPlan(plan, steps: nil, problem: nil, seed: 0)
    }
    #expect(error?.reason.hasPrefix(words) ?? false, "\(error?.reason ?? "")")
  }
}
