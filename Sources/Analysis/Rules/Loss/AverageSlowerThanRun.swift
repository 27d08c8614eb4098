import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let averageSlowerThanRun = Rule(
    RuleDescription(
      "average-slower-than-run", .warning, .changesTraining, .loss,
      "An average of the weights (EMA) that is still far behind when the run ends.",
      because: """
        the average is what is saved; it moves only every so many steps and by a small part of the \
        difference, so in a short run the weights leave it behind
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/module/EMAModule.py:31-56"),
        Citation("OneTrainer issue 889", "https://github.com/Nerogar/OneTrainer/issues/889"),
      ],
      covers: ["onetrainer/F1", "onetrainer/F2", "ai-toolkit/AT-O26"],
      silencedBy: ["value-out-of-range"],
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "sdxl", "model_type": "full", "optimizer": "bnb-adamw8bit", "mixed_precision": "no", "max_train_steps": 1000, "num_train_epochs": 0, "use_ema": ⟪true⟫, "ema_decay": ⟦0.9999⟧, "ema_warmup_steps": 1}"#
        ),
        .allows(
          "simpletuner",
          #"{"model_family": "sdxl", "model_type": "lora", "optimizer": "bnb-adamw8bit", "mixed_precision": "no", "max_train_steps": 1000, "num_train_epochs": 0, "use_ema": true, "ema_decay": 0.9999, "ema_warmup_steps": 1}"#
        ),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "epochs": 10, "ema": ⟪"GPU"⟫, \
          "ema_update_step_interval": ⟦20⟧}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "epochs": 10, "ema": "GPU", \
            "ema_update_step_interval": 1}
            """, images: 40),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "epochs": 10, "ema": "GPU", \
          "ema_update_step_interval": 1}
          """, images: 40),
        // How long the run is cannot be told from the file alone.
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "epochs": 10, "ema": "GPU", \
          "ema_update_step_interval": 20}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                train: {steps: 500, ema_config: {use_ema: ⟪true⟫, ema_decay: ⟦0.999⟧}}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                network: {type: lora, linear: 16}
                train: {steps: 500, ema_config: {use_ema: true, ema_decay: 0.99}}
          """),
      ])
  ) { plan, findings in
    guard let average = plan.average, average.replacesWeights,
      let steps = plan.schedule.mostSteps, steps > 1, steps <= 1_000_000,
      let decay = average.decay.number, decay >= 0, decay <= 1,
      let interval = average.interval.number, interval >= 1
    else { return }
    let share = average.shareOfDrift(steps: steps, decay: decay, interval: Int(min(interval, 1e6)))
    // In long runs the weights settle in the end, and the average has time to follow.
    let isShort = Double(steps) < 2 / max(1 - decay, 1e-12)
    guard share < 0.5 || share < 0.7 && isShort else { return }
    let related = [
      (average.decay, "part of the average that stays at each update"),
      (average.interval, "steps between updates"),
    ].filter { $0.0.isWritten }
    findings.report(
      "after \(steps) steps the average has come about \(Int((share * 100).rounded())) % of the way of the weights, and the average is what is saved",
      at: average.mode, related: related,
      fixes: [
        interval > 1
          ? findings.fix(
            "update the average in every step", .unsafe, .set(average.interval, .number(1)))
          : nil
      ])
  }
}

extension AverageSettings {
  /// How far the average has come when the weights have moved evenly from 0 to 1.
  fileprivate func shareOfDrift(steps: Int, decay: Double, interval: Int) -> Double {
    var average = 0.0
    for step in stride(from: interval - 1, to: steps, by: interval) {
      let held = hasWarmup ? min(Double(1 + step) / Double(10 + step), decay) : decay
      average += (1 - held) * (Double(step + 1) / Double(steps) - average)
    }
    return average
  }
}
