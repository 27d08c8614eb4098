/// LAMB in bitsandbytes, `LAMB` and `LAMB8bit`: Adam whose update is bounded by the norm of the
/// parameter.
///
/// You et al., "Large Batch Optimization for Deep Learning", Algorithm 2; bitsandbytes 0.49.1 and
/// 0.50.2. Where the paper always scales the update to the norm of the parameter, the library only
/// shrinks what is longer than `max_unorm` times that norm. Scaled is Adam's update without the weight
/// decay, which follows after it. With a scale for each block of 8-bit numbers, nothing is bounded.
/// The library takes `bias_correction`, `adam_w_mode` and `amsgrad` and does nothing with them.
struct BitsandbytesLAMB<Element: StoredNumber, Width: BitsandbytesWidth>:
  BitsandbytesOptimizer
{
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  var maxUnorm = 1.0
  var biasCorrection = true
  var adamWMode = true
  var amsgrad = false
  var storage = BitsandbytesStorage(bits: Width.bits, isBlockwise: false)

  init() {}

  static var kernel: BitsandbytesKernel { .lamb }

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter(
        "max_unorm", \.maxUnorm, .any, "largest norm of the update, in norms of the parameter"),
      Hyperparameter("bias_correction", \.biasCorrection, "ignored"),
      Hyperparameter("adam_w_mode", \.adamWMode, "ignored"),
      Hyperparameter("amsgrad", \.amsgrad, "ignored or refused"),
    ] + BitsandbytesStorage.hyperparameters(choosesBits: Width.bits == 32)
  }

  func checkCombination() throws(HyperparameterError) {
    try storage.check()
    guard Width.bits == 8 else { return }
    try storage.check(amsgrad: amsgrad)
    if storage.isNew, maxUnorm != 1 {
      throw .outOfRange(option: "max_unorm", value: .number(maxUnorm), range: "1")
    }
  }

  /// 0.49.1 forgets to hand the option on.
  var largestUpdate: Double { storage.isOld ? 1 : maxUnorm }

  func rule(_ step: BitsandbytesStep) -> BitsandbytesAdamRule<Element> {
    BitsandbytesAdamRule(
      step, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
  }
}

extension OptimizerFamily {
  private static let lambPaper = Citation(
    "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes",
    "https://arxiv.org/abs/1904.00962")

  static let lamb = OptimizerFamily(
    "LAMB", "LAMB", library: "bitsandbytes 0.49.1, 0.50.2", lambPaper,
    BitsandbytesLAMB<Float, Wide>.self, BitsandbytesLAMB<Double, Wide>.self,
    BitsandbytesLAMB<BFloat16, Wide>.self, BitsandbytesLAMB<Half, Wide>.self)

  static let lamb8bit = OptimizerFamily(
    "LAMB_8BIT", "8-bit LAMB", library: "bitsandbytes 0.49.1, 0.50.2", lambPaper,
    BitsandbytesLAMB<Float, Narrow>.self, BitsandbytesLAMB<Double, Narrow>.self,
    BitsandbytesLAMB<BFloat16, Narrow>.self, BitsandbytesLAMB<Half, Narrow>.self)
}
