import Plans

extension SimpleTuner {
  /// What SimpleTuner gets wrong in a config and in the files that it names, also where one of those
  /// stands alone.
  static let fileRules: [Rule<SimpleTunerFiles>] =
    keyRules + valueRules + constraintRules + dataRules

  /// What it gets wrong in a config.
  static let rules: [Rule<SimpleTunerConfig>] =
    optimizerRules + optionRules + scheduleRules + packingRules + rateRules
}
