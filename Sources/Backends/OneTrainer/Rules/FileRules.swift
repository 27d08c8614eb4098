import Plans

extension OneTrainer {
  /// What is wrong with the file before anything is made of its values.
  static let fileRules: [Rule<OneTrainerConfig>] = [
    .missingVersion, .newerVersion, .byteOrderMark, .repeatedKey, .unknownKey, .retiredKey,
    .unreadableValue, .unknownName, .numberInText, .valueOutOfRange, .optimizerRefusesValue,
    .optimizerDropsSetting, .questionableOption, .twoReadings,
  ]
}
