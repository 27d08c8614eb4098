import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let unequalLearningRates = Rule(
    RuleDescription(
      "unequal-learning-rates", .error, .crashesAtFirstStep, .learningRate,
      "Parts trained at different learning rates under an optimizer that shares one step size.",
      because: """
        the optimizer estimates one step size for all parameters and stops unless every group has the \
        same learning rate, or 0
        """,
      sources: [
        Citation("prodigyopt 1.1.2 prodigy.py:151"),
        Citation("dadaptation 3.2 dadapt_adam.py:150, dadapt_lion.py:94, dadapt_sgd.py:128"),
        Citation("OneTrainer guide, Prodigy notes: the same rate for text encoders and UNet"),
        Citation("kohya sd-scripts 48d368fa library/train_util.py:4957-4967"),
      ],
      // Those that accept different rates are shown below as allowed.
      covers: [
        "onetrainer/B3",
        "onetrainer/B4",
        "ai-toolkit/AT-O03",
        "kohya/K-PRO-02",
        "kohya/K-GUI-19",
      ],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": ⟦1.0⟧, "text_encoder": {"learning_rate": ⟪0.5⟫}, "optimizer": {"optimizer": ⟦"PRODIGY"⟧}}
          """,
          fixed: """
            {"__version": 11, "learning_rate": 1.0, "text_encoder": {"learning_rate": 1}, "optimizer": {"optimizer": "PRODIGY"}}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "unet": {"learning_rate": ⟦1e-4⟧}, "text_encoder": {"learning_rate": ⟪5e-5⟫}, "optimizer": {"optimizer": ⟦"DADAPT_LION"⟧}}
          """,
          fixed: """
            {"__version": 11, "unet": {"learning_rate": 1}, "text_encoder": {"learning_rate": 1}, "optimizer": {"optimizer": "DADAPT_LION"}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": 1.0, "text_encoder": {"learning_rate": 0.5}, "optimizer": {"optimizer": "PRODIGY_ADV"}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": 1.0, "text_encoder": {"learning_rate": 0.5, "train": false}, "optimizer": {"optimizer": "PRODIGY"}}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                embedding: {trigger: word}
                train: {optimizer: ⟦prodigy⟧, lr: ⟦1.0⟧, embedding_lr: ⟪0.5⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  network: {type: lora, linear: 16}
                  embedding: {trigger: word}
                  train: {optimizer: prodigy, lr: 1.0, embedding_lr: 1}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                train: {optimizer: prodigy, lr: 1.0, unet_lr: 0.5, embedding_lr: 0.5}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟦"Prodigy"⟧
          unet_lr = ⟦1.0⟧
          text_encoder_lr = ⟪0.5⟫
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Prodigy"
            unet_lr = 1.0
            text_encoder_lr = 1
            """),
        .flags(
          "kohya-gui",
          #"{"no_token_padding": false, "train_batch_size": 1, "optimizer": ⟦"Prodigy"⟧, "learning_rate": ⟦1⟧, "learning_rate_te": ⟪1e-5⟫}"#,
          fixed:
            #"{"no_token_padding": false, "train_batch_size": 1, "optimizer": "Prodigy", "learning_rate": 1, "learning_rate_te": 1}"#
        ),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Prodigy"
          unet_lr = 1.0
          text_encoder_lr = 0.5
          network_train_unet_only = true
          """),
      ])
  ) { plan, findings in
    guard let facts = plan.optimizer.facts, plan.optimizer.use?.needsEqualGroupRates ?? false
    else { return }
    let rates = plan.ratesInUse.filter { ($0.rate.number ?? 0) > 0 }
    let base = plan.optimizer.learningRate.keyPath
    guard let usual = rates.first(where: { $0.rate.keyPath == base }) ?? rates.first,
      let odd = rates.first(where: { $0.rate.number != usual.rate.number }),
      let rate = odd.rate.number, let other = usual.rate.number
    else { return }
    let part = odd.groups.first?.name ?? "a part"
    let more = rates.compactMap { rate, _ in
      rate.keyPath == odd.rate.keyPath ? nil : rate.noted("another rate")
    }
    let fixes = rates.filter { $0.rate.number != 1 }.map { Change.set($0.rate, .number(1)) }
    findings.report(
      "'\(part)' is trained at \(Number.literal(rate)) and the rest at \(Number.literal(other)): \(facts.title) stops unless all rates are the same",
      at: odd.rate,
      related: more + [(plan.optimizer.name, "one step size for all parameters")],
      fixes: [findings.fix("set every learning rate to 1", .unsafe, fixes)])
  }
}
