import Plans

extension Linter {
  static let adapterRules: [Rule<TrainingPlan>] = [.adapterAlphaFarBelowRank]
}
