import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let scaleParameterWithLearningRate = Rule(
    RuleDescription(
      "scale-parameter-with-learning-rate", .warning, .changesTraining, .learningRate,
      "Adafactor with scale_parameter on and relative_step off.",
      because: """
        scale_parameter multiplies the learning rate by the size of each weight, about 0.02 in these \
        models and no more than 0.001 where an adapter starts at zero
        """,
      sources: [
        Citation("transformers 5.5.4 optimization.py:1174"),
        Citation("OneTrainer guide, Adafactor (Low Memory ADAMW): required to be false"),
      ],
      covers: ["kohya/K-ADA-10"],
      silencedBy: ["adafactor-schedule-collapses", "optimizer-refuses-value"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": ⟦1e-5⟧, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": ⟪true⟫}}
          """,
          fixed: """
            {"__version": 11, "learning_rate": 1e-5, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "learning_rate": 1e-5, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adafactor, lr: ⟦1e-5⟧, optimizer_params: {scale_parameter: ⟪true⟫}}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {optimizer: adafactor, lr: 1e-5, optimizer_params: {scale_parameter: false}}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {optimizer: adafactor, lr: 1e-5}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Adafactor"
          learning_rate = ⟦1e-4⟧
          optimizer_args = ["relative_step=False", "scale_parameter=⟪True⟫"]
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Adafactor"
            learning_rate = 1e-4
            optimizer_args = ["relative_step=False", "scale_parameter=False"]
            """),
      ])
  ) { plan, findings in
    guard plan.optimizer.id == "ADAFACTOR",
      let relativeStep = plan.optimizer.option("relative_step"),
      !relativeStep.isOn, let scale = plan.optimizer.option("scale_parameter"), scale.isOn
    else { return }
    let rates = plan.ratesInUse.map { $0.rate.noted("multiplied by the size of each weight") }
    findings.report(
      "scale_parameter shrinks the learning rate to a fraction: without relative_step set it to false",
      at: scale, related: rates.compactMap(\.self),
      fixes: [findings.fix("set scale_parameter to false", .unsafe, .set(scale, .boolean(false)))])
  }
}
