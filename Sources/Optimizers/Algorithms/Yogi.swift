#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Yogi: Adam whose mean square moves by the square of the gradient, whatever the distance to it.
///
/// Zaheer et al., "Adaptive Methods for Nonconvex Optimization", Algorithm 2, as pytorch_optimizer
/// 3.6.0 has it (`optimizer/yogi.py`), which corrects the bias as Adam does although both averages
/// start at `initial_accumulator`. It takes `adanorm` and `r` and does not look at them.
struct Yogi<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-3
  var weightDecay = 0.0
  var decoupledDecay = true
  var fixedDecay = false
  var r = 0.95
  var adanorm = false
  var adamDebias = false
  var initialAccumulator = 1e-6
  var maximize = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .share, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .share, "how slowly the mean square follows"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("decoupled_decay", \.decoupledDecay, "decays weights, not gradients"),
      Hyperparameter("fixed_decay", \.fixedDecay, "decouples the decay from the rate too"),
      Hyperparameter("r", \.r, .any, "is not looked at"),
      Hyperparameter("adanorm", \.adanorm, "is not looked at"),
      Hyperparameter("adam_debias", \.adamDebias, "leaves the mean gradient uncorrected"),
      Hyperparameter(
        "initial_accumulator", \.initialAccumulator, .any, "what both averages start at"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
    ]
  }

  /// The first step divides by 1 − β₁.
  func checkCombination() throws(HyperparameterError) {
    if beta1 == 1, !adamDebias {
      throw .combination(option: "beta1", value: .number(1), needs: "'adam_debias'")
    }
  }

  struct Memory: Codable, Sendable {
    var t = 0
    var m: [Element]
    var v: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    ["exp_avg", "exp_avg_sq"].map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    func start() -> [Element] {
      HugePages.array(repeating: Element(initialAccumulator), count: parameter.count)
    }
    return Memory(m: start(), v: start())
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    sweep(
      &parameter.values, gradient.values, &memory.m, &memory.v, count: parameter.count,
      t: memory.t, rate: rate)
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>, count: Int, t: Int,
    rate: Double
  ) {
    typealias A = Element.Arithmetic
    let decay = PytorchOptimizerDecay<Element>(
      weightDecay, decoupled: decoupledDecay, fixed: fixedDecay, rate: rate, maximize: maximize)
    let beta1 = A(beta1)
    let weight1 = A(1 - self.beta1)
    let weight2 = A(-(1 - beta2))
    let stepSize = A(-(adamDebias ? rate : rate / (1 - pow(self.beta1, Double(t)))))
    let correction = A(1 / (1 - pow(beta2, Double(t))).squareRoot())
    let epsilon = A(epsilon)
    Sweep.each(count) { range in
      for i in range {
        let g = decay.gradient(gradient[i], theta[i])
        let square = Element.rounded(g * g)
        m[i] = Element(rounding: Element.rounded(m[i].wide * beta1) + weight1 * g)
        let apart = Element.rounded(v[i].wide - square)
        let side: A = apart > 0 ? 1 : (apart < 0 ? -1 : 0)
        v[i] = Element(rounding: v[i].wide + weight2 * side * square)
        let scaled = Element.rounded(Element.rounded(v[i].wide.root) * correction)
        let denominator = Element.rounded(scaled + epsilon)
        theta[i] = Element(rounding: decay.weight(theta[i]) + stepSize * (m[i].wide / denominator))
      }
    }
  }
}

extension OptimizerFamily {
  static let yogi = OptimizerFamily(
    "YOGI", "Yogi", library: "pytorch_optimizer 3.6.0",
    Citation(
      "Adaptive Methods for Nonconvex Optimization",
      "https://papers.nips.cc/paper/8186-adaptive-methods-for-nonconvex-optimization"),
    Yogi<Float>.self, Yogi<Double>.self, Yogi<BFloat16>.self, Yogi<Half>.self)
}
