import Plans

extension OneTrainer {
  static let optimizerRules: [Rule<OneTrainerConfig>] = [
    .fusedKernelConflict, .adam8BitIsNot, .optionWithoutEffect, .unreadOption,
    .muonWithoutAuxiliaryAdam, .muonWithoutLayerList, .auxiliaryAdamWithoutMuon,
    .auxiliaryAdamUnused, .muonWithoutHiddenLayers, .auxiliaryAdamWithoutBiasCorrection,
  ]
}
