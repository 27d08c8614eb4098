#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adam that divides by the largest gradient of late instead of the mean square.
///
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", Algorithm 2, as torch 2.13.0 has it
/// (`torch/optim/adamax.py`, the loop over tensors; `foreach` gives the same numbers): ε is added
/// to each gradient's magnitude.
struct Adamax<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  var maximize = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the largest gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to a gradient's magnitude"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "adds weights to the gradient"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
    ]
  }

  struct Memory: Codable, Sendable {
    var t = 0
    var m: [Element]
    var u: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    [
      StateTensor("step", [], .float32),
      StateTensor("exp_avg", parameter.shape, parameter.format),
      StateTensor("exp_inf", parameter.shape, parameter.format),
    ]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(m: parameter.zeros(), u: parameter.zeros())
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    sweep(
      &parameter.values, gradient.values, &memory.m, &memory.u,
      pace: -(rate / (1 - pow(beta1, Double(memory.t)))), count: parameter.count)
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ u: UnsafeMutablePointer<Element>, pace: Double,
    count: Int
  ) {
    typealias A = Element.Arithmetic
    let sign: A = maximize ? -1 : 1
    let penalty = A(weightDecay)
    let mean = Lerp<A>(1 - beta1)
    let beta2 = A(beta2)
    let epsilon = A(epsilon)
    let pace = A(pace)
    Sweep.each(count) { range in
      for i in range {
        let g = Element.rounded(sign * gradient[i].wide + penalty * theta[i].wide)
        m[i] = Element(rounding: mean(m[i].wide, g))
        let magnitude = Element.rounded(g.magnitude + epsilon)
        u[i] = Element(rounding: max(Element.rounded(u[i].wide * beta2), magnitude))
        theta[i] = Element(rounding: theta[i].wide + pace * (m[i].wide / u[i].wide))
      }
    }
  }
}

extension OptimizerFamily {
  static let adamax = OptimizerFamily(
    "ADAMAX", "Adamax", library: "torch 2.13.0",
    Citation("Adam: A Method for Stochastic Optimization", "https://arxiv.org/abs/1412.6980"),
    Adamax<Float>.self, Adamax<Double>.self, Adamax<BFloat16>.self, Adamax<Half>.self)
}
