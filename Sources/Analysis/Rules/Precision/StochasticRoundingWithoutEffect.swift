import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let stochasticRoundingWithoutEffect = Rule(
    RuleDescription(
      "stochastic-rounding-without-effect", .info, .silentlyIgnored, .precision,
      "Stochastic rounding switched on where no trained weight is bfloat16.",
      because: "optimizers round stochastically only what they write to bfloat16 weights",
      sources: [Citation("OneTrainer 23df3832 modules/util/optimizer/adamw_extensions.py:117,143")],
      covers: ["onetrainer/E2"],
      silencedBy: ["fused-kernel-conflict"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", \
          "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": ⟪true⟫}}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", \
            "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": false}}
            """),
        // Where it is on unless switched off, it says nothing about what was meant.
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", \
          "optimizer": {"optimizer": "ADAFACTOR", "stochastic_rounding": true}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "lora_weight_dtype": "BFLOAT_16", \
          "optimizer": {"optimizer": "ADAMW", "stochastic_rounding": true}}
          """),
      ])
  ) { plan, findings in
    guard let rounding = plan.optimizer.option("stochastic_rounding"), rounding.isWritten,
      rounding.isOn,
      plan.optimizer.use?["stochastic_rounding"]?.tableDefault.isTruthy == false,
      !plan.groups.isEmpty,
      plan.groups.allSatisfy({ $0.weights.value == .float32 || $0.weights.value == .tensorFloat32 })
    else { return }
    findings.report(
      "stochastic rounding does nothing here: all trained weights are float32", at: rounding,
      fixes: [findings.fix("turn it off", .safe, .set(rounding, .boolean(false)))])
  }
}
