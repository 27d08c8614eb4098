import Plans

extension AIToolkit {
  /// What only ai-toolkit gets wrong, or reads in a way of its own.
  static let rules: [Rule<AIToolkitJob>] =
    fileRules + optimizerRules + scheduleRules + networkRules + memoryRules + noiseRules

  /// What is wrong with the file before anything is made of its values, and the sentences of the data.
  private static let fileRules: [Rule<AIToolkitJob>] = [
    .byteOrderMark, .environmentVariable, .runNameBreaksFile, .repeatedKey, .unknownKey,
    .unreadableValue,
    .unknownName, .numberInText, .retiredKey, .missingSetting, .valueOutOfRange,
    .conflictingSettings, .settingWithoutEffect, .settingReplaced, .questionableSetting,
  ]

  private static let optimizerRules: [Rule<AIToolkitJob>] = [
    .unusableOptimizer, .optimizerNotAsNamed, .optimizerNeedsPackage, .unknownOptimizerOption,
    .optimizerRefusesValue, .questionableOption, .updateWithinBackward,
    .adafactorSpelledOtherwise,
  ]

  private static let scheduleRules: [Rule<AIToolkitJob>] = [
    .linearScheduleRises, .scheduleUnderAutomagic,
  ]

  private static let networkRules: [Rule<AIToolkitJob>] = [
    .adapterAlphaReplaced, .lokrRankWithoutEffect, .networkBlockEmpty,
  ]

  private static let memoryRules: [Rule<AIToolkitJob>] = [
    .encoderPackedOtherwise, .fluxFlagMissing, .textEmbeddingsPartlyCached,
    .augmentedLatentsNotCached,
  ]

  private static let noiseRules: [Rule<AIToolkitJob>] = [
    .flowModelWithoutFlowScheduler, .samplerUnlikeScheduler,
  ]
}
