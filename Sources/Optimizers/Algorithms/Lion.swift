/// Lion: steps by the sign of the momentum, so that every weight moves by the rate.
///
/// Chen et al., "Symbolic Discovery of Optimization Algorithms", Algorithm 2, as lion-pytorch 0.2.3
/// has it (`lion_pytorch/lion_pytorch.py`): the weights shrink before the update and not within it.
/// `use_triton` is the library's kernel (`triton.py`): it weighs the difference of momentum and
/// gradient, takes its options as float32, and rounds that difference and what it stores.
struct Lion<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.99
  var weightDecay = 0.0
  var usesTriton = false
  var decoupledWeightDecay = false
  var initialRate: Double?

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .share, "what the step takes of the momentum"),
      Hyperparameter("beta2", \.beta2, .share, "decay of the momentum"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("use_triton", \.usesTriton, "one kernel, rounded when it stores"),
      Hyperparameter(
        "decoupled_weight_decay", \.decoupledWeightDecay,
        "weight decay follows the schedule and not the height of the rate"),
      Hyperparameter(
        "initial_lr", \.initialRate, .positive,
        "the rate that decoupled weight decay is divided by; the first above 0 if null"),
    ]
  }

  struct Memory: Codable, Sendable {
    var m: [Element]
    /// The first rate above 0.
    var firstRate: Double?
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    [StateTensor("exp_avg", parameter.shape, parameter.format)]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(m: parameter.zeros())
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    if memory.firstRate == nil, rate > 0 { memory.firstRate = rate }
    let shrinkage =
      decoupledWeightDecay
      ? weightDecay / (initialRate ?? memory.firstRate ?? 1) : weightDecay
    if usesTriton {
      sweepAsTriton(
        &parameter.values, gradient.values, &memory.m, rate: rate, shrinkage: shrinkage,
        count: parameter.count)
    } else {
      sweep(
        &parameter.values, gradient.values, &memory.m, rate: rate, shrinkage: shrinkage,
        count: parameter.count)
    }
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, rate: Double, shrinkage: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let decay = A(1 - rate * shrinkage)
    let pace = A(-rate)
    let beta1 = A(beta1)
    let weight1 = A(1 - self.beta1)
    let beta2 = A(beta2)
    let weight2 = A(1 - self.beta2)
    Sweep.each(count) { range in
      for i in range {
        let g = gradient[i].wide
        let c = Element.rounded(Element.rounded(m[i].wide * beta1) + weight1 * g)
        let decayed = Element.rounded(theta[i].wide * decay)
        theta[i] = Element(rounding: decayed + pace * Self.sign(c))
        m[i] = Element(rounding: Element.rounded(m[i].wide * beta2) + weight2 * g)
      }
    }
  }

  private func sweepAsTriton(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, rate: Double, shrinkage: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let decay = A(1 - Float(rate) * Float(shrinkage))
    let pace = A(-Float(rate))
    let beta1 = A(Float(beta1))
    let beta2 = A(Float(beta2))
    Sweep.each(count) { range in
      for i in range {
        let g = gradient[i].wide
        let difference = Element.rounded(m[i].wide - g)
        let c = difference * beta1 + g
        theta[i] = Element(rounding: theta[i].wide * decay + pace * Self.sign(c))
        m[i] = Element(rounding: difference * beta2 + g)
      }
    }
  }

  @inline(__always) private static func sign(_ x: Element.Arithmetic) -> Element.Arithmetic {
    (x > 0 ? 1 : 0) - (x < 0 ? 1 : 0)
  }
}

extension OptimizerFamily {
  static let lion = OptimizerFamily(
    "LION", "Lion", library: "lion-pytorch 0.2.3",
    Citation("Symbolic Discovery of Optimization Algorithms", "https://arxiv.org/abs/2302.06675"),
    Lion<Float>.self, Lion<Double>.self, Lion<BFloat16>.self, Lion<Half>.self)
}
