import Plans

extension OneTrainer {
  static let outputRules: [Rule<OneTrainerConfig>] = []
}
