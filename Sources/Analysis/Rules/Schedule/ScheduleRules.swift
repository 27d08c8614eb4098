import Plans

extension Linter {
  static let scheduleRules: [Rule<TrainingPlan>] = [
    .scheduleRefused, .scheduleFreeWithSchedule, .scheduleEndsHigh, .scheduleSettingWithoutEffect,
    .warmupWithoutSafeguard, .warmupTakesTheRun,
  ]
}
