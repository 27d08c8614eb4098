import Plans

extension Linter {
  static let precisionRules: [Rule<TrainingPlan>] = [
    .bfloat16WeightsWithoutStochasticRounding, .weightDecayLostInBfloat16, .momentsInBfloat16,
    .averageInBfloat16, .trainedWeightsInFloat16, .stochasticRoundingWithoutEffect,
  ]
}
