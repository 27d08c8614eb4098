import Knowledge
import Optimizers
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let scheduleRefused = Rule(
    RuleDescription(
      "schedule-refused", .error, .crashesAtStart, .schedule,
      "Settings of the schedule that stop the trainer.",
      because: """
        the schedule is made or moved with arguments that it does not take, often only after the model \
        is loaded and the images are cached
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:1111-1229"),
        Citation("kohya sd-scripts 48d368fa library/train_util.py:5264-5399"),
        Citation("SimpleTuner bc8e6ab helpers/training/custom_schedule.py:102-556"),
        Citation("ai-toolkit 27a03a9 toolkit/scheduler.py"),
      ],
      covers: [
        "ai-toolkit/AT-S01", "ai-toolkit/AT-S02", "ai-toolkit/AT-S05", "ai-toolkit/AT-S06",
        "simpletuner/ST-S02", "simpletuner/ST-S03",
        "kohya/K-SCH-04", "kohya/K-SCH-05", "kohya/K-SCH-08", "kohya/K-SCH-09", "kohya/K-SCH-11",
        "kohya/K-SCH-18", "kohya/K-SCH-26", "kohya/K-ADA-13", "kohya/K-GUI-12",
      ],
      // They say more of the same.
      silencedBy: [
        "warmup-of-one", "adafactor-schedule-needs-adafactor", "custom-schedule-without-module",
        "unknown-name", "unreadable-value", "number-in-text", "warmup-refused",
        "adafactor-schedule-refused",
      ],
      examples: [
        // 40 images, 10 epochs: no step is left after the warm-up.
        .flags(
          "onetrainer",
          #"{"__version": 11, "epochs": 10, "learning_rate_scheduler": ⟦"LINEAR"⟧, "learning_rate_warmup_steps": ⟪400⟫}"#,
          images: 40),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "adamw_bf16", "lr_scheduler": ⟦"sine"⟧, "lr_warmup_steps": ⟪0⟫}"#
        ),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "adamw_bf16", "lr_scheduler": ⟦"polynomial"⟧, "learning_rate": 1e-5, "lr_end": ⟪1e-4⟫}"#
        ),
        // The settings of OneTrainer that stop it have rules of their own, which see more.
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "LINEAR", "learning_rate_warmup_steps": 1}"#
        ),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, lr_scheduler: ⟪step⟫}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, lr_scheduler: ⟦cosine⟧, lr_scheduler_params: {num_warmup_steps: ⟪100⟫}}
          """),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, lr_scheduler: ⟦constant⟧, lr_scheduler_params: {max_iterations: ⟪100⟫}}
          """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, lr_scheduler: constant_with_warmup, lr_scheduler_params: {num_warmup_steps: 100}}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = ⟪"cosine_with_min_lr"⟫
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = ⟦"polynomial"⟧
          learning_rate = ⟪1e-7⟫
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = ⟪"piecewise_constant"⟫
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler_type = ⟪"StepLR"⟫
          """),
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "lr_scheduler": ⟪"cosine_with_min_lr"⟫}"#),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "cosine_with_min_lr"
          lr_scheduler_min_lr_ratio = 0.1
          """),
      ])
  ) { plan, findings in
    let schedule = plan.schedule
    let error: ScheduleError
    switch schedule.reading {
    case .success(let reading):
      guard let failure = reading.failure, !failure.isOnlyLogged else { return }
      error = failure
    case .failure(let failure): error = failure
    case nil: return
    }
    let setting = schedule.setting(named: error.setting) ?? schedule.name
    findings.report(
      "'\(setting.shownPath)' of \(setting.value.words)\(setting.defaultNote) stops the trainer: \(error.reason)",
      at: setting.isWritten || !schedule.name.isWritten ? setting : schedule.name,
      why: "\(error.exception.rawValue) \(error.moment)",
      consequence: error.moment.consequence,
      related: [
        setting.keyPath == schedule.name.keyPath || !setting.isWritten
          ? nil : schedule.name.noted("the schedule")
      ].compactMap(\.self))
  }
}

extension ScheduleError.Moment {
  fileprivate var consequence: Consequence {
    switch self {
    case .readingSettings: .crashesAtLoad
    case .beforeCaching, .afterCaching: .crashesAtStart
    case .afterStep(0): .crashesAtFirstStep
    case .afterStep, .everyStep: .crashesDuringTraining
    }
  }
}
