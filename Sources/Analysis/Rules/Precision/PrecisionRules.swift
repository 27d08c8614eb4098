import Plans

extension Linter {
  static let precisionRules: [Rule<TrainingPlan>] = [
    .bfloat16WeightsWithoutStochasticRounding, .weightDecayLostInBFloat16, .momentsInBFloat16,
    .averageInBFloat16, .trainedWeightsInFloat16, .stochasticRoundingWithoutEffect,
  ]
}
