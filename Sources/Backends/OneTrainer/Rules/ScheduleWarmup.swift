import Knowledge
import Plans
import SourceText

/// The length of the warm-up and of the run.
extension Rule<OneTrainerConfig> {
  static let warmupOfOne = Rule(
    RuleDescription(
      "warmup-of-one", .error, .crashesAtLastStep, .schedule,
      "A warm-up of exactly 1, which means the whole run.",
      because: """
        numbers up to 1 are shares, so 1 is 100 %; falling schedules then divide by the zero steps \
        that are left, and a run from the command line ends without its final save
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:1129"),
        Citation("OneTrainer 23df3832 modules/util/lr_scheduler_util.py"),
      ],
      covers: ["onetrainer/B20", "onetrainer/B21"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟦"COSINE"⟧, "learning_rate_warmup_steps": ⟪1⟫}"#,
          fixed:
            #"{"__version": 11, "learning_rate_scheduler": "COSINE", "learning_rate_warmup_steps": 0}"#
        ),
        .flags(
          "onetrainer", #"{"__version": 11, "learning_rate_warmup_steps": ⟪1.0⟫}"#,
          fixed: #"{"__version": 11, "learning_rate_warmup_steps": 0}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "COSINE", "learning_rate_warmup_steps": 0.1}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_warmup_steps": 1, "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#
        ),
      ])
  ) { config, findings in
    let warmup = config.setting("learning_rate_warmup_steps")
    let scheduler = config.setting("learning_rate_scheduler")
    guard warmup.number == 1, scheduler.text != "ADAFACTOR",
      !(config.optimizerFacts?.isScheduleFree ?? false)
    else { return }
    let divides = ["LINEAR", "COSINE", "COSINE_WITH_RESTARTS", "COSINE_WITH_HARD_RESTARTS"]
      .contains(scheduler.text)
    // The interface catches the error and saves what it has.
    let losesResult = divides && config.mode == .cli
    findings.report(
      divides
        ? "a warm-up of 1 is 100 % of the run, not one step: the last step divides by zero\(losesResult ? " and nothing is saved" : "")"
        : "a warm-up of 1 is 100 % of the run, not one step: the learning rate is never reached",
      at: warmup, severity: losesResult ? .error : .warning,
      consequence: divides ? .crashesAtLastStep : .changesTraining,
      related: [divides ? scheduler.noted("divides by the steps that are left") : nil]
        .compactMap(\.self),
      fixes: [
        findings.fix("set learning_rate_warmup_steps to 0", .unsafe, .set(warmup, .number(0)))
      ])
  }

  static let kourkoutasWithoutWarmup = Rule(
    RuleDescription(
      "kourkoutas-without-warmup", .info, .silentlyIgnored, .schedule,
      "A warm-up given as a share together with kourkoutas_beta.",
      because: """
        kourkoutas_beta takes the same number as a count of steps during which beta2 is held; below \
        one step it is not held at all
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:689,714,746")],
      covers: ["onetrainer/B33"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_warmup_steps": ⟪0.05⟫, "optimizer": {"optimizer": "ADAMW_ADV", "kourkoutas_beta": ⟦true⟧}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_warmup_steps": 100, "optimizer": {"optimizer": "ADAMW_ADV", "kourkoutas_beta": true}}"#
        ),
      ])
  ) { config, findings in
    let warmup = config.setting("learning_rate_warmup_steps")
    let kourkoutas = config.option("kourkoutas_beta")
    guard config.optimizerUse?["kourkoutas_beta"] != nil, kourkoutas.isOn,
      let value = warmup.number,
      value > 0, let batches = config.setting("gradient_accumulation_steps").number, batches >= 1,
      value / batches < 1
    else { return }
    findings.report(
      "the warm-up of \(Number.literal(value)) does not hold beta2 for kourkoutas_beta, which counts it in steps",
      at: warmup, related: [kourkoutas.noted("starts at once")].compactMap(\.self))
  }

  static let fewerImagesThanABatch = Rule(
    RuleDescription(
      "fewer-images-than-a-batch", .error, .trainsNothing, .schedule,
      "A batch larger than the number of images.",
      because: """
        OneTrainer drops batches that are not full: no step is made, and a falling schedule divides by \
        zero
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:1124-1125")],
      covers: ["onetrainer/B28"],
      examples: [
        .flags("onetrainer", #"{"__version": 11, "batch_size": ⟪8⟫}"#, images: 6),
        .allows("onetrainer", #"{"__version": 11, "batch_size": 4}"#, images: 6),
        .allows("onetrainer", #"{"__version": 11, "batch_size": 8}"#),
      ])
  ) { config, findings in
    let batch = config.setting("batch_size")
    guard let images = config.images, let size = batch.number, size > Double(images) else { return }
    findings.report(
      "a batch of \(Number.literal(size)) cannot be filled with \(images) images: no step is made",
      at: batch)
  }

  static let customScheduleWithoutModule = Rule(
    RuleDescription(
      "custom-schedule-without-module", .error, .crashesAtStart, .schedule,
      "A class for the CUSTOM scheduler without its module.",
      because:
        "the name is split at its last dot into module and class; without a dot OneTrainer stops",
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:1178-1182")],
      covers: ["onetrainer/B27"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟦"CUSTOM"⟧, "custom_learning_rate_scheduler": ⟪"StepLR"⟫}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "CUSTOM", "custom_learning_rate_scheduler": "torch.optim.lr_scheduler.StepLR"}"#
        ),
      ])
  ) { config, findings in
    let scheduler = config.setting("learning_rate_scheduler")
    let name = config.setting("custom_learning_rate_scheduler")
    guard scheduler.text == "CUSTOM", !(config.optimizerFacts?.isScheduleFree ?? false),
      let text = name.text, !text.isEmpty, !text.contains(".")
    else { return }
    findings.report(
      "'\(text)' has no module: write it as in torch.optim.lr_scheduler.StepLR", at: name,
      related: [scheduler.noted("loads the class")].compactMap(\.self))
  }
}
