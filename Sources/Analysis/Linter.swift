public import Plans

/// Judges plans.
public enum Linter {
  /// What holds for every trainer.
  public static let rules: [Rule<TrainingPlan>] =
    learningRateRules + scheduleRules + optimizerRules + precisionRules + memoryRules + adapterRules
    + lossRules

  /// Runs all rules on a plan.
  public static func lint(_ plan: TrainingPlan, into findings: inout Findings) {
    for rule in rules { rule.run(on: plan, into: &findings) }
  }
}
