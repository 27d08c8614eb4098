import Plans

extension Linter {
  static let scheduleRules: [Rule<TrainingPlan>] = [
    .scheduleFreeWithSchedule, .scheduleEndsHigh, .scheduleSettingWithoutEffect,
    .warmupWithoutSafeguard, .warmupTakesTheRun,
  ]
}
