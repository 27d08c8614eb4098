import Plans

extension OneTrainer {
  /// What only OneTrainer gets wrong, one list per subject.
  static let rules: [Rule<OneTrainerConfig>] =
    fileRules + learningRateRules + scheduleRules + optimizerRules + precisionRules + memoryRules
    + adapterRules + lossRules + outputRules
}
