/// RMSprop in bitsandbytes, `RMSprop` and `RMSprop8bit`.
///
/// Hinton, "Neural Networks for Machine Learning", lecture 6e; bitsandbytes 0.49.1 and 0.50.2. The
/// 8-bit kernel averages the square of the gradient with weight decay and clipping, but divides the
/// gradient without them. The library takes `momentum` and does nothing with it.
struct BitsandbytesRMSprop<Element: StoredNumber, Width: BitsandbytesWidth>:
  BitsandbytesOptimizer
{
  var alpha = 0.99
  var epsilon = 1e-8
  var weightDecay = 0.0
  var momentum = 0.0
  var centered = false
  var storage = BitsandbytesStorage(bits: Width.bits)

  init() {}

  static var kernel: BitsandbytesKernel { .rmsprop }

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter(
        "alpha", \.alpha, Domain(from: 0, to: 1, includesLowest: false, includesHighest: false),
        "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "added to the gradient"),
      Hyperparameter("momentum", \.momentum, .fraction, "ignored"),
      Hyperparameter("centered", \.centered, "refused"),
    ] + BitsandbytesStorage.hyperparameters(choosesBits: Width.bits == 32)
  }

  func checkCombination() throws(HyperparameterError) {
    try storage.check()
    if centered { throw .outOfRange(option: "centered", value: .flag(true), range: "false") }
  }

  func rule(_ step: BitsandbytesStep) -> BitsandbytesRMSpropRule<Element> {
    BitsandbytesRMSpropRule(step, alpha: alpha, epsilon: epsilon, weightDecay: weightDecay)
  }
}

/// The kernel `RMSPROP`.
struct BitsandbytesRMSpropRule<Element: StoredNumber>: BitsandbytesRule {
  static var moments: Int { 1 }

  private let common: BitsandbytesCommon<Element>
  private let alpha, weight: Float
  private let rate, epsilon: Float
  private let dividesRaw: Bool

  init(_ step: BitsandbytesStep, alpha: Double, epsilon: Double, weightDecay: Double) {
    common = BitsandbytesCommon(step, coupledDecay: weightDecay)
    self.alpha = Float(alpha)
    weight = step.weight(alpha)
    rate = step.rate
    self.epsilon = Float(epsilon)
    // The tensor-wise kernel of 0.49.1 does not; the reference does.
    dividesRaw = step.isNarrow && !step.usesProcessor && !(step.isTensorwise && step.isOld)
  }

  @inline(__always) func move(
    _ p: Float, _ raw: Float, _ s: inout BitsandbytesMoments
  ) -> Float {
    let g = common.decayed(raw, p)
    s.m = s.m * alpha + weight * (g * g)
    return p - rate * ((dividesRaw ? raw : g) / (s.m.root + epsilon))
  }
}

extension OptimizerFamily {
  private static let rmspropLecture = Citation(
    "Neural Networks for Machine Learning, lecture 6e",
    "https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf")

  static let bitsandbytesRMSprop = OptimizerFamily(
    "RMSPROP", "RMSprop of bitsandbytes", library: "bitsandbytes 0.49.1, 0.50.2", rmspropLecture,
    BitsandbytesRMSprop<Float, Wide>.self, BitsandbytesRMSprop<Double, Wide>.self,
    BitsandbytesRMSprop<BFloat16, Wide>.self, BitsandbytesRMSprop<Half, Wide>.self)

  static let rmsprop8bit = OptimizerFamily(
    "RMSPROP_8BIT", "8-bit RMSprop", library: "bitsandbytes 0.49.1, 0.50.2", rmspropLecture,
    BitsandbytesRMSprop<Float, Narrow>.self, BitsandbytesRMSprop<Double, Narrow>.self,
    BitsandbytesRMSprop<BFloat16, Narrow>.self, BitsandbytesRMSprop<Half, Narrow>.self)
}
