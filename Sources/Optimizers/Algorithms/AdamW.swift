#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adam with decoupled weight decay.
///
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", Algorithm 2, as torch 2.13.0 has
/// it (`torch/optim/adamw.py`, the loop over tensors): the decay is multiplied by the learning rate,
/// and ε is added after the bias correction.
public struct AdamW<Element: StoredNumber>: ParameterwiseOptimizer {
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8
  public var weightDecay = 0.01
  public var amsgrad = false
  public var maximize = false

  public init() {}

  public static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("amsgrad", \.amsgrad, "divides by the largest mean square so far"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
    ]
  }

  public struct Memory: Codable, Sendable {
    var t = 0
    var m: [Element]
    var v: [Element]
    /// The largest v so far; empty without amsgrad.
    var vMax: [Element]
  }

  public func layout(of parameter: ParameterShape) -> [StateTensor] {
    let names = ["exp_avg", "exp_avg_sq"] + (amsgrad ? ["max_exp_avg_sq"] : [])
    return [StateTensor("step", [], .float32)]
      + names.map { StateTensor($0, parameter.shape, parameter.format) }
  }

  public func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    let zeros = [Element](repeating: .zero, count: parameter.count)
    return Memory(m: zeros, v: zeros, vMax: amsgrad ? zeros : [])
  }

  public func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    if amsgrad {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.v, &memory.vMax,
        count: parameter.count, t: memory.t, rate: rate)
    } else {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.v, nil, count: parameter.count,
        t: memory.t, rate: rate)
    }
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ vMax: UnsafeMutablePointer<Element>?, count: Int, t: Int, rate: Double
  ) {
    typealias A = Element.Arithmetic
    let decay = A(1 - rate * weightDecay)
    let beta2 = A(beta2)
    let weight1 = A(1 - beta1)
    let weight2 = A(1 - self.beta2)
    let stepSize = A(-rate / (1 - pow(beta1, Double(t))))
    let correction = A(1 / (1 - pow(self.beta2, Double(t))).squareRoot())
    let epsilon = A(epsilon)
    let sign: A = maximize ? -1 : 1
    /// Lines 7 and 8; returns v.
    @inline(__always) func average(_ i: Int) -> A {
      let g = sign * gradient[i].wide
      m[i] = Element(rounding: m[i].wide + weight1 * (g - m[i].wide))
      v[i] = Element(rounding: Element.rounded(v[i].wide * beta2) + weight2 * g * g)
      return v[i].wide
    }
    /// Lines 10 and 12.
    @inline(__always) func move(_ i: Int, _ square: A) {
      let scaled = Element.rounded(Element.rounded(square.root) * correction)
      let denominator = Element.rounded(scaled + epsilon)
      let decayed = Element.rounded(theta[i].wide * decay)
      theta[i] = Element(rounding: decayed + stepSize * (m[i].wide / denominator))
    }
    Sweep.each(count) { range in
      if let vMax {
        for i in range {
          vMax[i] = Element(rounding: max(vMax[i].wide, average(i)))
          move(i, vMax[i].wide)
        }
      } else {
        for i in range { move(i, average(i)) }
      }
    }
  }
}

extension OptimizerFamily {
  static let adamW = OptimizerFamily(
    "ADAMW", "AdamW", library: "torch 2.13.0",
    Citation("Decoupled Weight Decay Regularization", "https://arxiv.org/abs/1711.05101"),
    AdamW<Float>.self, AdamW<Double>.self, AdamW<BFloat16>.self, AdamW<Half>.self)
}
