extension OptimizerFamily {
  /// Every optimizer that can be run, by library.
  public static let all: [OptimizerFamily] =
    torch + bitsandbytes + adaptive + factored + scheduleFree
    + advanced + others

  private static let torch: [OptimizerFamily] = [
    .sgd, .adam, .adamW, .nadam, .radam, .adamax, .adadelta, .asgd, .adagradTorch, .rmspropTorch,
  ]

  private static let bitsandbytes: [OptimizerFamily] = [
    .bitsandbytesAdagrad, .adagrad8bit, .bitsandbytesRMSprop, .rmsprop8bit, .sgd8bit, .lars,
    .lars8bit, .bitsandbytesAdam, .adam8bit, .bitsandbytesAdamW, .adamW8bit, .lamb, .lamb8bit,
    .adEMAMix, .adEMAMix8bit, .bitsandbytesLion, .lion8bit,
  ]

  private static let adaptive: [OptimizerFamily] = [
    .prodigy, .dAdaptAdaGrad, .dAdaptAdam, .dAdaptAdamPreprint, .dAdaptAdan, .dAdaptAdanIP,
    .dAdaptLion, .dAdaptSGD,
  ]

  private static let factored: [OptimizerFamily] = [
    .adafactor, .adafactorAIToolkit, .adafactorTorch, .came, .came8Bit, .camePytorchOptimizer,
    .muon,
  ]

  private static let scheduleFree: [OptimizerFamily] = [
    .scheduleFreeAdamW, .scheduleFreeSGD, .radamScheduleFree, .adamWScheduleFreeKahan,
    .prodigyPlusScheduleFree,
  ]

  private static let advanced: [OptimizerFamily] = [
    .adamWAdv, .adoptAdv, .lionAdv, .signSGDAdv, .prodigyAdv,
  ]

  private static let others: [OptimizerFamily] = [
    .lion, .adaBelief, .adopt, .yogi, .tiger, .aida, .adamWBF16, .optimiAdamW, .optimiLion,
    .optimiStableAdamW, .stableAdamW,
  ]
}
