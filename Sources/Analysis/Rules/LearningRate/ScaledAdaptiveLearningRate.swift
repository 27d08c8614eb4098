import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let scaledAdaptiveLearningRate = Rule(
    RuleDescription(
      "scaled-adaptive-learning-rate", .warning, .changesTraining, .learningRate,
      "Scaling of the learning rate by batch or accumulation under Prodigy or D-Adaptation.",
      because: """
        the scaling is meant for rates chosen by hand; here it multiplies a step size that was \
        estimated for this very batch size
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/NamedParameterGroup.py:40-41")],
      covers: ["onetrainer/B5"],
      silencedBy: ["adaptive-learning-rate-not-one"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": ⟦1⟧, "batch_size": 4, "learning_rate_scaler": ⟪"BATCH"⟫, "optimizer": {"optimizer": ⟦"PRODIGY"⟧}}
          """,
          fixed: """
            {"__version": 11, "learning_rate": 1, "batch_size": 4, "optimizer": {"optimizer": "PRODIGY"}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": 1, "batch_size": 1, "learning_rate_scaler": "BATCH", "optimizer": {"optimizer": "PRODIGY"}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": 1e-4, "batch_size": 4, "learning_rate_scaler": "BATCH", "optimizer": {"optimizer": "ADAMW"}}
          """),
      ])
  ) { plan, findings in
    guard let facts = plan.optimizer.facts, facts.isAdaptive, let scale = plan.optimizer.rateScale,
      scale.value > 1
    else { return }
    guard
      let (rate, _) = plan.ratesInUse.first(where: { rate, _ in
        guard let value = rate.number, value > 0 else { return false }
        return abs(value * scale.value - 1) > 1e-3
      }), let value = rate.number
    else { return }
    findings.report(
      "the scaling makes the learning rate \(plan.optimizer.words(for: value)), but \(facts.title) wants 1",
      at: scale,
      related: [
        rate.noted("scaled"), plan.optimizer.name.noted("\(facts.title) estimates the step size"),
      ]
      .compactMap(\.self),
      fixes: [findings.fix("remove the scaling", .unsafe, .remove(scale))])
  }
}
