/// RMSprop: divides by the root of the mean squared gradient, or of its variance.
///
/// Hinton, "Neural Networks for Machine Learning", lecture 6e; centered as in Graves, "Generating
/// Sequences With Recurrent Neural Networks", equations 38 to 45. As torch 2.13.0 has it
/// (`torch/optim/rmsprop.py`, the loop over tensors; `foreach` gives the same numbers): ε is added
/// after the root is taken, and the rate multiplies the momentum and not what enters it.
struct RMSpropTorch<Element: StoredNumber>: ParameterwiseOptimizer {
  var alpha = 0.99
  var epsilon = 1e-8
  var weightDecay = 0.0
  var momentum = 0.0
  var centered = false
  var maximize = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("alpha", \.alpha, .notNegative, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "adds weights to the gradient"),
      Hyperparameter("momentum", \.momentum, .notNegative, "what a step keeps of the steps before"),
      Hyperparameter("centered", \.centered, "divides by the deviation from the mean gradient"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
    ]
  }

  struct Memory: Codable, Sendable {
    /// n: the mean square.
    var n: [Element]
    /// The mean gradient; empty unless centered.
    var g: [Element]
    /// Empty without momentum.
    var b: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let names =
      ["square_avg"] + (momentum > 0 ? ["momentum_buffer"] : []) + (centered ? ["grad_avg"] : [])
    return [StateTensor("step", [], .float32)]
      + names.map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(
      n: parameter.zeros(), g: centered ? parameter.zeros() : [],
      b: momentum > 0 ? parameter.zeros() : [])
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    sweep(
      &parameter.values, gradient.values, &memory.n, &memory.g, &memory.b, rate: rate,
      count: parameter.count)
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ n: UnsafeMutablePointer<Element>, _ mean: UnsafeMutablePointer<Element>,
    _ b: UnsafeMutablePointer<Element>, rate: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let sign: A = maximize ? -1 : 1
    let penalty = A(weightDecay)
    let momentum = A(momentum)
    let epsilon = A(epsilon)
    let pace = A(-rate)
    let alpha = A(alpha)
    let weight = A(1 - self.alpha)
    let lerp = Lerp<A>(1 - self.alpha)
    @inline(__always) func slope(_ i: Int) -> A {
      Element.rounded(sign * gradient[i].wide + penalty * theta[i].wide)
    }
    @inline(__always) func square(_ i: Int, _ g: A) -> A {
      n[i] = Element(rounding: Element.rounded(n[i].wide * alpha) + weight * (g * g))
      return n[i].wide
    }
    @inline(__always) func variance(_ i: Int, _ g: A) -> A {
      mean[i] = Element(rounding: lerp(mean[i].wide, g))
      return Element.rounded(square(i, g) - mean[i].wide * mean[i].wide)
    }
    @inline(__always) func quotient(_ g: A, _ square: A) -> A {
      g / Element.rounded(Element.rounded(square.root) + epsilon)
    }
    @inline(__always) func move(_ i: Int, _ direction: A) {
      theta[i] = Element(rounding: theta[i].wide + pace * direction)
    }
    @inline(__always) func roll(_ i: Int, _ direction: A) {
      b[i] = Element(rounding: Element.rounded(b[i].wide * momentum) + direction)
      move(i, b[i].wide)
    }
    Sweep.each(count) { range in
      switch (centered, self.momentum > 0) {
      case (false, false):
        for i in range {
          let g = slope(i)
          move(i, quotient(g, square(i, g)))
        }
      case (false, true):
        for i in range {
          let g = slope(i)
          roll(i, quotient(g, square(i, g)))
        }
      case (true, false):
        for i in range {
          let g = slope(i)
          move(i, quotient(g, variance(i, g)))
        }
      case (true, true):
        for i in range {
          let g = slope(i)
          roll(i, quotient(g, variance(i, g)))
        }
      }
    }
  }
}

extension OptimizerFamily {
  static let rmspropTorch = OptimizerFamily(
    "RMSPROP_TORCH", "RMSprop (torch)", library: "torch 2.13.0",
    Citation(
      "Neural Networks for Machine Learning, lecture 6e",
      "https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf"),
    RMSpropTorch<Float>.self, RMSpropTorch<Double>.self, RMSpropTorch<BFloat16>.self,
    RMSpropTorch<Half>.self)
}
