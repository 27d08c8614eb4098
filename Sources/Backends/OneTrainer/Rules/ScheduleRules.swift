import Plans

extension OneTrainer {
  static let scheduleRules: [Rule<OneTrainerConfig>] = []
}
