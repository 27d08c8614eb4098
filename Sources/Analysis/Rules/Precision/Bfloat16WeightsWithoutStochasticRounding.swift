import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let bfloat16WeightsWithoutStochasticRounding = Rule(
    RuleDescription(
      "bfloat16-weights-without-stochastic-rounding", .warning, .changesTraining, .precision,
      "Trained weights in bfloat16 and an optimizer that rounds its updates to the nearest value.",
      because: """
        bfloat16 keeps 8 bits of a number: an update below about 1/500 of a weight is rounded away, \
        every time, unless the rounding is random (stochastic)
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/bf16_stochastic_rounding.py"),
        Citation(
          "Zamirai et al., Revisiting BFloat16 Training", "https://arxiv.org/abs/2010.06192"),
      ],
      covers: ["onetrainer/E1", "kohya/K-PREC-12"],
      silencedBy: ["quantized-trained-weights"],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "sdxl", "model_type": "full", "optimizer": ⟦"bnb-adamw8bit"⟧, "learning_rate": ⟦1e-6⟧, "mixed_precision": ⟪"bf16"⟫}"#
        ),
        .allows(
          "simpletuner",
          #"{"model_family": "sdxl", "model_type": "full", "optimizer": "optimi-adamw", "learning_rate": 1e-6, "mixed_precision": "bf16"}"#
        ),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "model_type": "STABLE_DIFFUSION_XL_10_BASE", "learning_rate": ⟦3e-6⟧, \
          "unet": {"weight_dtype": ⟪"BFLOAT_16"⟫}, "text_encoder": {"train": false}, \
          "text_encoder_2": {"train": false}, "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": ⟦false⟧}}
          """,
          fixed: """
            {"__version": 11, "model_type": "STABLE_DIFFUSION_XL_10_BASE", "learning_rate": 3e-6, \
            "unet": {"weight_dtype": "BFLOAT_16"}, "text_encoder": {"train": false}, \
            "text_encoder_2": {"train": false}, "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": true}}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": 0.0003, \
          "lora_weight_dtype": ⟪"BFLOAT_16"⟫, "optimizer": {"optimizer": ⟦"ADAMW_8BIT"⟧}}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "learning_rate": 0.0003, \
            "lora_weight_dtype": "FLOAT_32", "optimizer": {"optimizer": "ADAMW_8BIT"}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": 0.0003, \
          "lora_weight_dtype": "BFLOAT_16", "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": true}}
          """),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "optimizer": {"optimizer": "ADAMW_8BIT"}}"#
        ),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟦adamw8bit⟧, lr: ⟦3e-6⟧, dtype: ⟪bf16⟫}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adafactor, lr: 3e-6, dtype: bf16}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                train: {optimizer: adamw8bit, lr: 1e-4, dtype: bf16}
          """),
        .flags(
          "kohya",
          """
          learning_rate = ⟦1e-6⟧
          learning_rate_te1 = 0
          learning_rate_te2 = 0
          optimizer_type = ⟦"AdamW8bit"⟧
          mixed_precision = "bf16"
          full_bf16 = ⟪true⟫
          """),
        .allows(
          "kohya",
          """
          learning_rate = 1e-6
          learning_rate_te1 = 0
          learning_rate_te2 = 0
          optimizer_type = "AdamW8bit"
          mixed_precision = "bf16"
          """),
      ])
  ) { plan, findings in
    let groups = plan.groups.filter { $0.weights.value == .bfloat16 }
    guard let first = groups.first, let facts = plan.optimizer.facts, let use = plan.optimizer.use
    else { return }
    let switchedOff = use.hasStochasticRounding ? plan.optimizer.option("stochastic_rounding") : nil
    if use.hasStochasticRounding, switchedOff?.isOn ?? true { return }
    if use.roundsInFusedBackPass, plan.fusedBackPass?.isOn ?? false { return }
    // What rounding takes away is kept and added later.
    if use.hasCompensatedSum, plan.optimizer.option("kahan_sum")?.isOn ?? true { return }
    let isHopeless = plan.losesFineTuningUpdates(groups)
    let rate = first.learningRate
    var related: [(any Located, String)] = []
    if let switchedOff, switchedOff.isWritten {
      related.append((switchedOff, "stochastic rounding is off"))
    } else if !use.hasStochasticRounding {
      related.append((plan.optimizer.name, "\(facts.title) has no stochastic rounding"))
    }
    if isHopeless, rate.isWritten { related.append((rate, "steps of this size are rounded away")) }
    let what =
      isHopeless
      ? "hardly any weight will move: trained in bfloat16 at \(Number.literal(rate.number ?? 0))"
      : "small updates are rounded away: trained in bfloat16"
    let remedy = switchedOff == nil ? "float32 weights" : "stochastic rounding or float32 weights"
    findings.report(
      "\(what) without stochastic rounding; use \(remedy)", at: first.weights,
      severity: isHopeless ? .error : .warning,
      consequence: isHopeless ? .trainsNothing : .changesTraining, related: related,
      fixes: [plan.roundingFix(switchedOff, first, findings)])
  }
}

extension TrainingPlan {
  /// Whether steps are so small beside usual weights that almost none gets through. New adapters
  /// begin at zero, where small steps still count, and adaptive optimizers choose their own size.
  fileprivate func losesFineTuningUpdates(_ groups: [ParameterGroup]) -> Bool {
    guard method.value == .full || method.value == .autoencoder,
      optimizer.facts?.isAdaptive == false,
      !(optimizer.option("relative_step")?.isOn ?? false)
    else { return false }
    let scale = optimizer.rateScale?.value ?? 1
    return groups.allSatisfy { group in
      guard let rate = group.learningRate.number, !group.learningRate.isMistaken else {
        return false
      }
      return rate > 0 && rate * scale < 1e-5
    }
  }

  /// Stochastic rounding for models, where float32 would double the memory; float32 for the rest.
  fileprivate func roundingFix(
    _ rounding: Setting?, _ group: ParameterGroup, _ findings: Findings
  ) -> Fix? {
    if let rounding {
      // What comes from the interface's own table cannot be set in the file alone.
      if case .defaulted(_, by: .table) = rounding.origin { return nil }
      // The step that rounds stands in for PyTorch's fast ones, which must be off.
      let kernels =
        optimizer.isOne(of: "ADAM", "ADAMW")
        ? ["fused", "foreach"].compactMap { optimizer.option($0) }.filter(\.isOn) : []
      return findings.fix(
        "turn stochastic rounding on", .unsafe,
        [.set(rounding, .boolean(true))] + kernels.map { .set($0, .boolean(false)) })
    }
    guard method.value == .adapter || method.value == .embedding, let name = precision.float32Name
    else { return nil }
    return findings.fix("train in float32", .unsafe, .set(group.weights, .text(name)))
  }
}
