#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// ADOPT: Adam that divides by the mean square of the gradients before this one, so that it
/// converges with any β₂.
///
/// Taniguchi et al., "ADOPT: Modified Adam Can Converge with Any β₂ with the Optimal Rate",
/// Algorithm 2 (with clipping), as pytorch_optimizer 3.6.0 has it (`optimizer/adopt.py`). There the
/// clip of step t is t^¼ with the first step, which moves nothing, counted; and the first step does
/// decay the weights. `cautious` is Liang et al., "Cautious Optimizers", Algorithm 1, with the
/// normalised gradient in place of the gradient.
struct ADOPT<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.9999
  var epsilon = 1e-6
  var weightDecay = 0.0
  var decoupledDecay = false
  var fixedDecay = false
  var cautious = false
  var maximize = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .share, "decay of the mean normalised gradient"),
      Hyperparameter("beta2", \.beta2, .share, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "least denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("decoupled_decay", \.decoupledDecay, "decays weights, not gradients"),
      Hyperparameter("fixed_decay", \.fixedDecay, "decouples the decay from the rate too"),
      Hyperparameter("cautious", \.cautious, "skips weights whose update opposes the gradient"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
    ]
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
    Memory(m: parameter.zeros(), v: parameter.zeros())
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
    let floor = Element(epsilon).wide
    let clip = Element(pow(Double(t), 0.25)).wide
    let average = Lerp<A>(1 - beta1)
    let beta2 = A(beta2)
    let weight2 = A(1 - self.beta2)
    let stepSize = A(-rate)
    /// v of the first step.
    @inline(__always) func begin(_ i: Int) {
      let g = decay.gradient(gradient[i], theta[i])
      theta[i] = Element(rounding: decay.weight(theta[i]))
      v[i] = Element(rounding: v[i].wide + g * g)
    }
    /// c: the gradient over the root of the last v, clipped.
    @inline(__always) func normalised(_ g: A, _ i: Int) -> A {
      let c = Element.rounded(g / max(Element.rounded(v[i].wide.root), floor))
      return min(max(c, -clip), clip)
    }
    /// m; returns g and c.
    @inline(__always) func mean(_ i: Int) -> (g: A, c: A) {
      let g = decay.gradient(gradient[i], theta[i])
      let c = normalised(g, i)
      m[i] = Element(rounding: average(m[i].wide, c))
      return (g, c)
    }
    @inline(__always) func move(_ i: Int, _ update: A, _ g: A) {
      theta[i] = Element(rounding: decay.weight(theta[i]) + stepSize * update)
      v[i] = Element(rounding: Element.rounded(v[i].wide * beta2) + weight2 * g * g)
    }
    if t == 1 {
      Sweep.each(count) { range in for i in range { begin(i) } }
    } else if cautious {
      let aligned = Sweep.sum(count) { range in
        var sum: A = 0
        for i in range {
          let (_, c) = mean(i)
          sum = .summing(sum, Element.rounded(m[i].wide * c) > 0 ? 1 : 0)
        }
        return Double(sum)
      }
      let scale = cautiousScale(aligned: aligned, of: count)
      Sweep.each(count) { range in
        for i in range {
          let g = decay.gradient(gradient[i], theta[i])
          let c = normalised(g, i)
          let share = Element.rounded(m[i].wide * c) > 0 ? scale : 0
          move(i, Element.rounded(m[i].wide * share), g)
        }
      }
    } else {
      Sweep.each(count) { range in
        for i in range {
          let (g, _) = mean(i)
          move(i, m[i].wide, g)
        }
      }
    }
  }

  /// What the updates that stay are multiplied by: n / (how many + 1), each operation rounded.
  private func cautiousScale(aligned: Double, of count: Int) -> Element.Arithmetic {
    typealias A = Element.Arithmetic
    let more = Element.rounded(Element.rounded(A(aligned)) + 1)
    return Element.rounded(Element.rounded(1 / more) * A(count))
  }
}

extension OptimizerFamily {
  static let adopt = OptimizerFamily(
    "ADOPT", "ADOPT", library: "pytorch_optimizer 3.6.0",
    Citation(
      "ADOPT: Modified Adam Can Converge with Any β₂ with the Optimal Rate",
      "https://arxiv.org/abs/2411.02853"),
    ADOPT<Float>.self, ADOPT<Double>.self, ADOPT<BFloat16>.self, ADOPT<Half>.self)
}
