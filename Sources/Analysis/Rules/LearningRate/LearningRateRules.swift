import Plans

extension Linter {
  static let learningRateRules: [Rule<TrainingPlan>] = [
    .unequalLearningRates, .adaptiveLearningRateNotOne, .scaledAdaptiveLearningRate,
    .learningRateZero, .learningRateTooHigh, .learningRateTooLow, .signOptimizerAtAdamRate,
    .relativeStepRateTooHigh, .relativeStepWithSchedule, .learningRateIgnored,
    .scaleParameterWithLearningRate,
  ]
}
