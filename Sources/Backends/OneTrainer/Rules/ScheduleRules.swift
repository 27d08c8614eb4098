import Plans

extension OneTrainer {
  static let scheduleRules: [Rule<OneTrainerConfig>] = [
    .adafactorScheduleNeedsAdafactor, .adafactorScheduleCollapses, .adafactorScheduleConstant,
    .adafactorScheduleWithStoppedPart, .fractionalScheduleFreeWarmup,
    .scheduleFreeWarmupCountsUpdates, .scheduleFreeOnWuerstchen, .warmupOfOne,
    .kourkoutasWithoutWarmup, .fewerImagesThanABatch, .customScheduleWithoutModule,
  ]
}
