import Plans

extension OneTrainer {
  static let outputRules: [Rule<OneTrainerConfig>] = [
    .trainingMethodNotOffered, .outputFormatNotSavable, .adapterFormatTooNarrow,
    .resumedOptimizerOptions, .unreadableResolution, .flashAttentionWithMasks, .latentsNotCached,
    .averageOfFullModelOnGPU, .multiGPUSideEffects,
  ]
}
