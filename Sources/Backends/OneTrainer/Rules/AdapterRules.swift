import Plans

extension OneTrainer {
  static let adapterRules: [Rule<OneTrainerConfig>] = [
    .nothingTrained, .partFrozenFromTheStart, .textEncoderTrainedByDefault, .embeddingsNotTrained,
    .layerFilterNotOfPreset, .emptyLayerPattern, .commaInLayerPattern, .loKrAlphaWithoutEffect,
  ]
}
