import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let learningRateZero = Rule(
    RuleDescription(
      "learning-rate-zero", .error, .trainsNothing, .learningRate,
      "A learning rate of 0 for the whole run, or for a part that is switched on.",
      because: "every step is multiplied by 0; some optimizers refuse to start",
      sources: [Citation("OneTrainer 23df3832 modules/util/NamedParameterGroup.py:40-41")],
      covers: ["onetrainer/B30"],
      silencedBy: ["value-out-of-range"],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "adamw_bf16", "learning_rate": ⟪0⟫}"#),
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "prodigy", "learning_rate": 0}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate": ⟪0⟫, "optimizer": {"optimizer": "ADAMW"}}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 1e-5, "text_encoder": {"learning_rate": ⟪0⟫}}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 1e-5, "text_encoder": {"train": false, "learning_rate": 0}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 0, "unet": {"learning_rate": 1e-5}, "text_encoder": {"learning_rate": 1e-5}}"#
        ),
        // It makes a rate of its own.
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "learning_rate": 0, "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#
        ),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                train: {lr: ⟪0⟫}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                train: {lr: 1e-4, unet_lr: 0}
          """),
      ])
  ) { plan, findings in
    // Muon trains a part of the weights with Adam at a rate of its own.
    guard plan.optimizer.relativeStep == nil, plan.optimizer.facts?.family != "muon" else { return }
    let rates = plan.ratesInUse
    let isWholeRun = rates.allSatisfy { $0.rate.number == 0 }
    for (rate, groups) in rates where rate.number == 0 {
      let names = groups.map { "'\($0.name)'" }.joined(separator: " and ")
      findings.report(
        isWholeRun
          ? "a learning rate of 0 trains nothing"
          : "\(names) is switched on and has a learning rate of 0: it is not trained",
        at: rate, severity: isWholeRun ? .error : .warning)
    }
  }
}
