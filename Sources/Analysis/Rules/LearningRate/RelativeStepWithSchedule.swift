import Knowledge
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let relativeStepWithSchedule = Rule(
    RuleDescription(
      "relative-step-with-schedule", .warning, .silentlyIgnored, .learningRate,
      "Adafactor with relative_step together with a schedule of its own.",
      because: """
        with relative_step Adafactor works out its rate from the step number alone: learning rate, \
        warm-up and schedule change nothing but the number in the log
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:613-621"),
        Citation("transformers 5.5.4 optimization.py:1174"),
        Citation("OneTrainer guide, Adafactor (Adaptive)"),
      ],
      covers: ["onetrainer/B7", "kohya/K-ADA-02"],
      silencedBy: ["optimizer-refuses-value", "relative-step-rate-too-high"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": ⟦1e-4⟧, "learning_rate_scheduler": ⟦"COSINE"⟧, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": ⟪true⟫, "scale_parameter": true}}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "learning_rate": 1e-4, "learning_rate_scheduler": "COSINE", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "learning_rate": 1e-4, "learning_rate_scheduler": "COSINE", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = ⟪"Adafactor"⟫
          lr_scheduler = ⟦"cosine"⟧
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Adafactor"
            lr_scheduler = "cosine"
            optimizer_args = ["relative_step=False", "scale_parameter=False"]
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          optimizer_type = "Adafactor"
          learning_rate = ⟦1e-4⟧
          lr_scheduler = ⟦"cosine"⟧
          optimizer_args = ["relative_step=⟪True⟫"]
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "Adafactor"
            learning_rate = 1e-4
            lr_scheduler = "cosine"
            optimizer_args = ["relative_step=False", "scale_parameter=False"]
            """),
      ])
  ) { plan, findings in
    guard let relativeStep = plan.optimizer.relativeStep, let kind = plan.schedule.kind,
      kind != .adafactor
    else { return }
    let rates = plan.ratesInUse.map { $0.rate.noted("not used") }
    findings.report(
      "relative_step is on: neither the learning rate nor the scheduler \(plan.schedule.name.value.words) acts",
      at: relativeStep,
      related: (rates + [
        plan.schedule.name.noted(
          "not used; the scheduler for relative_step is the one named after Adafactor")
      ])
      .compactMap(\.self),
      fixes: [plan.constantModeFix(findings)])
  }
}

extension TrainingPlan {
  /// Makes Adafactor use the configured rate.
  func constantModeFix(_ findings: Findings) -> Fix? {
    guard let relativeStep = optimizer.option("relative_step"),
      let scaleParameter = optimizer.option("scale_parameter")
    else { return nil }
    var changes = [Change.set(relativeStep, .boolean(false))]
    if scaleParameter.isOn { changes.append(.set(scaleParameter, .boolean(false))) }
    // It needs relative_step, and some trainers switch that on again for it.
    if let warmup = optimizer.option("warmup_init"), warmup.isOn, warmup.isWritten {
      changes.append(.set(warmup, .boolean(false)))
    }
    return findings.fix("use the configured learning rate", .unsafe, changes)
  }
}
