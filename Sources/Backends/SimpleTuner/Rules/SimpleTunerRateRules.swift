import Knowledge
import Plans
import SourceText

extension SimpleTuner {
  static let rateRules: [Rule<SimpleTunerConfig>] = [.learningRateOfAnotherMethod]
}

extension Rule<SimpleTunerConfig> {
  static let learningRateOfAnotherMethod = Rule(
    RuleDescription(
      "learning-rate-of-another-method", .warning, .changesTraining, .learningRate,
      "A learning rate for adapters under full training, or the other way round.",
      because: """
        the trainer's guides give 1e-7 to 1e-6 for full models, up to 1e-5 for small ones, and 1e-5 to \
        1e-3 for LoRA
        """,
      sources: [
        Citation("SimpleTuner bc8e6ab7 documentation/OPTIONS.md, learning_rate"),
        Citation("SimpleTuner bc8e6ab7 documentation/quickstart/LUMINA2.md, SD3.md"),
        Citation("SimpleTuner issue 486", "https://github.com/bghira/SimpleTuner/issues/486"),
      ],
      silencedBy: [
        "learning-rate-too-high", "learning-rate-too-low", "sign-optimizer-at-adam-rate",
      ],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "sd3", "model_type": ⟦"full"⟧, "optimizer": "adamw_bf16", \
          "learning_rate": ⟪1e-4⟫}
          """),
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "model_type": ⟦"lora"⟧, "optimizer": "adamw_bf16", \
          "learning_rate": ⟪1e-6⟫}
          """),
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "model_type": ⟦"lora"⟧, "optimizer": "adamw_bf16", \
          "learning_rate": ⟪0.005⟫}
          """),
        .allows(
          "simpletuner",
          """
          {"model_family": "sd3", "model_type": "full", "optimizer": "adamw_bf16", \
          "learning_rate": 1e-5}
          """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "model_type": "lora", "optimizer": "adamw_bf16", \
          "learning_rate": 2e-6}
          """),
      ], backend: "simpletuner")
  ) { config, findings in
    let rate = config.learningRate
    guard config.buildsNamedOptimizer, rate.isWritten, !rate.isMistaken, let value = rate.number,
      value > 0, let facts = config.optimizer.facts, !facts.isAdaptive,
      facts.learningRate != nil || facts.isSignBased
    else { return }
    let method = config.setting("model_type")
    // Lion's rates are a fifth to a tenth.
    let used = value * (config.rateScale?.value ?? 1) * (facts.isSignBased ? 5 : 1)
    let related = [method.noted("decides what suits")].compactMap(\.self)
    if !config.trainsAdapter {
      guard used > 5e-5, used < 0.01, !config.setting("controlnet").isOn else { return }
      findings.report(
        "a learning rate of \(Number.literal(value)) is one for adapters: full models take 1e-7 to 1e-5",
        at: rate, related: related)
    } else if used > 1e-3, used < 0.01, !config.usesLycoris {
      findings.report(
        "a learning rate of \(Number.literal(value)) is above what LoRA takes: 1e-5 to 1e-3",
        at: rate, related: related)
    } else if used < 2e-6 {
      findings.report(
        "a learning rate of \(Number.literal(value)) is one for full models: adapters take 1e-5 to 1e-3",
        at: rate, related: related)
    }
  }
}
