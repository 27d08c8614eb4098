import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let signOptimizerAtAdamRate = Rule(
    RuleDescription(
      "sign-optimizer-at-adam-rate", .warning, .changesTraining, .learningRate,
      "A learning rate made for Adam under Lion or another optimizer that only uses signs.",
      because: """
        every weight moves by the whole learning rate at every step, while Adam's steps get smaller \
        where gradients disagree; a third to a tenth of Adam's rate is usual
        """,
      sources: [
        Citation(
          "Symbolic Discovery of Optimization Algorithms", "https://arxiv.org/abs/2302.06675"),
        Citation("Choosing your optimizer: Lion at 1e-5 to 3e-5"),
      ],
      covers: ["onetrainer/C34", "kohya/K-LR-15"],
      silencedBy: ["learning-rate-too-high"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate": ⟪0.0003⟫, "optimizer": {"optimizer": ⟦"LION"⟧}}"#,
          fixed: #"{"__version": 11, "learning_rate": 1e-05, "optimizer": {"optimizer": "LION"}}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate": ⟪0.0001⟫, "optimizer": {"optimizer": ⟦"TIGER"⟧}}"#),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "model_type": "lora", "optimizer": ⟦"optimi-lion"⟧, "learning_rate": ⟪1e-4⟫}"#,
          fixed:
            #"{"model_family": "flux", "model_type": "lora", "optimizer": "optimi-lion", "learning_rate": 1e-05}"#
        ),
        // LoKr takes more.
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "model_type": "lora", "lora_type": "lycoris", "optimizer": "optimi-lion", "learning_rate": 2e-4}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 3e-5, "optimizer": {"optimizer": "LION"}}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 3e-4, "optimizer": {"optimizer": "ADAMW"}}"#),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: ⟦lion8bit⟧, lr: ⟪1e-4⟫}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: lion8bit, lr: 1.0e-05}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: lion8bit, lr: 1e-5}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟦"Lion"⟧
          learning_rate = ⟪1e-4⟫
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Lion"
            learning_rate = 1e-05
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Lion"
          learning_rate = 2e-5
          """),
      ])
  ) { plan, findings in
    guard let facts = plan.optimizer.facts, facts.isSignBased, !facts.isAdaptive else { return }
    let limit = 1e-4 * (plan.adapter?.usualRateFactor ?? 1)
    for (rate, groups) in plan.ratesInUse where !groups.contains(where: \.areEmbeddings) {
      guard let value = rate.number, value * (plan.optimizer.rateScale?.value ?? 1) >= limit
      else { continue }
      findings.report(
        "a learning rate of \(plan.optimizer.words(for: value)) is one for Adam: \(facts.title) takes about 1e-5 to 3e-5",
        at: rate,
        related: [plan.optimizer.name.noted("every step has the size of the rate")]
          .compactMap(\.self),
        fixes: [
          facts.learningRate?.usual.flatMap {
            findings.fix(
              "set the learning rate to \(Number.literal($0))", .unsafe, .set(rate, .number($0)))
          }
        ])
    }
  }
}
