import Knowledge
import Plans
import SourceText

/// What OneTrainer does with warm-up and model under schedule-free optimizers.
extension Rule<OneTrainerConfig> {
  static let fractionalScheduleFreeWarmup = Rule(
    RuleDescription(
      "fractional-schedule-free-warmup", .warning, .changesTraining, .schedule,
      "A warm-up below 1 under SCHEDULE_FREE_ADAMW or SCHEDULE_FREE_SGD.",
      because: """
        the number goes to the library as a count of steps, not as a share of the run, and the first \
        step is multiplied by one over it
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:459,474"),
        Citation("schedulefree 1.4.1 adamw_schedulefree.py:130"),
      ],
      covers: ["onetrainer/B15"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_warmup_steps": ⟪0.1⟫, "optimizer": {"optimizer": ⟦"SCHEDULE_FREE_ADAMW"⟧}}"#,
          fixed:
            #"{"__version": 11, "learning_rate_warmup_steps": 0, "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_warmup_steps": 100, "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_warmup_steps": 0.1, "optimizer": {"optimizer": "ADAMW"}}"#
        ),
      ])
  ) { config, findings in
    let warmup = config.setting("learning_rate_warmup_steps")
    guard config.passesWarmupToLibrary, let value = warmup.number, value > 0, value < 1 else {
      return
    }
    let factor = (10 / value).rounded() / 10
    findings.report(
      "a warm-up of \(Number.literal(value)) is no share here: the first step is \(Number.literal(factor)) times too large",
      at: warmup,
      related: [config.optimizerName.noted("takes it for a number of steps")].compactMap(\.self),
      fixes: [
        findings.fix("set learning_rate_warmup_steps to 0", .unsafe, .set(warmup, .number(0)))
      ])
  }

  static let scheduleFreeWarmupCountsUpdates = Rule(
    RuleDescription(
      "schedule-free-warmup-counts-updates", .info, .worthKnowing, .schedule,
      "A warm-up under SCHEDULE_FREE_ADAMW or SCHEDULE_FREE_SGD with gradient accumulation.",
      because: """
        the library counts optimizer steps, while OneTrainer's own warm-up counts batches: with \
        accumulation the same number lasts that many times longer
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:459,474,1127")],
      covers: ["onetrainer/B16"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_warmup_steps": ⟪100⟫, "gradient_accumulation_steps": ⟦4⟧, "optimizer": {"optimizer": ⟦"SCHEDULE_FREE_ADAMW"⟧}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_warmup_steps": 100, "gradient_accumulation_steps": 1, "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#
        ),
      ])
  ) { config, findings in
    let warmup = config.setting("learning_rate_warmup_steps")
    let accumulation = config.setting("gradient_accumulation_steps")
    guard config.passesWarmupToLibrary, warmup.isWritten, let value = warmup.number, value > 1,
      let batches = accumulation.number, batches > 1
    else { return }
    findings.report(
      "the warm-up lasts \(Number.literal(value)) optimizer steps here, \(Number.literal(value * batches)) batches",
      at: warmup,
      related: [
        accumulation.noted("batches per step"),
        config.optimizerName.noted("counts optimizer steps"),
      ].compactMap(\.self))
  }

  static let scheduleFreeOnWuerstchen = Rule(
    RuleDescription(
      "schedule-free-on-wuerstchen", .error, .crashesAtStart, .optimizer,
      "SCHEDULE_FREE_ADAMW or SCHEDULE_FREE_SGD for Wuerstchen or Stable Cascade.",
      because: "OneTrainer raises NotImplementedError for these models",
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:449-450, 467-468")],
      covers: ["onetrainer/B19"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "model_type": ⟦"STABLE_CASCADE_1"⟧, "optimizer": {"optimizer": ⟪"SCHEDULE_FREE_ADAMW"⟫}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "model_type": "STABLE_DIFFUSION_XL_10_BASE", "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "model_type": "STABLE_CASCADE_1", "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE"}}"#
        ),
      ])
  ) { config, findings in
    let model = config.setting("model_type")
    guard config.passesWarmupToLibrary, ["WUERSTCHEN_2", "STABLE_CASCADE_1"].contains(model.text)
    else { return }
    findings.report(
      "\(config.optimizerName.value.words) cannot train this model: OneTrainer stops when it makes the optimizer",
      at: config.optimizerName, related: [model.noted("a Wuerstchen model")].compactMap(\.self))
  }
}

extension OneTrainerConfig {
  /// Whether the optimizer does the warm-up itself.
  fileprivate var passesWarmupToLibrary: Bool {
    ["SCHEDULE_FREE_ADAMW", "SCHEDULE_FREE_SGD"].contains(optimizerFacts?.id)
  }
}
