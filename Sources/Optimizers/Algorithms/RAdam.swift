#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rectified Adam: plain momentum until the mean square is worth dividing by, then Adam with a
/// factor for its variance.
///
/// Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", Algorithm 2, as torch
/// 2.13.0 has it (`torch/optim/radam.py`): it rectifies above ρ = 5 where the paper does above 4,
/// adds ε before the bias correction, and may decouple weight decay. The loop over tensors by
/// default; `foreach` gathers all factors before it multiplies m. On a GPU, torch takes `foreach`
/// unless told otherwise.
struct RAdam<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
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
      Hyperparameter(
        "decoupled_weight_decay", \.decoupledWeightDecay, "weight decay shrinks the weights"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
      Hyperparameter("foreach", \.foreach, "one operation for all tensors"),
    ]
  }

  struct Memory: Codable, Sendable {
    var t = 0
    var m: [Element]
    var v: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    [
      StateTensor("step", [], .float32),
      StateTensor("exp_avg", parameter.shape, parameter.format),
      StateTensor("exp_avg_sq", parameter.shape, parameter.format),
    ]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(m: parameter.zeros(), v: parameter.zeros())
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    if foreach {
      sweepForEach(
        &parameter.values, gradient.values, &memory.m, &memory.v, t: Double(memory.t), rate: rate,
        count: parameter.count)
    } else {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.v, t: Double(memory.t), rate: rate,
        count: parameter.count)
    }
  }

  /// r: the factor for the variance of the adaptive rate; nil as long as it has none.
  private func rectification(_ t: Double) -> Double? {
    let longest = 2 / (1 - beta2) - 1
    let length = longest - 2 * t * pow(beta2, t) / (1 - pow(beta2, t))
    guard length > 5 else { return nil }
    return
      ((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
      .squareRoot()
  }

  /// Lines 5 and 6, with their constants.
  private struct Averages {
    typealias A = Element.Arithmetic
    let sign, penalty, decay, beta2, weight2, epsilon: A
    let mean: Lerp<A>

    init(_ adam: RAdam, rate: Double) {
      let shrinks = adam.decoupledWeightDecay
      sign = adam.maximize ? -1 : 1
      penalty = shrinks ? 0 : A(adam.weightDecay)
      decay = shrinks ? A(1 - rate * adam.weightDecay) : 1
      mean = Lerp(1 - adam.beta1)
      beta2 = A(adam.beta2)
      weight2 = A(1 - adam.beta2)
      epsilon = A(adam.epsilon)
    }

    /// Returns the weight after decay, and √v + ε.
    @inline(__always) func update(
      _ theta: Element, _ gradient: Element, _ m: inout Element, _ v: inout Element
    ) -> (A, A) {
      let g = Element.rounded(sign * gradient.wide + penalty * theta.wide)
      m = Element(rounding: mean(m.wide, g))
      v = Element(rounding: Element.rounded(v.wide * beta2) + weight2 * (g * g))
      return (
        Element.rounded(theta.wide * decay),
        Element.rounded(Element.rounded(v.wide.root) + epsilon)
      )
    }
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>, t: Double,
    rate: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let averages = Averages(self, rate: rate)
    let r = rectification(t).map(A.init)
    let unbiasing = A(1 / (1 - pow(beta1, t)))
    let rate = A(rate)
    let correction = A((1 - pow(beta2, t)).squareRoot())
    @inline(__always) func scaled(_ i: Int) -> A {
      Element.rounded(Element.rounded(m[i].wide * unbiasing) * rate)
    }
    Sweep.each(count) { range in
      if let r {
        for i in range {
          let (decayed, denominator) = averages.update(theta[i], gradient[i], &m[i], &v[i])
          let inverse = Element.rounded(1 / denominator)
          let adaptive = Element.rounded(scaled(i) * Element.rounded(inverse * correction))
          theta[i] = Element(rounding: decayed - Element.rounded(adaptive * r))
        }
      } else {
        for i in range {
          let (decayed, _) = averages.update(theta[i], gradient[i], &m[i], &v[i])
          theta[i] = Element(rounding: decayed - scaled(i))
        }
      }
    }
  }

  private func sweepForEach(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>, t: Double,
    rate: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let averages = Averages(self, rate: rate)
    let r = rectification(t)
    let pace = rate / (1 - pow(beta1, t))
    let correction = (1 - pow(beta2, t)).squareRoot()
    // One of the two is 0.
    let rectified = A(-1 / (correction * (r ?? 0) * pace))
    let plain = A(r == nil ? -pace : 0)
    Sweep.each(count) { range in
      for i in range {
        let (decayed, denominator) = averages.update(theta[i], gradient[i], &m[i], &v[i])
        let inverse = Element.rounded(1 / Element.rounded(denominator * rectified))
        let factor = Element.rounded(inverse + plain)
        theta[i] = Element(rounding: decayed + m[i].wide * factor)
      }
    }
  }
}

extension OptimizerFamily {
  static let radam = OptimizerFamily(
    "RADAM", "RAdam", library: "torch 2.13.0",
    Citation(
      "On the Variance of the Adaptive Learning Rate and Beyond",
      "https://arxiv.org/abs/1908.03265"),
    RAdam<Float>.self, RAdam<Double>.self, RAdam<BFloat16>.self, RAdam<Half>.self)
}
