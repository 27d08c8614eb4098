import Plans

extension OneTrainer {
  static let lossRules: [Rule<OneTrainerConfig>] = []
}
