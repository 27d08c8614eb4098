import Plans

extension OneTrainer {
  static let precisionRules: [Rule<OneTrainerConfig>] = [
    .quantizedTrainedWeights, .float16WithoutLossScaling, .compressedFormatNotOffered,
    .svdQuantWithGGUF, .float32ComputeOffCUDA, .float16FallbackOffCUDA, .sdxlAutoencoderInFloat16,
  ]
}
