#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// StableAdamW: AdamW whose steps are shortened where the mean square lags behind the gradient.
///
/// Wortsman et al., "Stable and Low-Precision Training for Large-Scale Vision-Language Models",
/// Algorithm 2, as pytorch_optimizer 3.6.0 has it (`optimizer/adamw.py`): biases are corrected in
/// the weights of the averages, and what rounding takes from bfloat16 and float16 weights is kept
/// (Kahan). Coupled weight decay comes too late there to have an effect, and `maximize`, which the
/// constructor keeps, is looked at by no step.
struct StableAdamW<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.99
  var epsilon = 1e-8
  var kahanSum = true
  var weightDecay = 0.01
  var decoupledDecay = true
  var maximize = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("kahan_sum", \.kahanSum, "keeps what is rounded off 16-bit weights"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("weight_decouple", \.decoupledDecay, "switches weight decay on"),
      Hyperparameter("maximize", \.maximize, "is not looked at"),
    ]
  }

  struct Memory: Codable, Sendable {
    var t = 0
    var m: [Element]
    var v: [Element]
    /// What was rounded off the weights; empty if it is not kept.
    var rest: [Element]
  }

  private var keepsRest: Bool { kahanSum && Element.format.width == 2 }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    (["exp_avg", "exp_avg_sq"] + (keepsRest ? ["kahan_comp"] : []))
      .map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(m: parameter.zeros(), v: parameter.zeros(), rest: keepsRest ? parameter.zeros() : [])
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    let lag = average(
      gradient.values, &memory.m, &memory.v, count: parameter.count, t: memory.t)
    let rate = rate / lag
    if keepsRest {
      move(
        &parameter.values, &memory.m, &memory.v, &memory.rest, count: parameter.count, rate: rate)
    } else {
      move(&parameter.values, &memory.m, &memory.v, nil, count: parameter.count, rate: rate)
    }
  }

  /// β̂ of step t: the share of the average so far, such that it needs no correction.
  private func corrected(_ beta: Double, t: Int) -> Double {
    let power = pow(beta, Double(t))
    return (power - beta) / (power - 1)
  }

  /// m and v.
  ///
  /// - Returns: The root mean square of g/√v, at least 1.
  private func average(
    _ gradient: UnsafePointer<Element>, _ m: UnsafeMutablePointer<Element>,
    _ v: UnsafeMutablePointer<Element>, count: Int, t: Int
  ) -> Double {
    typealias A = Element.Arithmetic
    let mean = Lerp<A>(1 - corrected(beta1, t: t))
    let beta2Hat = corrected(beta2, t: t)
    let beta2 = A(beta2Hat)
    let weight2 = A(1 - beta2Hat)
    let floor = Element(epsilon * epsilon).wide
    let sum = Sweep.sum(count) { range in
      var sum: A = 0
      for i in range {
        let g = gradient[i].wide
        m[i] = Element(rounding: mean(m[i].wide, g))
        v[i] = Element(rounding: Element.rounded(v[i].wide * beta2) + weight2 * g * g)
        let ratio = Element.rounded(Element.rounded(g * g) / max(v[i].wide, floor))
        sum = .summing(sum, ratio)
      }
      return Double(sum)
    }
    let square = Element.rounded(A(sum / Double(count)))
    return max(Double(Element.rounded(square.root)), 1)
  }

  private func move(
    _ theta: UnsafeMutablePointer<Element>, _ m: UnsafePointer<Element>,
    _ v: UnsafePointer<Element>, _ rest: UnsafeMutablePointer<Element>?, count: Int, rate: Double
  ) {
    typealias A = Element.Arithmetic
    let shrink = decoupledDecay ? A(1 - weightDecay * rate) : 1
    let stepSize = A(-rate)
    let epsilon = A(epsilon)
    @inline(__always) func update(_ i: Int) -> A {
      let denominator = Element.rounded(Element.rounded(v[i].wide.root) + epsilon)
      return stepSize * (m[i].wide / denominator)
    }
    Sweep.each(count) { range in
      if let rest {
        for i in range {
          let decayed = Element.rounded(theta[i].wide * shrink)
          let whole = Element.rounded(rest[i].wide + update(i))
          theta[i] = Element(rounding: decayed + whole)
          rest[i] = Element(rounding: whole + Element.rounded(decayed - theta[i].wide))
        }
      } else {
        for i in range {
          theta[i] = Element(rounding: Element.rounded(theta[i].wide * shrink) + update(i))
        }
      }
    }
  }
}

extension OptimizerFamily {
  static let stableAdamW = OptimizerFamily(
    "STABLE_ADAMW", "StableAdamW", library: "pytorch_optimizer 3.6.0",
    Citation(
      "Stable and Low-Precision Training for Large-Scale Vision-Language Models",
      "https://arxiv.org/abs/2304.13013"),
    StableAdamW<Float>.self, StableAdamW<Double>.self, StableAdamW<BFloat16>.self,
    StableAdamW<Half>.self)
}
