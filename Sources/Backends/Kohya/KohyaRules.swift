import Plans

extension Kohya {
  /// What only sd-scripts gets wrong, one list per subject.
  static let rules: [Rule<KohyaConfig>] = argumentRules + learningRateRules + scheduleRules
  /// What is wrong with the files before anything is made of their values.
  static let fileRules: [Rule<KohyaFiles>] = keyRules + valueRules + constraintRules + dataRules
}
