import Plans

extension Linter {
  static let lossRules: [Rule<TrainingPlan>] = [.averageSlowerThanRun, .averageWithScheduleFree]
}
