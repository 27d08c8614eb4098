/// Lion in bitsandbytes, `Lion` and `Lion8bit`.
///
/// Chen et al., "Symbolic Discovery of Optimization Algorithms", Algorithm 2; bitsandbytes 0.49.1 and
/// 0.50.2. The decay shrinks the parameter before the update, as the paper's does; but the 32-bit
/// kernel of 0.49.1 adds it to the gradient.
struct BitsandbytesLion<Element: StoredNumber, Width: BitsandbytesWidth>:
  BitsandbytesOptimizer
{
  var beta1 = 0.9
  var beta2 = 0.99
  var weightDecay = 0.0
  var isPaged = false
  var storage = BitsandbytesStorage(bits: Width.bits)

  init() {}

  static var kernel: BitsandbytesKernel { .lion }

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "weight of the average in the update"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean gradient"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("is_paged", \.isPaged, "lets the state move to the memory of the processor"),
    ] + BitsandbytesStorage.hyperparameters(choosesBits: Width.bits == 32)
  }

  func checkCombination() throws(HyperparameterError) { try storage.check() }

  func rule(_ step: BitsandbytesStep) -> BitsandbytesLionRule<Element> {
    BitsandbytesLionRule(step, beta1: beta1, beta2: beta2, weightDecay: weightDecay)
  }
}

/// The kernel `LION`.
struct BitsandbytesLionRule<Element: StoredNumber>: BitsandbytesRule {
  static var moments: Int { 1 }

  private let common: BitsandbytesCommon<Element>
  private let beta1, weight1, beta2, weight2: Float
  private let rate, decay: Float

  init(_ step: BitsandbytesStep, beta1: Double, beta2: Double, weightDecay: Double) {
    let isCoupled = step.isOld && !step.isNarrow
    common = BitsandbytesCommon(step, coupledDecay: isCoupled ? weightDecay : 0)
    self.beta1 = Float(beta1)
    self.beta2 = Float(beta2)
    weight1 = step.weight(beta1)
    weight2 = step.weight(beta2)
    // The 8-bit kernel keeps the update where the gradient was.
    rate =
      step.isNarrow && !step.isTensorwise && !step.usesProcessor
      ? Element.stored(step.rate) : step.rate
    decay = isCoupled ? 1 : 1 - step.rate * Float(weightDecay)
  }

  @inline(__always) func move(
    _ p: Float, _ raw: Float, _ s: inout BitsandbytesMoments
  ) -> Float {
    let g = common.decayed(raw, p)
    let c = s.m * beta1 + weight1 * g
    s.m = s.m * beta2 + weight2 * g
    let update = c > 0 ? rate : c < 0 ? -rate : 0
    return common.rounded(p * decay) - update
  }
}

extension OptimizerFamily {
  private static let lionPaper = Citation(
    "Symbolic Discovery of Optimization Algorithms", "https://arxiv.org/abs/2302.06675")

  static let lion8bit = OptimizerFamily(
    "LION_8BIT", "8-bit Lion", library: "bitsandbytes 0.49.1, 0.50.2", lionPaper,
    BitsandbytesLion<Float, Narrow>.self, BitsandbytesLion<Double, Narrow>.self,
    BitsandbytesLion<BFloat16, Narrow>.self, BitsandbytesLion<Half, Narrow>.self)

  static let bitsandbytesLion = OptimizerFamily(
    "BNB_LION", "Lion of bitsandbytes", library: "bitsandbytes 0.49.1, 0.50.2", lionPaper,
    BitsandbytesLion<Float, Wide>.self, BitsandbytesLion<Double, Wide>.self,
    BitsandbytesLion<BFloat16, Wide>.self, BitsandbytesLion<Half, Wide>.self)
}
