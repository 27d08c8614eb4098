import Plans

extension OneTrainer {
  static let memoryRules: [Rule<OneTrainerConfig>] = [
    .unsupportedFusedBackPass, .fusedBackPassWithAccumulation, .accumulationWithOffloadedLayers,
    .fusedBackPassWithoutFusedReduce, .offloadingWithoutFusedBackPass,
    .offloadedTextEncoderWithThreads, .offloadingWithoutCheckpointing, .offloadingWithoutEffect,
    .offloadingNearlyAll, .denoiserWithoutCheckpointing, .compileWithoutEffect,
  ]
}
