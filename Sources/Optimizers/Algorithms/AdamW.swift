/// Adam with decoupled weight decay.
///
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", Algorithm 2, as torch 2.13.0 has
/// it (`torch/optim/adamw.py`, the loop over tensors; `foreach` gives the same numbers): the decay
/// comes first and is multiplied by the learning rate, and ε is added after the bias correction.
/// `fused` is torch's kernel, which rounds only what it stores; `stochastic_rounding` is
/// OneTrainer's, 23df3832, `modules/util/optimizer/adamw_extensions.py`.
public struct AdamW<Element: StoredNumber>: ParameterwiseOptimizer {
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8
  public var weightDecay = 0.01
  public var amsgrad = false
  public var maximize = false
  public var fused = false
  public var capturable = false
  public var differentiable = false
  public var stochasticRounding = false
  /// Of the stochastic rounding.
  public var seed: UInt64 = 0

  public init() {}

  public static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("amsgrad", \.amsgrad, "divides by the largest mean square so far"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
      Hyperparameter("fused", \.fused, "one kernel in float32, rounded when it stores"),
      Hyperparameter("capturable", \.capturable, "bias corrections as tensors on the device"),
      Hyperparameter("differentiable", \.differentiable, "bias corrections as tensors"),
      Hyperparameter(
        "stochastic_rounding", \.stochasticRounding, "rounds bfloat16 weights at random"),
    ]
  }

  public func checkCombination() throws(HyperparameterError) {
    if fused && differentiable {
      throw .combination(option: "fused", value: .flag(true), needs: "'differentiable' to be false")
    }
    if fused && stochasticRounding {
      throw .combination(
        option: "stochastic_rounding", value: .flag(true), needs: "'fused' to be false")
    }
  }

  public struct Memory: Codable, Sendable {
    var t = 0
    var m: [Element]
    var v: [Element]
    /// The largest v so far; empty without amsgrad.
    var vMax: [Element]
    var noise: RandomNumbers
  }

  public func layout(of parameter: ParameterShape) -> [StateTensor] {
    let names = ["exp_avg", "exp_avg_sq"] + (amsgrad ? ["max_exp_avg_sq"] : [])
    return [StateTensor("step", [], .float32)]
      + names.map { StateTensor($0, parameter.shape, parameter.format) }
  }

  public func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    let zeros = [Element](repeating: .zero, count: parameter.count)
    return Memory(
      m: zeros, v: zeros, vMax: amsgrad ? zeros : [],
      noise: RandomNumbers(seed: seed, stream: number))
  }

  public func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    memory.noise.advance()
    if fused {
      Kernel<RoundingStores>(self, t: memory.t, rate: rate).step(&parameter, gradient, &memory)
    } else {
      Kernel<RoundingEachOperation>(self, t: memory.t, rate: rate)
        .step(&parameter, gradient, &memory)
    }
  }

  /// One step with its constants.
  private struct Kernel<Steps: Rounding> {
    typealias A = Element.Arithmetic
    let sign, decay, beta2, weight2: A
    let mean: Lerp<A>
    let correction: AdamCorrection<Element>
    let amsgrad, roundsAtRandom: Bool

    init(_ adam: AdamW, t: Int, rate: Double) {
      sign = adam.maximize ? -1 : 1
      decay = A(1 - rate * adam.weightDecay)
      mean = Lerp(1 - adam.beta1)
      beta2 = A(adam.beta2)
      weight2 = A(1 - adam.beta2)
      amsgrad = adam.amsgrad
      roundsAtRandom = adam.stochasticRounding && Element.format == .bfloat16
      // The fused kernel computes its corrections itself, in double precision.
      correction =
        !adam.fused && (adam.capturable || adam.differentiable)
        ? AdamCorrection(
          inFloatAt: t, rate: rate, beta1: adam.beta1, beta2: adam.beta2, epsilon: adam.epsilon,
          onDevice: adam.capturable)
        : AdamCorrection(
          t: t, rate: rate, beta1: adam.beta1, beta2: adam.beta2, epsilon: adam.epsilon)
    }

    @inline(__always) private func passed(_ value: A) -> A {
      Steps.passed(value, by: Element.self)
    }

    func step(
      _ parameter: inout Tensor<Element>, _ gradient: Tensor<Element>, _ memory: inout Memory
    ) {
      let noise = memory.noise
      if amsgrad {
        sweep(
          &parameter.values, gradient.values, &memory.m, &memory.v, &memory.vMax, noise,
          count: parameter.count)
      } else {
        sweep(
          &parameter.values, gradient.values, &memory.m, &memory.v, nil, noise,
          count: parameter.count)
      }
    }

    private func sweep(
      _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
      _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>,
      _ vMax: UnsafeMutablePointer<Element>?, _ noise: RandomNumbers, count: Int
    ) {
      /// Lines 7 to 12, but for storing θ.
      ///
      /// - Parameter largest: From v to what is divided by.
      @inline(__always) func next(_ i: Int, _ largest: (A) -> A) -> A {
        let g = sign * gradient[i].wide
        let m1 = passed(mean(m[i].wide, g))
        let v1 = passed(passed(v[i].wide * beta2) + weight2 * (g * g))
        m[i] = Element(rounding: m1)
        v[i] = Element(rounding: v1)
        let root = passed(passed(largest(v1).root) * correction.scale)
        let denominator = passed(root + correction.offset)
        return passed(theta[i].wide * decay) + correction.pace * (m1 / denominator)
      }
      @inline(__always) func bounded(_ i: Int, by vMax: UnsafeMutablePointer<Element>) -> A {
        next(i) { v1 in
          let bound = max(vMax[i].wide, v1)
          vMax[i] = Element(rounding: bound)
          return bound
        }
      }
      Sweep.each(count) { range in
        switch (vMax, roundsAtRandom) {
        case (let vMax?, false):
          for i in range { theta[i] = Element(rounding: bounded(i, by: vMax)) }
        case (let vMax?, true):
          for i in range {
            theta[i] = Element(rounding: bounded(i, by: vMax), random: noise.word(i))
          }
        case (nil, false):
          for i in range { theta[i] = Element(rounding: next(i) { $0 }) }
        case (nil, true):
          for i in range { theta[i] = Element(rounding: next(i) { $0 }, random: noise.word(i)) }
        }
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
