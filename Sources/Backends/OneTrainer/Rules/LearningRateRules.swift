import Plans

extension OneTrainer {
  static let learningRateRules: [Rule<OneTrainerConfig>] = [
    .muonAdamRateIgnoresParts, .muonAdamRateTooLow,
  ]
}
