#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Averaged stochastic gradient descent: a falling rate, and the mean of the weights beside them.
///
/// Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", with the rate of
/// Bottou's sgd, as torch 2.13.0 has it (`torch/optim/asgd.py`): the rate of a step is set at the
/// end of the step before; the mean `ax` is kept, but no trainer reads it. The loop over tensors
/// by default; `foreach` adds λθ to the gradient instead of shrinking the weights, reads η and μ in
/// the weights' format and computes η in float32. On a GPU, torch takes `foreach` unless told
/// otherwise.
struct ASGD<Element: StoredNumber>: ParameterwiseOptimizer {
  var lambda = 1e-4
  var alpha = 0.75
  var start = 1e6
  var weightDecay = 0.0
  var maximize = false
  var foreach = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("lambd", \.lambda, .notNegative, "shrinks weights and makes the rate fall"),
      Hyperparameter("alpha", \.alpha, .notNegative, "power with which the rate falls"),
      Hyperparameter("t0", \.start, .any, "the step after which the mean is taken"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "adds weights to the gradient"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
      Hyperparameter("foreach", \.foreach, "one operation for all tensors"),
    ]
  }

  struct Memory: Codable, Sendable {
    var t = 0
    /// η, which the library keeps as a tensor, for the next step.
    var eta: Float = 0
    /// μ, likewise: what the mean takes of the weights.
    var mu: Float = 1
    var mean: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    ["step", "eta", "mu"].map { StateTensor($0, [], .float32) }
      + [StateTensor("ax", parameter.shape, parameter.format)]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(mean: parameter.zeros())
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    if memory.t == 0 { memory.eta = Float(rate) }
    memory.t += 1
    sweep(
      &parameter.values, gradient.values, &memory.mean, eta: memory.eta, mu: memory.mu,
      count: parameter.count)
    memory.eta = eta(after: memory.t, rate: rate)
    memory.mu = Float(1 / max(1, Double(memory.t) - start))
  }

  /// η of the step after `t`.
  private func eta(after t: Int, rate: Double) -> Float {
    if foreach {
      let falling = pow(1 + Float(lambda * rate) * Float(t), Float(alpha))
      return 1 / falling * Float(rate)
    }
    return Float(rate / pow(1 + lambda * rate * Double(t), alpha))
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ mean: UnsafeMutablePointer<Element>, eta: Float, mu: Float, count: Int
  ) {
    typealias A = Element.Arithmetic
    let sign: A = maximize ? -1 : 1
    let penalty = A(weightDecay)
    let lambda = A(lambda)
    let decay = A(1 - self.lambda * Double(eta))
    let pace = A(-eta)
    let share = A(mu)
    @inline(__always) func slope(_ i: Int) -> A {
      Element.rounded(sign * gradient[i].wide + penalty * theta[i].wide)
    }
    @inline(__always) func shrink(_ i: Int) {
      theta[i] = Element(rounding: Element.rounded(theta[i].wide * decay) + pace * slope(i))
    }
    Sweep.each(count) { range in
      if foreach {
        let pace = Element.rounded(pace)
        let share = Element.rounded(share)
        for i in range {
          let g = Element.rounded(slope(i) + lambda * theta[i].wide)
          theta[i] = Element(rounding: theta[i].wide + pace * g)
          let distance = Element.rounded(theta[i].wide - mean[i].wide)
          mean[i] = Element(rounding: mean[i].wide + share * distance)
        }
      } else if mu == 1 {
        for i in range {
          shrink(i)
          mean[i] = theta[i]
        }
      } else {
        for i in range {
          shrink(i)
          let distance = Element.rounded(theta[i].wide - mean[i].wide)
          mean[i] = Element(rounding: mean[i].wide + Element.rounded(distance * share))
        }
      }
    }
  }
}

extension OptimizerFamily {
  static let asgd = OptimizerFamily(
    "ASGD", "ASGD", library: "torch 2.13.0",
    Citation(
      "Acceleration of Stochastic Approximation by Averaging", "https://doi.org/10.1137/0330046"),
    ASGD<Float>.self, ASGD<Double>.self, ASGD<BFloat16>.self, ASGD<Half>.self)
}
