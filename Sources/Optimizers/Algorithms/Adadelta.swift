/// Adadelta: scales each gradient by the ratio of past steps to past gradients, which makes a rate
/// of 1 the natural one.
///
/// Zeiler, "ADADELTA: An Adaptive Learning Rate Method", Algorithm 1, as torch 2.13.0 has it
/// (`torch/optim/adadelta.py`, the loop over tensors; `foreach` gives the same numbers): with
/// weight decay and a rate, which the paper does not have.
struct Adadelta<Element: StoredNumber>: ParameterwiseOptimizer {
  var rho = 0.9
  var epsilon = 1e-6
  var weightDecay = 0.0
  var maximize = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("rho", \.rho, .share, "decay of both mean squares"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added under both roots"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "adds weights to the gradient"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
    ]
  }

  struct Memory: Codable, Sendable {
    /// E[g²]
    var g2: [Element]
    /// E[Δx²]
    var x2: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    [
      StateTensor("step", [], .float32),
      StateTensor("square_avg", parameter.shape, parameter.format),
      StateTensor("acc_delta", parameter.shape, parameter.format),
    ]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(g2: parameter.zeros(), x2: parameter.zeros())
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    sweep(
      &parameter.values, gradient.values, &memory.g2, &memory.x2, rate: rate,
      count: parameter.count)
  }

  private func sweep(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ g2: UnsafeMutablePointer<Element>, _ x2: UnsafeMutablePointer<Element>, rate: Double,
    count: Int
  ) {
    typealias A = Element.Arithmetic
    let sign: A = maximize ? -1 : 1
    let penalty = A(weightDecay)
    let epsilon = A(epsilon)
    let pace = A(-rate)
    let rho = A(rho)
    let weight = A(1 - self.rho)
    @inline(__always) func accumulate(_ square: inout Element, _ term: A) {
      square = Element(rounding: Element.rounded(square.wide * rho) + weight * (term * term))
    }
    /// RMS[·], equation 9.
    @inline(__always) func root(_ square: Element) -> A {
      Element.rounded(Element.rounded(square.wide + epsilon).root)
    }
    Sweep.each(count) { range in
      for i in range {
        let g = Element.rounded(sign * gradient[i].wide + penalty * x[i].wide)
        accumulate(&g2[i], g)  // line 4
        let delta = Element.rounded(Element.rounded(root(x2[i]) / root(g2[i])) * g)  // line 5
        accumulate(&x2[i], delta)  // line 6
        x[i] = Element(rounding: x[i].wide + pace * delta)  // line 7
      }
    }
  }
}

extension OptimizerFamily {
  static let adadelta = OptimizerFamily(
    "ADADELTA", "Adadelta", library: "torch 2.13.0",
    Citation("ADADELTA: An Adaptive Learning Rate Method", "https://arxiv.org/abs/1212.5701"),
    Adadelta<Float>.self, Adadelta<Double>.self, Adadelta<BFloat16>.self, Adadelta<Half>.self)
}
