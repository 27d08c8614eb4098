internal import Knowledge
internal import Plans

extension AdviceRule {
  /// Which of its two modes Adafactor is in, and what that takes.
  static let adafactorModeRules: [AdviceRule] = [
    AdviceRule("no adaptive mode in full fine-tuning") { advised in
      guard let adafactor = Adafactor(advised), adafactor.isAdaptive, advised.isFull else {
        return []
      }
      let why =
        "relative_step with scale_parameter sets a rate too high for a fine-tune, and ignores the one that "
        + "is configured"
      var parts = [
        advised.part(
          adafactor.relativeStep, .boolean(false), because: why, source: Guide.adaptive, .high,
          option: "relative_step")
      ]
      if let scale = adafactor.scaleParameter, scale.isOn {
        parts.append(
          advised.part(
            scale, .boolean(false),
            because: "has to be off for Adafactor to be a lean AdamW", source: Guide.lean, .high,
            option: "scale_parameter"))
      }
      if let start = adafactor.warmupInit, start.isOn {
        parts.append(
          advised.part(
            start, .boolean(false), because: "belongs to relative_step", source: Guide.lean, .high,
            option: "warmup_init"))
      }
      parts += adafactor.ordinarySchedule(advised)
      let rate = advised.optimizer.learningRate
      if let value = rate.number, value > 1e-4 || value < 1e-7 {
        parts.append(
          advised.part(
            rate, .number(1e-5),
            because: "counts from now on: a rate as for AdamW in full fine-tuning",
            source: Guide.lean, .medium))
      }
      return [AdviceBundle(parts)]
    },
    AdviceRule("scale_parameter off where a rate is given") { advised in
      guard let adafactor = Adafactor(advised), !adafactor.isAdaptive,
        let scale = adafactor.scaleParameter, scale.isOn
      else { return [] }
      return advised.advise(
        option: "scale_parameter", scale, .boolean(false),
        because:
          "required to be false without relative_step: only then the learning rate means what it means for "
          + "AdamW",
        source: Guide.lean, .high)
    },
    AdviceRule("an ordinary schedule where a rate is given") { advised in
      guard let adafactor = Adafactor(advised), !adafactor.isAdaptive else { return [] }
      let parts = adafactor.ordinarySchedule(advised)
      return parts.isEmpty ? [] : [AdviceBundle(parts)]
    },
    AdviceRule("Adafactor's own schedule in the adaptive mode") { advised in
      guard let adafactor = Adafactor(advised), adafactor.isAdaptive, !advised.isFull,
        let own = advised.adafactorSchedule, let kind = advised.plan.schedule.kind,
        kind != .adafactor
      else { return [] }
      return advised.advise(
        advised.plan.schedule.name, own,
        because: "use it along with relative_step: it shows the rate that Adafactor picked",
        source: Guide.adaptive, .medium)
    },
    AdviceRule("scale_parameter on in the adaptive mode") { advised in
      guard let adafactor = Adafactor(advised), adafactor.isAdaptive, !advised.isFull,
        let scale = adafactor.scaleParameter, !scale.isOn
      else { return [] }
      return advised.advise(
        option: "scale_parameter", scale, .boolean(true),
        because:
          "part of the self-adjusting mode: without it every step is up to a hundredth, whatever the size of "
          + "the weights",
        source: Guide.adaptive, .medium)
    },
  ]

  /// What holds in both modes, or in the lean one.
  static let adafactorRules: [AdviceRule] = [
    AdviceRule("beta1 empty") { advised in
      guard Adafactor(advised) != nil, let beta1 = advised.optimizer.option("beta1"),
        beta1.number != nil
      else { return [] }
      return advised.advise(
        option: "beta1", beta1, .null,
        because:
          "a value switches on an average as large as what is trained, which takes far more memory",
        source: "\(Guide.adaptive); \(Guide.lean)", .high)
    },
    AdviceRule("a weight decay of at most 0.01") { advised in
      guard let adafactor = Adafactor(advised), !adafactor.isAdaptive,
        let decay = advised.optimizer.option("weight_decay"), let value = decay.number,
        value > 0.01
      else { return [] }
      return advised.advise(
        option: "weight_decay", decay, .number(0.01), range: "0 to 0.01",
        because: "as a lean AdamW a small amount is enough", source: Guide.lean, .medium)
    },
    AdviceRule("a fused back pass where nothing is accumulated") { advised in
      guard Adafactor(advised) != nil, advised.isFull, !advised.isAccumulating,
        let fused = advised.plan.fusedBackPass, !fused.isOn
      else { return [] }
      return advised.advise(
        fused, .boolean(true),
        because:
          "saves much memory without any loss in quality, as gradients are not accumulated",
        source: "\(Guide.adaptive); \(Guide.lean)", .medium)
    },
  ]
}

/// The settings of the Adafactor that the guide is about.
private struct Adafactor {
  let relativeStep: Setting
  let scaleParameter: Setting?
  let warmupInit: Setting?

  var isAdaptive: Bool { relativeStep.isOn }

  /// - Returns: Nil for other optimizers, and where the trainer leaves no choice of the mode.
  init?(_ advised: AdvisedPlan) {
    guard advised.optimizer.id == "ADAFACTOR",
      let relativeStep = advised.optimizer.option("relative_step")
    else { return nil }
    self.relativeStep = relativeStep
    scaleParameter = advised.optimizer.option("scale_parameter")
    warmupInit = advised.optimizer.option("warmup_init")
  }

  /// Away from the schedule of the adaptive mode.
  func ordinarySchedule(_ advised: AdvisedPlan) -> [SettingAdvice] {
    guard advised.plan.schedule.kind == .adafactor else { return [] }
    let name: SettingValue =
      advised.plan.backend.hasPrefix("kohya") ? .text("constant_with_warmup") : advised.cosine
    return [
      advised.part(
        advised.plan.schedule.name, name,
        because:
          "a standard schedule (constant, cosine, …) must be used in this mode: Adafactor's own reads a rate "
          + "that only the other mode has",
        source: Guide.lean, .high)
    ]
  }
}
