/// Adam and AdamW in bitsandbytes, `Adam`, `Adam8bit`, `AdamW` and `AdamW8bit`: one kernel, another
/// default of the weight decay.
///
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", Algorithm 1, with the corrections of
/// both averages drawn into one step size, so that ε is multiplied by √(1 − β₂ᵗ); Dettmers et al.,
/// "8-bit Optimizers via Block-wise Quantization". bitsandbytes 0.49.1 and 0.50.2. The decay is
/// decoupled, but shrinks the parameter after the update, not before.
struct BitsandbytesAdam<Element: StoredNumber, Width: BitsandbytesWidth>:
  BitsandbytesOptimizer
{
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  var amsgrad = false
  var isPaged = false
  var storage = BitsandbytesStorage(bits: Width.bits)

  init() {}

  static var kernel: BitsandbytesKernel { .adam }

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("amsgrad", \.amsgrad, "ignored or refused"),
      Hyperparameter("is_paged", \.isPaged, "lets the state move to the memory of the processor"),
    ] + BitsandbytesStorage.hyperparameters(choosesBits: true)
  }

  func checkCombination() throws(HyperparameterError) {
    try storage.check()
    try storage.check(amsgrad: amsgrad)
  }

  func rule(_ step: BitsandbytesStep) -> BitsandbytesAdamRule<Element> {
    BitsandbytesAdamRule(
      step, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
  }
}

/// ``BitsandbytesAdam`` with decoupled weight decay by default.
struct BitsandbytesAdamW<Element: StoredNumber, Width: BitsandbytesWidth>:
  BitsandbytesOptimizer
{
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.01
  var amsgrad = false
  var isPaged = false
  var storage = BitsandbytesStorage(bits: Width.bits)

  init() {}

  static var kernel: BitsandbytesKernel { .adam }

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("amsgrad", \.amsgrad, "ignored or refused"),
      Hyperparameter("is_paged", \.isPaged, "lets the state move to the memory of the processor"),
    ] + BitsandbytesStorage.hyperparameters(choosesBits: Width.bits == 32)
  }

  func checkCombination() throws(HyperparameterError) {
    try storage.check()
    try storage.check(amsgrad: amsgrad)
  }

  func rule(_ step: BitsandbytesStep) -> BitsandbytesAdamRule<Element> {
    BitsandbytesAdamRule(
      step, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
  }
}

/// The kernel `ADAM`, which LAMB shares.
struct BitsandbytesAdamRule<Element: StoredNumber>: BitsandbytesRule {
  static var moments: Int { 2 }

  private var common: BitsandbytesCommon<Element>
  private let beta1, weight1, beta2, weight2: Float
  private var stepSize: Float
  private let epsilon: Float
  /// For the norm of the update.
  private let correction1, correction2, normEpsilon: Float

  init(
    _ step: BitsandbytesStep, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double
  ) {
    common = BitsandbytesCommon(step, weightDecay: weightDecay, guardsGradient: true)
    self.beta1 = Float(beta1)
    self.beta2 = Float(beta2)
    weight1 = step.weight(beta1)
    weight2 = step.weight(beta2)
    let c1 = step.correction(beta1)
    let c2 = step.correction(beta2)
    stepSize = -step.rate * c2.squareRoot() / c1
    self.epsilon = Float(epsilon) * c2.squareRoot()
    // On processors the norm is that of an update without the corrections.
    correction1 = step.usesProcessor ? 1 : 1 / c1
    correction2 = step.usesProcessor ? 1 : 1 / c2
    normEpsilon = step.usesProcessor ? self.epsilon : Float(epsilon)
  }

  mutating func bound(by scale: Float) {
    stepSize = scale * stepSize
    common.bound(by: scale)
  }

  @inline(__always) func move(
    _ p: Float, _ raw: Float, _ s: inout BitsandbytesMoments
  ) -> Float {
    let accepts = common.accepts(raw)
    s = common.kept(average(raw, s), if: accepts)
    let moved = common.decayedBefore(p) + stepSize * (s.m / (s.v.root + epsilon))
    return accepts ? common.decayedAfter(moved) : p
  }

  @inline(__always) func update(
    _ p: Float, _ raw: Float, _ s: BitsandbytesMoments
  ) -> Float {
    let s = average(raw, s)
    return (s.m * correction1) / ((s.v * correction2).root + normEpsilon)
  }

  @inline(__always) private func average(
    _ raw: Float, _ s: BitsandbytesMoments
  ) -> BitsandbytesMoments {
    let g = common.clipped(raw)
    return BitsandbytesMoments(
      m: s.m * beta1 + weight1 * g, v: s.v * beta2 + weight2 * (g * g), slow: 0)
  }
}

extension OptimizerFamily {
  private static let adamPaper = Citation(
    "8-bit Optimizers via Block-wise Quantization", "https://arxiv.org/abs/2110.02861")

  static let adam8bit = OptimizerFamily(
    "ADAM_8BIT", "8-bit Adam", library: "bitsandbytes 0.49.1, 0.50.2", adamPaper,
    BitsandbytesAdam<Float, Narrow>.self, BitsandbytesAdam<Double, Narrow>.self,
    BitsandbytesAdam<BFloat16, Narrow>.self, BitsandbytesAdam<Half, Narrow>.self)

  static let adamW8bit = OptimizerFamily(
    "ADAMW_8BIT", "8-bit AdamW", library: "bitsandbytes 0.49.1, 0.50.2", adamPaper,
    BitsandbytesAdamW<Float, Narrow>.self, BitsandbytesAdamW<Double, Narrow>.self,
    BitsandbytesAdamW<BFloat16, Narrow>.self, BitsandbytesAdamW<Half, Narrow>.self)

  static let bitsandbytesAdam = OptimizerFamily(
    "BNB_ADAM", "Adam of bitsandbytes", library: "bitsandbytes 0.49.1, 0.50.2", adamPaper,
    BitsandbytesAdam<Float, Wide>.self, BitsandbytesAdam<Double, Wide>.self,
    BitsandbytesAdam<BFloat16, Wide>.self, BitsandbytesAdam<Half, Wide>.self)

  static let bitsandbytesAdamW = OptimizerFamily(
    "BNB_ADAMW", "AdamW of bitsandbytes", library: "bitsandbytes 0.49.1, 0.50.2", adamPaper,
    BitsandbytesAdamW<Float, Wide>.self, BitsandbytesAdamW<Double, Wide>.self,
    BitsandbytesAdamW<BFloat16, Wide>.self, BitsandbytesAdamW<Half, Wide>.self)
}
