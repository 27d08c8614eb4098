import Plans

extension OneTrainer {
  static let lossRules: [Rule<OneTrainerConfig>] = [
    .lossWeightNotImplemented, .lossStrengthsNotOne, .lossScalerWithClipping, .emptyNoiseRange,
    .timestepShiftIgnored, .predictionTypeNotForced, .priorPreservationOutsideAdapters,
    .priorPredictionOutsideAdapters, .masksNotInLoss, .validationWithoutConcepts,
  ]
}
