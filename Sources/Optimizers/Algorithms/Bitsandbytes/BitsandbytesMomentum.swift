/// SGD with momentum in bitsandbytes, `SGD8bit`.
///
/// Sutskever et al., "On the importance of initialization and momentum in deep learning", equations 1
/// and 2, without the learning rate in the average; bitsandbytes 0.49.1 and 0.50.2. The library takes
/// `dampening` and `nesterov` and does nothing with them. It refuses its own default of the momentum.
struct BitsandbytesSGD<Element: StoredNumber, Width: BitsandbytesWidth>:
  BitsandbytesOptimizer
{
  var momentum = 0.0
  var dampening = 0.0
  var nesterov = false
  var weightDecay = 0.0
  var storage = BitsandbytesStorage(bits: Width.bits)

  init() {}

  static var kernel: BitsandbytesKernel { .momentum }

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("momentum", \.momentum, .fraction, "decay of the sum of gradients, not 0"),
      Hyperparameter("dampening", \.dampening, .fraction, "ignored"),
      Hyperparameter("nesterov", \.nesterov, "ignored"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "added to the gradient"),
    ] + BitsandbytesStorage.hyperparameters(choosesBits: Width.bits == 32)
  }

  func checkCombination() throws(HyperparameterError) {
    try storage.check()
    try storage.check(momentum: momentum)
  }

  func rule(_ step: BitsandbytesStep) -> BitsandbytesMomentumRule<Element> {
    BitsandbytesMomentumRule(step, momentum: momentum, weightDecay: weightDecay)
  }
}

/// LARS in bitsandbytes, `LARS` and `LARS8bit`: SGD whose update is bounded by the norm of the
/// parameter.
///
/// You, Gitman and Ginsburg, "Large Batch Training of Convolutional Networks", Algorithm 1;
/// bitsandbytes 0.49.1 and 0.50.2. Where the paper scales the gradient by the ratio of the norms, the
/// library only shrinks an average of gradients that is longer than `max_unorm` times the norm of the
/// parameter; measured is the average without the weight decay. With a scale for each block of 8-bit
/// numbers, nothing is bounded; 0.49.1 has one scale for the tensor, always.
struct BitsandbytesLARS<Element: StoredNumber, Width: BitsandbytesWidth>:
  BitsandbytesOptimizer
{
  var momentum = 0.0
  var dampening = 0.0
  var nesterov = false
  var weightDecay = 0.0
  var maxUnorm = 0.02
  var storage = BitsandbytesStorage(bits: Width.bits, isBlockwise: false)

  init() {}

  static var kernel: BitsandbytesKernel { .lars }

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("momentum", \.momentum, .fraction, "decay of the sum of gradients, not 0"),
      Hyperparameter("dampening", \.dampening, .fraction, "ignored"),
      Hyperparameter("nesterov", \.nesterov, "ignored"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "added to the gradient"),
      Hyperparameter(
        "max_unorm", \.maxUnorm, .any, "largest norm of the update, in norms of the parameter"),
    ] + BitsandbytesStorage.hyperparameters(choosesBits: Width.bits == 32)
  }

  func checkCombination() throws(HyperparameterError) {
    try storage.check()
    try storage.check(momentum: momentum)
    if storage.isBlockwise, storage.bits == 8, storage.isOld {
      throw .combination(option: "block_wise", value: .flag(true), needs: "bitsandbytes 0.50")
    }
  }

  var largestUpdate: Double { maxUnorm }

  func rule(_ step: BitsandbytesStep) -> BitsandbytesMomentumRule<Element> {
    BitsandbytesMomentumRule(step, momentum: momentum, weightDecay: weightDecay)
  }
}

/// The kernel `MOMENTUM`.
struct BitsandbytesMomentumRule<Element: StoredNumber>: BitsandbytesRule {
  static var moments: Int { 1 }

  private let common: BitsandbytesCommon<Element>
  private let momentum, rate: Float
  private var updateScale: Float = 1
  /// The tensor-wise kernel of 0.49.1 forgets the weight decay and the clipping. The reference does not.
  private let takesRaw: Bool
  private let measuresDecay: Bool

  init(_ step: BitsandbytesStep, momentum: Double, weightDecay: Double) {
    common = BitsandbytesCommon(step, coupledDecay: weightDecay)
    self.momentum = Float(momentum)
    rate = step.rate
    takesRaw = step.isTensorwise && step.isOld
    measuresDecay = step.usesProcessor
  }

  mutating func bound(by scale: Float) { updateScale = scale }

  @inline(__always) func move(
    _ p: Float, _ raw: Float, _ s: inout BitsandbytesMoments
  ) -> Float {
    s.m = s.m * momentum + (takesRaw ? raw : common.decayed(raw, p))
    return p + updateScale * (-rate * s.m)
  }

  @inline(__always) func update(
    _ p: Float, _ raw: Float, _ s: BitsandbytesMoments
  ) -> Float {
    let g = measuresDecay ? common.decayed(raw, p) : common.clipped(raw)
    return s.m * momentum + (takesRaw ? raw : g)
  }
}

extension OptimizerFamily {
  private static let larsPaper = Citation(
    "Large Batch Training of Convolutional Networks", "https://arxiv.org/abs/1708.03888")

  static let sgd8bit = OptimizerFamily(
    "SGD_8BIT", "8-bit SGD", library: "bitsandbytes 0.49.1, 0.50.2",
    Citation("8-bit Optimizers via Block-wise Quantization", "https://arxiv.org/abs/2110.02861"),
    BitsandbytesSGD<Float, Narrow>.self, BitsandbytesSGD<Double, Narrow>.self,
    BitsandbytesSGD<BFloat16, Narrow>.self, BitsandbytesSGD<Half, Narrow>.self)

  static let lars = OptimizerFamily(
    "LARS", "LARS", library: "bitsandbytes 0.49.1, 0.50.2", larsPaper,
    BitsandbytesLARS<Float, Wide>.self, BitsandbytesLARS<Double, Wide>.self,
    BitsandbytesLARS<BFloat16, Wide>.self, BitsandbytesLARS<Half, Wide>.self)

  static let lars8bit = OptimizerFamily(
    "LARS_8BIT", "8-bit LARS", library: "bitsandbytes 0.49.1, 0.50.2", larsPaper,
    BitsandbytesLARS<Float, Narrow>.self, BitsandbytesLARS<Double, Narrow>.self,
    BitsandbytesLARS<BFloat16, Narrow>.self, BitsandbytesLARS<Half, Narrow>.self)
}
