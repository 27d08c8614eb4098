#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// AdaBelief: Adam that divides by how far gradients lie from their mean.
///
/// Zhuang et al., "AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients",
/// Algorithm 2, as timm 1.0.31 has it (`optim/adabelief.py`): ε is added to s in place, so that it
/// piles up from step to step, and once more to the root; by default the step is rectified as in
/// Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", Algorithm 2, which then
/// leaves out the correction of s, and the largest s of AMSGrad too. Narrow weights are computed in
/// float32, and rounded at the end.
struct AdaBelief<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-16
  var weightDecay = 0.0
  var amsgrad = false
  var decoupledDecay = true
  var fixedDecay = false
  var rectify = true
  var degeneratedToSGD = true

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared distance from it"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the square and to its root"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("amsgrad", \.amsgrad, "divides by the largest mean square so far"),
      Hyperparameter("decoupled_decay", \.decoupledDecay, "decays weights, not gradients"),
      Hyperparameter("fixed_decay", \.fixedDecay, "decouples the decay from the rate too"),
      Hyperparameter("rectify", \.rectify, "shortens steps while the mean square is uncertain"),
      Hyperparameter(
        "degenerated_to_sgd", \.degeneratedToSGD, "steps undivided while it is too uncertain"),
    ]
  }

  struct Memory: Codable, Sendable {
    var t = 0
    var m: [Element.Arithmetic]
    var s: [Element.Arithmetic]
    /// The largest s so far; empty without amsgrad.
    var sMax: [Element.Arithmetic]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let names = ["exp_avg", "exp_avg_var"] + (amsgrad ? ["max_exp_avg_var"] : [])
    let format = parameter.format == .float64 ? NumberFormat.float64 : .float32
    return names.map { StateTensor($0, parameter.shape, format) }
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(
      m: parameter.wideZeros(), s: parameter.wideZeros(), sMax: amsgrad ? parameter.wideZeros() : []
    )
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    if amsgrad {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.s, &memory.sMax,
        count: parameter.count, move(t: memory.t, rate: rate), rate: rate)
    } else {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.s, nil, count: parameter.count,
        move(t: memory.t, rate: rate), rate: rate)
    }
  }

  /// How the weights move.
  private struct Move {
    /// What √s is multiplied by to divide m; nil to divide by nothing.
    var correction: Double? = 1
    /// Nil if they do not move.
    var stepSize: Double?
    /// Whether it is the largest s that divides.
    var usesLargest = false
  }

  private func move(t: Int, rate: Double) -> Move {
    let t = Double(t)
    let correction = 1 - pow(beta1, t)
    let beta2t = pow(beta2, t)
    guard rectify else {
      return Move(
        correction: 1 / (1 - beta2t).squareRoot(), stepSize: -rate / correction,
        usesLargest: amsgrad)
    }
    let longest = 2 / (1 - beta2) - 1
    let length = longest - 2 * t * beta2t / (1 - beta2t)
    if length >= 5 {
      let square =
        (1 - beta2t) * (length - 4) / (longest - 4) * (length - 2) / length * longest
        / (longest - 2)
      return Move(stepSize: -rate * square.squareRoot() / correction)
    }
    return Move(correction: nil, stepSize: degeneratedToSGD ? -rate / correction : nil)
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element.Arithmetic>, _ s: UnsafeMutablePointer<Element.Arithmetic>,
    _ sMax: UnsafeMutablePointer<Element.Arithmetic>?, count: Int, _ move: Move, rate: Double
  ) {
    typealias A = Element.Arithmetic
    let shrink = decoupledDecay ? A(1 - (fixedDecay ? weightDecay : rate * weightDecay)) : 1
    let pull = decoupledDecay ? 0 : A(weightDecay)
    let mean = Lerp<A>(1 - beta1)
    let beta2 = A(beta2)
    let weight2 = A(1 - self.beta2)
    let epsilon = A(epsilon)
    let divides = move.correction != nil
    let correction = A(move.correction ?? 1)
    let moves = move.stepSize != nil
    let stepSize = A(move.stepSize ?? 0)
    let usesLargest = move.usesLargest
    /// m and s.
    @inline(__always) func average(_ i: Int) {
      let g = gradient[i].wide + pull * theta[i].wide
      m[i] = mean(m[i], g)
      let apart = g - m[i]
      s[i] = s[i] * beta2 + weight2 * apart * apart + epsilon
    }
    @inline(__always) func walk(_ i: Int, _ square: A) {
      let denominator = divides ? square.root * correction + epsilon : 1
      let update = moves ? stepSize * (m[i] / denominator) : 0
      theta[i] = Element(rounding: theta[i].wide * shrink + update)
    }
    Sweep.each(count) { range in
      if let sMax {
        for i in range {
          average(i)
          let largest = max(sMax[i], s[i])
          sMax[i] = largest
          walk(i, usesLargest ? largest : s[i])
        }
      } else {
        for i in range {
          average(i)
          walk(i, s[i])
        }
      }
    }
  }
}

extension OptimizerFamily {
  static let adaBelief = OptimizerFamily(
    "ADABELIEF", "AdaBelief", library: "timm 1.0.31",
    Citation(
      "AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients",
      "https://arxiv.org/abs/2010.07468"),
    AdaBelief<Float>.self, AdaBelief<Double>.self, AdaBelief<BFloat16>.self, AdaBelief<Half>.self)
}
