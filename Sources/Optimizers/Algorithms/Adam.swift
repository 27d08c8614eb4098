/// Adam: steps by the mean gradient over the root of its mean square.
///
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", Algorithm 1, as torch 2.13.0 has it
/// (`torch/optim/adam.py`, the loop over tensors; `foreach` gives the same numbers). Beyond the
/// paper, weight decay is added to the gradient, or shrinks the weights if decoupled. `fused` is
/// torch's kernel, which rounds only what it stores; `stochastic_rounding` is OneTrainer's,
/// 23df3832, `modules/util/optimizer/adam_extensions.py`.
public struct Adam<Element: StoredNumber>: ParameterwiseOptimizer {
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8
  public var weightDecay = 0.0
  public var decoupledWeightDecay = false
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
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "adds weights to the gradient"),
      Hyperparameter(
        "decoupled_weight_decay", \.decoupledWeightDecay, "weight decay shrinks the weights"),
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
    let sign, penalty, decay, beta2, weight2: A
    let mean: Lerp<A>
    let correction: AdamCorrection<Element>
    let amsgrad, roundsAtRandom: Bool

    init(_ adam: Adam, t: Int, rate: Double) {
      sign = adam.maximize ? -1 : 1
      penalty = adam.decoupledWeightDecay ? 0 : A(adam.weightDecay)
      decay = adam.decoupledWeightDecay ? A(1 - rate * adam.weightDecay) : 1
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
      /// The body of the loop, but for storing θ.
      ///
      /// - Parameter largest: From v to what is divided by.
      @inline(__always) func next(_ i: Int, _ largest: (A) -> A) -> A {
        let g = passed(sign * gradient[i].wide + penalty * theta[i].wide)
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
  static let adam = OptimizerFamily(
    "ADAM", "Adam", library: "torch 2.13.0",
    Citation(
      "Adam: A Method for Stochastic Optimization", "https://arxiv.org/abs/1412.6980"),
    Adam<Float>.self, Adam<Double>.self, Adam<BFloat16>.self, Adam<Half>.self)
}
