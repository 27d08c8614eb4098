import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let learningRateIgnored = Rule(
    RuleDescription(
      "learning-rate-ignored", .info, .silentlyIgnored, .learningRate,
      "A learning rate in the file that the optimizer does not use.",
      because: """
        with relative_step Adafactor works out its rate from the step number alone; SimpleTuner trains \
        Prodigy at a rate of 1 whatever the file says
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:613-621"),
        Citation("OneTrainer guide, Adafactor (Adaptive): it will ignore any LR value"),
      ],
      covers: [
        "onetrainer/B7",
        "simpletuner/ST-O03",
        "kohya/K-ADA-01",
      ],
      silencedBy: ["optimizer-refuses-value", "relative-step-rate-too-high"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": ⟪1e-4⟫, "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": ⟦true⟧, "scale_parameter": true}}
          """),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "learning_rate": ⟪1e-4⟫, "optimizer": ⟦"prodigy"⟧}"#),
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "learning_rate": 1.0, "optimizer": "prodigy"}"#),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Adafactor"
          learning_rate = ⟪1e-4⟫
          lr_scheduler = "adafactor"
          optimizer_args = ["relative_step=⟦True⟧"]
          """),
      ])
  ) { plan, findings in
    if let rate = plan.optimizer.unusedLearningRate, rate.isWritten,
      rate.value != plan.optimizer.learningRate.value
    {
      findings.report(
        "\(rate.value.literal) is not used: \(plan.optimizer.name.text ?? "") trains at a rate of \(plan.optimizer.learningRate.value.literal)",
        at: rate, why: "the trainer builds this optimizer with a rate of its own",
        related: [plan.optimizer.name.noted("has a rate of its own")].compactMap(\.self))
    }
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
