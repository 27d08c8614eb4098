/// Tiger: Lion with β₁ = β₂, the sign of a mean gradient.
///
/// Su, "Tiger: A Tight-fisted Optimizer", as pytorch_optimizer 3.6.0 has it
/// (`optimizer/tiger.py`), without the original's decay and rates by kind of layer.
struct Tiger<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta = 0.965
  var weightDecay = 0.01
  var decoupledDecay = true
  var fixedDecay = false
  var maximize = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta, .fraction, "decay of the mean gradient"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("decoupled_decay", \.decoupledDecay, "decays weights, not gradients"),
      Hyperparameter("fixed_decay", \.fixedDecay, "decouples the decay from the rate too"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
    ]
  }

  struct Memory: Codable, Sendable {
    var m: [Element]
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
    sweep(
      &parameter.values, gradient.values, &memory.m, count: parameter.count, rate: rate)
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, count: Int, rate: Double
  ) {
    typealias A = Element.Arithmetic
    let decay = PytorchOptimizerDecay<Element>(
      weightDecay, decoupled: decoupledDecay, fixed: fixedDecay, rate: rate, maximize: maximize)
    let beta = A(beta)
    let weight = A(1 - self.beta)
    let stepSize = A(-rate)
    Sweep.each(count) { range in
      for i in range {
        let g = decay.gradient(gradient[i], theta[i])
        let mean = Element.rounded(Element.rounded(m[i].wide * beta) + weight * g)
        let side: A = mean > 0 ? 1 : (mean < 0 ? -1 : 0)
        m[i] = Element(rounding: mean)
        theta[i] = Element(rounding: decay.weight(theta[i]) + stepSize * side)
      }
    }
  }
}

extension OptimizerFamily {
  static let tiger = OptimizerFamily(
    "TIGER", "Tiger", library: "pytorch_optimizer 3.6.0",
    Citation("Tiger: A Tight-fisted Optimizer", "https://github.com/bojone/tiger"),
    Tiger<Float>.self, Tiger<Double>.self, Tiger<BFloat16>.self, Tiger<Half>.self)
}
