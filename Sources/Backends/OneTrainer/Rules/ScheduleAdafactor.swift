import Knowledge
import Plans
import SourceText

/// The scheduler ADAFACTOR, which repeats the rate that the optimizer ADAFACTOR reports.
extension Rule<OneTrainerConfig> {
  static let adafactorScheduleNeedsAdafactor = Rule(
    RuleDescription(
      "adafactor-schedule-needs-adafactor", .error, .crashesAtFirstStep, .schedule,
      "The scheduler ADAFACTOR with another optimizer.",
      because: """
        this scheduler asks the optimizer for the rate it works out, which only ADAFACTOR can answer: \
        an AttributeError after the first step
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:1169-1174"),
        Citation("transformers 5.5.4 optimization.py:1315-1324"),
      ],
      covers: ["onetrainer/B10"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟪"ADAFACTOR"⟫, "optimizer": {"optimizer": ⟦"ADAMW"⟧}}"#,
          fixed:
            #"{"__version": 11, "learning_rate_scheduler": "CONSTANT", "optimizer": {"optimizer": "ADAMW"}}"#
        ),
        // The gradients are gone when the scheduler looks.
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟪"ADAFACTOR"⟫, "optimizer": {"optimizer": ⟦"CAME"⟧, "fused_back_pass": true}}"#,
          fixed:
            #"{"__version": 11, "learning_rate_scheduler": "CONSTANT", "optimizer": {"optimizer": "CAME", "fused_back_pass": true}}"#
        ),
        // Replaced by CONSTANT.
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#
        ),
      ])
  ) { config, findings in
    let scheduler = config.setting("learning_rate_scheduler")
    guard scheduler.text == "ADAFACTOR", let facts = config.optimizerFacts, facts.id != "ADAFACTOR",
      !facts.isScheduleFree
    else { return }
    let isFused = config.hasFusedBackPass
    findings.report(
      isFused
        ? "the scheduler ADAFACTOR stays at the start rate with \(facts.title): neither warm-up nor schedule acts"
        : "the scheduler ADAFACTOR only works with the optimizer ADAFACTOR: \(facts.title) stops after the first step",
      at: scheduler, severity: isFused ? .warning : .error,
      consequence: isFused ? .silentlyIgnored : .crashesAtFirstStep,
      related: [config.optimizerName.noted("another optimizer")].compactMap(\.self),
      fixes: [
        findings.fix("set the scheduler to CONSTANT", .unsafe, .set(scheduler, .text("CONSTANT")))
      ])
  }

  static let adafactorScheduleCollapses = Rule(
    RuleDescription(
      "adafactor-schedule-collapses", .error, .trainsNothing, .schedule,
      "The scheduler ADAFACTOR with scale_parameter on and relative_step off.",
      because: """
        the scheduler writes the scaled rate back as the learning rate, which is scaled again at the \
        next step: after four steps it is about a ten millionth
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:1169-1174"),
        Citation("transformers 5.5.4 optimization.py:1315-1324"),
      ],
      covers: ["onetrainer/B11"],
      silencedBy: ["optimizer-refuses-value"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟪"ADAFACTOR"⟫, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": ⟦false⟧, "scale_parameter": ⟦true⟧}}"#,
          fixed:
            #"{"__version": 11, "learning_rate_scheduler": "CONSTANT", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "learning_rate_scheduler": "ADAFACTOR", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "CONSTANT", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": true}}"#
        ),
      ])
  ) { config, findings in
    guard let (scheduler, relativeStep) = config.adafactorScheduleWithoutRelativeStep else {
      return
    }
    let scale = config.option("scale_parameter")
    guard scale.isOn, !config.hasFusedBackPass else { return }
    findings.report(
      "the scheduler ADAFACTOR shrinks the learning rate at every step until nothing is trained",
      at: scheduler,
      related: [
        relativeStep.noted("the configured rate is used"),
        scale.noted("scales the rate, again at every step"),
      ].compactMap(\.self),
      fixes: [
        findings.fix(
          "use the configured learning rate", .unsafe, .set(scheduler, .text("CONSTANT")),
          .set(scale, .boolean(false)))
      ])
  }

  static let adafactorScheduleConstant = Rule(
    RuleDescription(
      "adafactor-schedule-constant", .warning, .silentlyIgnored, .schedule,
      "The scheduler ADAFACTOR with relative_step off.",
      because: """
        this scheduler only repeats the optimizer's rate, which is constant without relative_step; \
        warm-up, cycles and minimum factor are not looked at
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:1169-1174")],
      covers: ["onetrainer/B12"],
      silencedBy: ["adafactor-schedule-collapses", "optimizer-refuses-value"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟪"ADAFACTOR"⟫, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": ⟦false⟧, "scale_parameter": false}}"#,
          fixed:
            #"{"__version": 11, "learning_rate_scheduler": "CONSTANT", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "CONSTANT", "optimizer": {"optimizer": "ADAFACTOR", "relative_step": false, "scale_parameter": false}}"#
        ),
      ])
  ) { config, findings in
    guard let (scheduler, relativeStep) = config.adafactorScheduleWithoutRelativeStep else {
      return
    }
    let warmup = config.setting("learning_rate_warmup_steps")
    let hasWarmup = (warmup.number ?? 0) > 0
    findings.report(
      "the scheduler ADAFACTOR trains at a constant rate\(hasWarmup ? " without warm-up" : "") while relative_step is off",
      at: scheduler,
      related: [
        relativeStep.noted("the configured rate is used"),
        hasWarmup ? warmup.noted("not used") : nil,
      ].compactMap(\.self),
      fixes: [
        // With it the warm-up acts, unless it is 0.
        findings.fix("set the scheduler to CONSTANT", .unsafe, .set(scheduler, .text("CONSTANT")))
      ])
  }

  static let adafactorScheduleWithStoppedPart = Rule(
    RuleDescription(
      "adafactor-schedule-with-stopped-part", .error, .crashesDuringTraining, .schedule,
      "The scheduler ADAFACTOR and a part that stops training before the others.",
      because: """
        the scheduler counts only groups of parameters with gradients and then needs one rate for \
        each group: a ValueError as soon as one part is stopped and another is not
        """,
      sources: [
        Citation("transformers 5.5.4 optimization.py:1315-1324"),
        Citation("OneTrainer 23df3832 modules/modelSetup/BaseModelSetup.py:163-175"),
      ],
      covers: ["onetrainer/B13"],
      silencedBy: ["optimizer-refuses-value"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "epochs": 100, "learning_rate_scheduler": ⟦"ADAFACTOR"⟧, "text_encoder": {"train": true, "stop_training_after": ⟪30⟫, "stop_training_after_unit": "EPOCH"}, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "epochs": 20, "learning_rate_scheduler": "ADAFACTOR", "text_encoder": {"train": true, "stop_training_after": 30, "stop_training_after_unit": "EPOCH"}, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "epochs": 100, "learning_rate_scheduler": "ADAFACTOR", "text_encoder": {"train": false}, "optimizer": {"optimizer": "ADAFACTOR", "relative_step": true, "scale_parameter": true}}"#
        ),
      ])
  ) { config, findings in
    let scheduler = config.setting("learning_rate_scheduler")
    guard scheduler.text == "ADAFACTOR", config.optimizerFacts?.id == "ADAFACTOR",
      !config.hasFusedBackPass, let epochs = config.setting("epochs").number
    else { return }
    let ends = config.trainedParts.compactMap { part in
      config.certainLastEpoch(of: part).map { (part: part, epoch: $0) }
    }
    // The first to stop brings the run down, if another goes on.
    guard let first = ends.min(by: { $0.epoch < $1.epoch }), first.epoch < epochs,
      ends.contains(where: { $0.epoch > first.epoch })
    else { return }
    let setting = config.part(first.part, "stop_training_after")
    findings.report(
      "'\(first.part)' stops after \(Number.literal(first.epoch)) of \(Number.literal(epochs)) epochs\(setting.defaultNote): the scheduler ADAFACTOR then stops the run",
      at: setting, consequence: first.epoch == 0 ? .crashesAtFirstStep : .crashesDuringTraining,
      related: [scheduler.noted("needs gradients of all parts or of none")].compactMap(\.self))
  }
}

extension OneTrainerConfig {
  /// Whether each gradient is used up and dropped as soon as it is there.
  var hasFusedBackPass: Bool {
    (optimizerUse?.hasFusedBackPass ?? false) && option("fused_back_pass").isOn
  }

  fileprivate var adafactorScheduleWithoutRelativeStep: (scheduler: Setting, relativeStep: Setting)?
  {
    let scheduler = setting("learning_rate_scheduler")
    let relativeStep = option("relative_step")
    guard scheduler.text == "ADAFACTOR", optimizerFacts?.id == "ADAFACTOR", !relativeStep.isOn
    else { return nil }
    return (scheduler, relativeStep)
  }

  /// The epochs a part is trained for, infinity if it is never stopped; nil if the file does not
  /// say it in epochs.
  fileprivate func certainLastEpoch(of part: String) -> Double? {
    let after = self.part(part, "stop_training_after")
    let unit = self.part(part, "stop_training_after_unit")
    if after.isMistaken || unit.isMistaken { return nil }
    return switch unit.text {
    case "NEVER": .infinity
    case "ALWAYS": 0
    case "EPOCH": after.number.map { max(0, $0) }
    case "STEP": after.number.flatMap { $0 <= 0 ? 0 : nil }
    default: nil
    }
  }
}
