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
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:1141-1222")],
      covers: ["onetrainer/B17", "onetrainer/B24", "onetrainer/B25"],
      silencedBy: ["adafactor-schedule-constant", "adafactor-schedule-needs-adafactor"],
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
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "COSINE_WITH_HARD_RESTARTS", "learning_rate_cycles": 3, "learning_rate_min_factor": 0.1}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "COSINE", "learning_rate_cycles": 1.0, "learning_rate_min_factor": 0}"#
        ),
      ])
  ) { plan, findings in
    let schedule = plan.schedule
    guard let kind = schedule.kind else { return }
    let shape = OneTrainerCurve.Shape(rawValue: kind.rawValue)
    // A schedule that is replaced altogether is another finding.
    let isLookedAt = plan.scheduleActs || kind == .constant || kind == .adafactor
    var idle: [(Setting, String, any Located)] = []
    if isLookedAt, !(shape?.usesCycles ?? false), schedule.cycles.number != 1 {
      idle.append((schedule.cycles, "the number of cycles", schedule.name))
    }
    if isLookedAt, !(shape?.usesFloor ?? false), schedule.minimumFactor.number != 0 {
      idle.append((schedule.minimumFactor, "the minimum factor", schedule.name))
    }
    if schedule.warmupUnit == .none, let warmup = schedule.warmup.number, warmup > 0,
      warmup != schedule.usualWarmup
    {
      let cause: any Located = kind == .adafactor ? schedule.name : plan.optimizer.name
      idle.append((schedule.warmup, "the warm-up", cause))
    }
    for (setting, what, cause) in idle where setting.isWritten {
      findings.report(
        "\(what) of \(setting.value.literal) has no effect here", at: setting,
        related: [(cause, "does not look at it")],
        fixes: [findings.fix("remove \(setting.keyPath)", .safe, .remove(setting))])
    }
  }
}
