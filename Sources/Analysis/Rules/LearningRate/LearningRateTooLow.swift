import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let learningRateTooLow = Rule(
    RuleDescription(
      "learning-rate-too-low", .warning, .trainsNothing, .learningRate,
      "A learning rate at which thousands of steps add up to nothing.",
      because: """
        each step moves each weight by at most about the learning rate: at less than a hundredth of \
        the lowest usual rate, ten thousand steps move it by less than a hundredth of its size
        """,
      sources: [Citation("OneTrainer 23df3832 training_presets: 1e-6 to 3e-4")],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": ⟦"adamw_bf16"⟧, "learning_rate": ⟪1e-11⟫}"#),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": ⟪1e-9⟫, "optimizer": {"optimizer": ⟦"ADAMW"⟧}}
          """),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 2e-7, "optimizer": {"optimizer": "ADAMW"}}"#),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟦adamw8bit⟧, lr: ⟪1e-9⟫}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adamw8bit, lr: 1e-6}
          """),
      ])
  ) { plan, findings in
    guard let facts = plan.optimizer.facts, plan.optimizer.stepsHaveTheSizeOfTheRate,
      let band = facts.learningRate
    else { return }
    for (rate, _) in plan.ratesInUse {
      guard let value = rate.number, value > 0,
        value * (plan.optimizer.rateScale?.value ?? 1) < band.low / 100
      else { continue }
      findings.report(
        "a learning rate of \(plan.optimizer.words(for: value)) trains next to nothing: \(facts.title) works from \(Number.literal(band.low)) to \(Number.literal(band.high))",
        at: rate,
        related: [plan.optimizer.name.noted("its steps have the size of the rate")].compactMap(
          \.self))
    }
  }
}
