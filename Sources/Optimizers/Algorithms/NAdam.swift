#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adam with Nesterov's momentum.
///
/// Dozat, "Incorporating Nesterov Momentum into Adam", Algorithm 8, as torch 2.13.0 has it
/// (`torch/optim/nadam.py`): μ climbs from β₁/2 to β₁, gradient and momentum are added to the
/// weights one after the other, and weight decay may be decoupled. The loop over tensors by
/// default; `foreach` takes the root before it corrects the bias. On a GPU, torch takes `foreach`
/// unless told otherwise.
struct NAdam<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  var momentumDecay = 4e-3
  var decoupledWeightDecay = false
  var maximize = false
  var foreach = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "adds weights to the gradient"),
      Hyperparameter("momentum_decay", \.momentumDecay, .notNegative, "how fast momentum climbs"),
      Hyperparameter(
        "decoupled_weight_decay", \.decoupledWeightDecay, "weight decay shrinks the weights"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
      Hyperparameter("foreach", \.foreach, "one operation for all tensors"),
    ]
  }

  struct Memory: Codable, Sendable {
    var t = 0
    /// μ₁μ₂…μₜ, which the library keeps as a tensor.
    var product: Float = 1
    var m: [Element]
    var n: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    [
      StateTensor("step", [], .float32),
      StateTensor("mu_product", [], .float32),
      StateTensor("exp_avg", parameter.shape, parameter.format),
      StateTensor("exp_avg_sq", parameter.shape, parameter.format),
    ]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(m: parameter.zeros(), n: parameter.zeros())
  }

  /// μ of step `t`.
  private func momentum(_ t: Int) -> Double {
    beta1 * (1 - 0.5 * pow(0.96, Double(t) * momentumDecay))
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    let mu = momentum(memory.t)
    let next = momentum(memory.t + 1)
    memory.product *= Float(mu)
    let product = Double(memory.product)
    sweep(
      &parameter.values, gradient.values, &memory.m, &memory.n, t: memory.t, rate: rate,
      gradientPace: -rate * (1 - mu) / (1 - product),
      momentumPace: -rate * next / (1 - product * next), count: parameter.count)
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ n: UnsafeMutablePointer<Element>, t: Int, rate: Double,
    gradientPace: Double, momentumPace: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let sign: A = maximize ? -1 : 1
    let penalty = decoupledWeightDecay ? 0 : A(weightDecay)
    let decay = decoupledWeightDecay ? A(1 - rate * weightDecay) : 1
    let mean = Lerp<A>(1 - beta1)
    let beta2 = A(beta2)
    let weight2 = A(1 - self.beta2)
    let correction = 1 - pow(self.beta2, Double(t))
    let epsilon = A(epsilon)
    let gradientPace = A(gradientPace)
    let momentumPace = A(momentumPace)
    /// - Parameter root: Of n, corrected for its bias.
    @inline(__always) func move(_ i: Int, root: (A) -> A) {
      let g = Element.rounded(sign * gradient[i].wide + penalty * theta[i].wide)
      let decayed = Element.rounded(theta[i].wide * decay)
      m[i] = Element(rounding: mean(m[i].wide, g))
      n[i] = Element(rounding: Element.rounded(n[i].wide * beta2) + weight2 * (g * g))
      let denominator = Element.rounded(root(n[i].wide) + epsilon)
      let ahead = Element.rounded(decayed + gradientPace * (g / denominator))
      theta[i] = Element(rounding: ahead + momentumPace * (m[i].wide / denominator))
    }
    Sweep.each(count) { range in
      if foreach {
        let scale = A(1 / correction.squareRoot())
        for i in range { move(i) { Element.rounded(Element.rounded($0.root) * scale) } }
      } else {
        let scale = A(1 / correction)
        for i in range { move(i) { Element.rounded(Element.rounded($0 * scale).root) } }
      }
    }
  }
}

extension OptimizerFamily {
  static let nadam = OptimizerFamily(
    "NADAM", "NAdam", library: "torch 2.13.0",
    Citation(
      "Incorporating Nesterov Momentum into Adam",
      "https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ"),
    NAdam<Float>.self, NAdam<Double>.self, NAdam<BFloat16>.self, NAdam<Half>.self)
}
