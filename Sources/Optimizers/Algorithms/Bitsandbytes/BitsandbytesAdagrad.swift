/// Adagrad in bitsandbytes, `Adagrad` and `Adagrad8bit`.
///
/// Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
/// Optimization", figure 1 with diagonal matrices; bitsandbytes 0.49.1 and 0.50.2. The 8-bit kernel
/// adds the square of the gradient with weight decay and clipping, but divides the gradient without
/// them.
struct BitsandbytesAdagrad<Element: StoredNumber, Width: BitsandbytesWidth>:
  BitsandbytesOptimizer
{
  var epsilon = 1e-10
  var weightDecay = 0.0
  var rateDecay = 0.0
  var initialAccumulator = 0.0
  var storage = BitsandbytesStorage(bits: Width.bits)

  init() {}

  static var kernel: BitsandbytesKernel { .adagrad }

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "added to the gradient"),
      Hyperparameter("lr_decay", \.rateDecay, Domain(from: 0, to: 0), "refused"),
      Hyperparameter(
        "initial_accumulator_value", \.initialAccumulator, Domain(from: 0, to: 0), "refused"),
    ] + BitsandbytesStorage.hyperparameters(choosesBits: Width.bits == 32)
  }

  func checkCombination() throws(HyperparameterError) {
    try storage.check()
    if storage.bits == 8 { try storage.checkBlockwise() }
  }

  func rule(_ step: BitsandbytesStep) -> BitsandbytesAdagradRule<Element> {
    BitsandbytesAdagradRule(step, epsilon: epsilon, weightDecay: weightDecay)
  }
}

/// The kernel `ADAGRAD`.
struct BitsandbytesAdagradRule<Element: StoredNumber>: BitsandbytesRule {
  static var moments: Int { 1 }

  private let common: BitsandbytesCommon<Element>
  private let rate, epsilon: Float
  private let dividesRaw: Bool

  init(_ step: BitsandbytesStep, epsilon: Double, weightDecay: Double) {
    common = BitsandbytesCommon(step, coupledDecay: weightDecay)
    rate = step.rate
    self.epsilon = Float(epsilon)
    dividesRaw = step.isNarrow && !step.usesProcessor
  }

  @inline(__always) func move(
    _ p: Float, _ raw: Float, _ s: inout BitsandbytesMoments
  ) -> Float {
    let g = common.decayed(raw, p)
    s.m += g * g
    return p - rate * ((dividesRaw ? raw : g) / (s.m.root + epsilon))
  }
}

extension OptimizerFamily {
  private static let adagradPaper = Citation(
    "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
    "https://jmlr.org/papers/v12/duchi11a.html")

  static let bitsandbytesAdagrad = OptimizerFamily(
    "ADAGRAD", "Adagrad of bitsandbytes", library: "bitsandbytes 0.49.1, 0.50.2", adagradPaper,
    BitsandbytesAdagrad<Float, Wide>.self, BitsandbytesAdagrad<Double, Wide>.self,
    BitsandbytesAdagrad<BFloat16, Wide>.self, BitsandbytesAdagrad<Half, Wide>.self)

  static let adagrad8bit = OptimizerFamily(
    "ADAGRAD_8BIT", "8-bit Adagrad", library: "bitsandbytes 0.49.1, 0.50.2", adagradPaper,
    BitsandbytesAdagrad<Float, Narrow>.self, BitsandbytesAdagrad<Double, Narrow>.self,
    BitsandbytesAdagrad<BFloat16, Narrow>.self, BitsandbytesAdagrad<Half, Narrow>.self)
}
