import Knowledge
import Optimizers
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let relativeStepRateTooHigh = Rule(
    RuleDescription(
      "relative-step-rate-too-high", .warning, .diverges, .learningRate,
      "Adafactor's own rate where it is too high: for a whole model, or without scale_parameter.",
      because: """
        with relative_step the rate is 0.01 for the first ten thousand steps; scale_parameter \
        multiplies it by the size of each weight, which is still about a hundred times the usual rate \
        for a whole model
        """,
      sources: [
        Citation("transformers 5.5.4 optimization.py:1174"),
        Citation("OneTrainer guide, Adafactor (Adaptive): too high for a fine tune"),
      ],
      covers: ["onetrainer/B7", "kohya/K-ADA-11"],
      silencedBy: ["optimizer-refuses-value", "optimizer-drops-setting"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "FINE_TUNE", "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": ⟪true⟫, "scale_parameter": ⟦true⟧}}
          """,
          fixed: """
            {"__version": 11, "training_method": "FINE_TUNE", "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": ⟪true⟫, "scale_parameter": ⟦false⟧}}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "FINE_TUNE", "learning_rate_scheduler": "CONSTANT", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Adafactor"
          optimizer_args = ["scale_parameter=⟦False⟧", "relative_step=⟪True⟫"]
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Adafactor"
            optimizer_args = ["scale_parameter=False", "relative_step=False"]
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Adafactor"
          learning_rate = 1e-4
          optimizer_args = ["scale_parameter=False", "relative_step=False"]
          """),
      ])
  ) { plan, findings in
    guard let relativeStep = plan.optimizer.relativeStep, plan.method.value != .embedding,
      let scale = plan.optimizer.option("scale_parameter"),
      let warmupInit = plan.optimizer.option("warmup_init")
    else { return }
    let isWhole = plan.method.value != .adapter
    guard isWhole || !scale.isOn else { return }
    let first = RelativeStep(warmupInit: warmupInit.isOn, scaleParameter: scale.isOn)
    // The weights of these models are around 0.02.
    let rate = first.rate(atStep: 1000, weight: 0.02)
    let isHopeless = isWhole && rate >= 0.01
    let note = scale.isOn ? "multiplies it by the size of each weight" : "nothing makes it smaller"
    let place = isWhole ? "a whole model" : "an adapter"
    findings.report(
      "relative_step sets a rate of about \(Number.literal(rate)) after 1000 steps, too high for \(place), and ignores the learning rate",
      at: relativeStep, severity: isHopeless ? .error : .warning,
      related: [scale.noted(note)].compactMap(\.self), fixes: [plan.constantModeFix(findings)])
  }
}
