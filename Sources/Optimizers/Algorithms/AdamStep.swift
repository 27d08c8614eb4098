/// What torch's Adam and AdamW share: AdamW is Adam whose weight decay shrinks the weights.
///
/// torch 2.13.0, `torch/optim/adam.py`, the loop over tensors; `foreach` gives the same numbers.
protocol AdamOptions {
  var beta1: Double { get }
  var beta2: Double { get }
  var epsilon: Double { get }
  var weightDecay: Double { get }
  var decoupledWeightDecay: Bool { get }
  var amsgrad: Bool { get }
  var maximize: Bool { get }
  var fused: Bool { get }
  var capturable: Bool { get }
  var differentiable: Bool { get }
  var stochasticRounding: Bool { get }
  var seed: UInt64 { get }
}

/// The state of a parameter under Adam.
struct AdamMemory<Element: StoredNumber>: Codable, Sendable {
  var t = 0
  var m: [Element]
  var v: [Element]
  /// The largest v so far; empty without amsgrad.
  var vMax: [Element]
  var noise: RandomNumbers

  init(_ options: some AdamOptions, for parameter: Tensor<Element>, number: Int) {
    m = parameter.zeros()
    v = parameter.zeros()
    vMax = options.amsgrad ? parameter.zeros() : []
    noise = RandomNumbers(seed: options.seed, stream: number)
  }

  static func layout(of parameter: ParameterShape, amsgrad: Bool) -> [StateTensor] {
    let names = ["exp_avg", "exp_avg_sq"] + (amsgrad ? ["max_exp_avg_sq"] : [])
    return [StateTensor("step", [], .float32)]
      + names.map { StateTensor($0, parameter.shape, parameter.format) }
  }
}

extension AdamOptions {
  /// What torch refuses, and OneTrainer of its own rounding.
  func checkFused() throws(HyperparameterError) {
    if fused && differentiable {
      throw .combination(option: "fused", value: .flag(true), needs: "'differentiable' to be false")
    }
    if fused && stochasticRounding {
      throw .combination(
        option: "stochastic_rounding", value: .flag(true), needs: "'fused' to be false")
    }
  }

  func adamStep<Element: StoredNumber>(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>,
    memory: inout AdamMemory<Element>, rate: Double
  ) {
    memory.t += 1
    memory.noise.advance()
    if fused {
      AdamKernel<Element, RoundingStores>(self, t: memory.t, rate: rate)
        .step(&parameter, gradient, &memory)
    } else {
      AdamKernel<Element, RoundingEachOperation>(self, t: memory.t, rate: rate)
        .step(&parameter, gradient, &memory)
    }
  }
}

/// One step with its constants.
private struct AdamKernel<Element: StoredNumber, Steps: Rounding> {
  typealias A = Element.Arithmetic
  let sign, penalty, decay, beta2, weight2: A
  let mean: Lerp<A>
  let correction: AdamCorrection<Element>
  let amsgrad, roundsAtRandom: Bool

  init(_ adam: some AdamOptions, t: Int, rate: Double) {
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

  @inline(__always) private func passed(_ value: A) -> A { Steps.passed(value, by: Element.self) }

  func step(
    _ parameter: inout Tensor<Element>, _ gradient: Tensor<Element>,
    _ memory: inout AdamMemory<Element>
  ) {
    let noise = memory.noise
    let count = parameter.count
    if amsgrad {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.v, &memory.vMax, noise, count: count)
    } else {
      sweep(&parameter.values, gradient.values, &memory.m, &memory.v, nil, noise, count: count)
    }
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ vMax: UnsafeMutablePointer<Element>?, _ noise: RandomNumbers, count: Int
  ) {
    /// Both papers' lines from the moments to the step, but for storing θ.
    ///
    /// - Parameter largest: From v to what is divided by.
    @inline(__always) func next(_ i: Int, _ largest: (A) -> A) -> A {
      // Added in either case: a multiplication is cheaper than every loop twice.
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
