import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let learningRateIgnored = Rule(
    RuleDescription(
      "learning-rate-ignored", .info, .silentlyIgnored, .learningRate,
      "A learning rate in the file that the optimizer does not use.",
      because: "with relative_step Adafactor works out its rate from the step number alone",
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:613-621"),
        Citation("OneTrainer guide, Adafactor (Adaptive): it will ignore any LR value"),
      ],
      covers: ["onetrainer/B7"],
      silencedBy: ["optimizer-refuses-value", "relative-step-rate-too-high"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": ⟪1e-4⟫, "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": ⟦true⟧, "scale_parameter": true}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}
          """),
      ])
  ) { plan, findings in
    // With any other scheduler the whole arrangement is questioned elsewhere.
    guard let relativeStep = plan.optimizer.relativeStep, plan.schedule.kind == .adafactor else {
      return
    }
    for (rate, _) in plan.ratesInUse where rate.isWritten {
      findings.report(
        "\(rate.value.literal) is not used: relative_step makes a rate of its own", at: rate,
        related: [(relativeStep, "works out the rate")])
    }
  }
}
