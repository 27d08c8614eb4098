import Knowledge
import Optimizers
import Plans
import SourceText

extension Rule<TrainingPlan> {
  static let scheduleSettingWithoutEffect = Rule(
    RuleDescription(
      "schedule-setting-without-effect", .info, .silentlyIgnored, .schedule,
      "Cycles, a minimum factor or a warm-up that the chosen schedule does not look at.",
      because: "each schedule reads only some of these settings, the others do nothing",
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:1141-1222"),
        Citation("kohya sd-scripts 48d368fa library/train_util.py:5300-5399"),
      ],
      covers: [
        "onetrainer/B17",
        "onetrainer/B24",
        "onetrainer/B25",
        "ai-toolkit/AT-S04", "kohya/K-SCH-10", "kohya/K-SCH-16", "kohya/K-SCH-17",
        "simpletuner/ST-O08",
        "simpletuner/ST-S07",
        "simpletuner/ST-S08",
        "simpletuner/ST-S09",
      ],
      silencedBy: [
        "adafactor-schedule-constant",
        "adafactor-schedule-needs-adafactor",
        "restarts-that-stand-still",
      ],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟦"COSINE"⟧, "learning_rate_cycles": ⟪3⟫}"#,
          fixed: #"{"__version": 11, "learning_rate_scheduler": "COSINE"}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": ⟦"CONSTANT"⟧, "learning_rate_min_factor": ⟪0.1⟫}"#,
          fixed: #"{"__version": 11, "learning_rate_scheduler": "CONSTANT"}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "learning_rate": 1, "learning_rate_warmup_steps": ⟪100⟫, "optimizer": {"optimizer": ⟦"PRODIGY_PLUS_SCHEDULE_FREE"⟧}}"#,
          fixed:
            #"{"__version": 11, "learning_rate": 1, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE"}}"#
        ),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "adamw_bf16", "lr_scheduler": ⟦"polynomial"⟧, "learning_rate": 1e-4, "lr_num_cycles": ⟪3⟫}"#,
          fixed:
            #"{"model_family": "flux", "optimizer": "adamw_bf16", "lr_scheduler": "polynomial", "learning_rate": 1e-4}"#
        ),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "adamw_bf16", "lr_scheduler": ⟦"linear"⟧, "lr_end": ⟪1e-5⟫}"#,
          fixed: #"{"model_family": "flux", "optimizer": "adamw_bf16", "lr_scheduler": "linear"}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "COSINE_WITH_HARD_RESTARTS", "learning_rate_cycles": 3, "learning_rate_min_factor": 0.1}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "COSINE", "learning_rate_cycles": 1.0, "learning_rate_min_factor": 0}"#
        ),
        .flags(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, lr_scheduler: ⟦cosine⟧, lr_scheduler_params: {T_max: ⟪500⟫, eta_min: 1e-6}}
          """,
          fixed: """
            job: extension
            config:
              process:
                - type: sd_trainer
                  train: {lr: 1e-4, lr_scheduler: cosine, lr_scheduler_params: {eta_min: 1e-6}}
            """),
        .allows(
          "ai-toolkit",
          """
          job: extension
          config:
            process:
              - type: sd_trainer
                train: {lr: 1e-4, lr_scheduler: cosine, lr_scheduler_params: {eta_min: 1e-6}}
          """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler_num_cycles = ⟪3⟫
          lr_scheduler = ⟦"cosine"⟧
          """,
          fixed: """
            network_module = "networks.lora"
            lr_scheduler = "cosine"
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler_power = ⟪2⟫
          lr_scheduler = ⟦"cosine"⟧
          """,
          fixed: """
            network_module = "networks.lora"
            lr_scheduler = "cosine"
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          lr_scheduler = "cosine_with_restarts"
          lr_scheduler_num_cycles = 3
          """),
      ])
  ) { plan, findings in
    let schedule = plan.schedule
    guard let kind = schedule.kind, case .success(let reading) = schedule.reading else { return }
    // A schedule that is replaced altogether is another finding.
    let isLookedAt = plan.scheduleActs || kind == .constant || kind == .adafactor
    for ignored in reading.ignored {
      guard let setting = schedule.setting(named: ignored.setting), setting.isWritten,
        setting.keyPath != schedule.name.keyPath
      else { continue }
      let isWarmup = setting.keyPath == schedule.warmup.keyPath
      if isWarmup ? setting.number == schedule.usualWarmup : !isLookedAt { continue }
      let isOptimizers = isWarmup && kind != .adafactor && !plan.scheduleActs
      let cause: any Located = isOptimizers ? plan.optimizer.name : schedule.name
      findings.report(
        "'\(setting.shownPath)' of \(setting.value.literal) has no effect: \(ignored.reason)",
        at: setting, related: [(cause, "does not look at it")],
        fixes: [findings.fix("remove \(setting.shownPath)", .safe, .remove(setting))])
    }
  }
}
