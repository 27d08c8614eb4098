#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// AdEMAMix in bitsandbytes, `AdEMAMix` and `AdEMAMix8bit`: Adam with a second, slow mean gradient.
///
/// Pagliardini, Ablin and Grangier, "The AdEMAMix Optimizer: Better, Faster, Older", Algorithm 1;
/// bitsandbytes 0.49.1 and 0.50.2. m₁ is `m` here, m₂ is `slow`, ν is `v`. The decay is decoupled,
/// but shrinks the parameter after the update.
///
/// Of a tensor whose size is no multiple of 256, the kernel writes the last scale of m₁ and the first
/// of m₂ to one place, from two blocks at once. Here each has its own, as in the reference.
struct BitsandbytesAdEMAMix<Element: StoredNumber, Width: BitsandbytesWidth>:
  BitsandbytesOptimizer
{
  var beta1 = 0.9
  var beta2 = 0.999
  var beta3 = 0.9999
  var alpha = 5.0
  /// Steps in which α grows to its value.
  var tAlpha: Double?
  /// Steps in which β₃ grows to its value.
  var tBeta3: Double?
  var epsilon = 1e-8
  var weightDecay = 0.01
  var isPaged = false
  var storage = BitsandbytesStorage(bits: Width.bits)

  init() {}

  static var kernel: BitsandbytesKernel { .ademamix }

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("beta3", \.beta3, .fraction, "decay of the slow mean gradient"),
      Hyperparameter("alpha", \.alpha, .any, "weight of the slow mean gradient"),
      Hyperparameter("t_alpha", \.tAlpha, .any, "steps in which alpha grows to its value"),
      Hyperparameter("t_beta3", \.tBeta3, .any, "steps in which beta3 grows to its value"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("is_paged", \.isPaged, "lets the state move to the memory of the processor"),
    ]
      + BitsandbytesStorage.hyperparameters(
        choosesBits: Width.bits == 32, percentiles: 100...Int.max)
  }

  func checkCombination() throws(HyperparameterError) {
    try storage.check()
    try storage.checkBlockwise()
    for (option, duration) in [("t_alpha", tAlpha), ("t_beta3", tBeta3)]
    where duration == 0 && storage.isOld {
      throw .outOfRange(option: option, value: .number(0), range: "null, or not 0")
    }
    if let tBeta3, tBeta3 != 0 {
      for (option, beta) in [("beta1", beta1), ("beta3", beta3)] where beta == 0 {
        throw .combination(option: option, value: .number(0), needs: "no 't_beta3'")
      }
    }
  }

  func rule(_ step: BitsandbytesStep) -> BitsandbytesAdEMAMixRule<Element> {
    BitsandbytesAdEMAMixRule(
      step, beta1: beta1, beta2: beta2, beta3: scheduledBeta3(step.t),
      alpha: scheduledAlpha(step.t), epsilon: epsilon, weightDecay: weightDecay)
  }

  /// The paper's f_α.
  func scheduledAlpha(_ t: Int) -> Double {
    guard let tAlpha, tAlpha != 0 else { return alpha }
    return min(Double(t) * alpha / tAlpha, alpha)
  }

  /// The paper's f_β₃: the half-life grows by the same number of steps in each step.
  func scheduledBeta3(_ t: Int) -> Double {
    guard let tBeta3, tBeta3 != 0 else { return beta3 }
    let share = Double(t) / tBeta3
    let (ln1, ln3) = (log(beta1), log(beta3))
    return min(exp(ln1 * ln3 / ((1 - share) * ln3 + share * ln1)), beta3)
  }
}

/// The kernel `ADEMAMIX`.
struct BitsandbytesAdEMAMixRule<Element: StoredNumber>: BitsandbytesRule {
  static var moments: Int { 3 }

  private let common: BitsandbytesCommon<Element>
  private let beta1, weight1, beta2, weight2, beta3, weight3: Float
  private let rate, alpha, correction1, correction2, epsilon: Float

  init(
    _ step: BitsandbytesStep, beta1: Double, beta2: Double, beta3: Double, alpha: Double,
    epsilon: Double, weightDecay: Double
  ) {
    common = BitsandbytesCommon(step, weightDecay: weightDecay, guardsGradient: true)
    self.beta1 = Float(beta1)
    self.beta2 = Float(beta2)
    self.beta3 = Float(beta3)
    weight1 = step.weight(beta1)
    weight2 = step.weight(beta2)
    weight3 = step.weight(beta3)
    rate = step.rate
    self.alpha = Float(alpha)
    correction1 = step.correction(beta1)
    correction2 = step.correction(beta2).squareRoot()
    self.epsilon = Float(epsilon)
  }

  @inline(__always) func move(
    _ p: Float, _ raw: Float, _ s: inout BitsandbytesMoments
  ) -> Float {
    let g = common.clipped(raw)
    let accepts = common.accepts(raw)
    s = common.kept(
      BitsandbytesMoments(
        m: s.m * beta1 + weight1 * g, v: s.v * beta2 + weight2 * (g * g),
        slow: s.slow * beta3 + weight3 * g),
      if: accepts)
    let mixed = s.m / correction1 + alpha * s.slow
    let moved = common.decayedBefore(p) - rate * (mixed / (s.v.root / correction2 + epsilon))
    return accepts ? common.decayedAfter(moved) : p
  }
}

extension OptimizerFamily {
  private static let adEMAMixPaper = Citation(
    "The AdEMAMix Optimizer: Better, Faster, Older", "https://arxiv.org/abs/2409.03137")

  static let adEMAMix = OptimizerFamily(
    "AdEMAMix", "AdEMAMix", library: "bitsandbytes 0.49.1, 0.50.2", adEMAMixPaper,
    BitsandbytesAdEMAMix<Float, Wide>.self, BitsandbytesAdEMAMix<Double, Wide>.self,
    BitsandbytesAdEMAMix<BFloat16, Wide>.self, BitsandbytesAdEMAMix<Half, Wide>.self)

  static let adEMAMix8bit = OptimizerFamily(
    "AdEMAMix_8BIT", "8-bit AdEMAMix", library: "bitsandbytes 0.49.1, 0.50.2", adEMAMixPaper,
    BitsandbytesAdEMAMix<Float, Narrow>.self, BitsandbytesAdEMAMix<Double, Narrow>.self,
    BitsandbytesAdEMAMix<BFloat16, Narrow>.self, BitsandbytesAdEMAMix<Half, Narrow>.self)
}
