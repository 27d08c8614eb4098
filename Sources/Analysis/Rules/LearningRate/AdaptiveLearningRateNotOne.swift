import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let adaptiveLearningRateNotOne = Rule(
    RuleDescription(
      "adaptive-learning-rate-not-one", .error, .trainsNothing, .learningRate,
      "A learning rate far from 1 under Prodigy or D-Adaptation.",
      because: """
        these optimizers find the step size themselves and multiply it by the learning rate: a rate \
        tuned for another optimizer makes every step smaller by that factor
        """,
      sources: [
        Citation("konstmish/prodigy, README", "https://github.com/konstmish/prodigy"),
        Citation("OneTrainer guide, Prodigy: the learning rate should be 1"),
        Citation("kohya sd-scripts 48d368fa library/train_util.py:4946-4972"),
      ],
      covers: [
        "onetrainer/B1",
        "ai-toolkit/AT-O01",
        "ai-toolkit/AT-O02",
        "kohya/K-PRO-01",
      ],
      silencedBy: ["unequal-learning-rates"],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": ⟦"prodigy"⟧, "optimizer_config": "lr=⟪1e-4⟫"}"#,
          fixed: #"{"model_family": "flux", "optimizer": "prodigy", "optimizer_config": "lr=1"}"#),
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "prodigy"}"#),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": ⟪0.0001⟫, "optimizer": {"optimizer": ⟦"PRODIGY"⟧}}
          """,
          fixed: """
            {"__version": 11, "learning_rate": 1, "optimizer": {"optimizer": "PRODIGY"}}
            """),
        .flags(
          "onetrainer",
          """
          ⟪{"__version": 11, "optimizer": {"optimizer": ⟦"DADAPT_ADAM"⟧}}⟫
          """,
          fixed: """
            {"__version": 11, "optimizer": {"optimizer": "DADAPT_ADAM"}, "learning_rate": 1}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": 1, "text_encoder": {"learning_rate": ⟪5e-5⟫}, "optimizer": {"optimizer": ⟦"PRODIGY_ADV"⟧}}
          """,
          fixed: """
            {"__version": 11, "learning_rate": 1, "text_encoder": {"learning_rate": 1}, "optimizer": {"optimizer": "PRODIGY_ADV"}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": 0.5, "optimizer": {"optimizer": "PRODIGY"}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": 0.0001, "optimizer": {"optimizer": "ADAMW"}}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟦prodigy⟧, lr: ⟪1e-4⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: prodigy, lr: 1}
            """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: ⟪{optimizer: ⟦prodigy8bit⟧}⟫
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: prodigy8bit, lr: 1}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: Prodigy, lr: 1.0}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟦"Prodigy"⟧
          learning_rate = ⟪1e-4⟫
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Prodigy"
            learning_rate = 1
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟦"DAdaptation"⟧
          learning_rate = ⟪0.05⟫
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "DAdaptation"
            learning_rate = 1
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Prodigy"
          learning_rate = 1.0
          """),
      ])
  ) { plan, findings in
    guard let facts = plan.optimizer.facts, facts.isAdaptive else { return }
    for (rate, _) in plan.ratesInUse {
      guard let value = rate.number, value > 0, value < 0.1 || value > 2 else { continue }
      let isTooSmallToLearn = value < 0.01
      findings.report(
        "a learning rate of \(Number.literal(value))\(rate.defaultNote) scales what \(facts.title) finds itself: set it to 1",
        at: rate,
        severity: isTooSmallToLearn ? .error : .warning,
        consequence: isTooSmallToLearn ? .trainsNothing : .changesTraining,
        related: [(plan.optimizer.name, "\(facts.title) estimates the step size")],
        fixes: [findings.fix("set the learning rate to 1", .unsafe, .set(rate, .number(1)))])
    }
  }
}
