/// Stochastic gradient descent, with momentum if asked for.
///
/// Sutskever et al., "On the importance of initialization and momentum in deep learning", as torch
/// 2.13.0 has it (`torch/optim/sgd.py`, the loop over tensors; `foreach` gives the same numbers):
/// the rate multiplies the buffer and not what enters it, and the first step fills the buffer with
/// the gradient, undampened. `fused` is torch's kernel, which rounds only what it stores.
struct SGD<Element: StoredNumber>: ParameterwiseOptimizer {
  var momentum = 0.0
  var dampening = 0.0
  var weightDecay = 0.0
  var nesterov = false
  var maximize = false
  var fused = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("momentum", \.momentum, .notNegative, "what a step keeps of the steps before"),
      Hyperparameter("dampening", \.dampening, .any, "what the buffer does not take of a gradient"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "adds weights to the gradient"),
      Hyperparameter("nesterov", \.nesterov, "looks one step ahead"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
      Hyperparameter("fused", \.fused, "one kernel in float32, rounded when it stores"),
    ]
  }

  func checkCombination() throws(HyperparameterError) {
    if nesterov && (momentum <= 0 || dampening != 0) {
      throw .combination(
        option: "nesterov", value: .flag(true), needs: "'momentum' above 0 and 'dampening' of 0")
    }
  }

  struct Memory: Codable, Sendable {
    var t = 0
    /// Empty without momentum.
    var b: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    momentum == 0 ? [] : [StateTensor("momentum_buffer", parameter.shape, parameter.format)]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(b: Element.zeros(momentum == 0 ? 0 : parameter.count))
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    if fused {
      sweep(
        RoundingStores.self, &parameter.values, gradient.values, &memory.b, t: memory.t,
        rate: rate, count: parameter.count)
    } else {
      sweep(
        RoundingEachOperation.self, &parameter.values, gradient.values, &memory.b, t: memory.t,
        rate: rate, count: parameter.count)
    }
  }

  private func sweep<Steps: Rounding>(
    _ steps: Steps.Type, _ theta: UnsafeMutablePointer<Element>,
    _ gradient: UnsafePointer<Element>, _ b: UnsafeMutablePointer<Element>, t: Int, rate: Double,
    count: Int
  ) {
    typealias A = Element.Arithmetic
    let sign: A = maximize ? -1 : 1
    let penalty = A(weightDecay)
    let momentum = A(momentum)
    let pace = A(-rate)
    // The first gradient fills the buffer.
    let kept = t == 1 ? 0 : momentum
    let taken = t == 1 ? 1 : A(1 - dampening)
    @inline(__always) func passed(_ value: A) -> A { Steps.passed(value, by: Element.self) }
    @inline(__always) func slope(_ i: Int) -> A {
      passed(sign * gradient[i].wide + penalty * theta[i].wide)
    }
    @inline(__always) func average(_ i: Int, _ g: A) -> A {
      let b1 = passed(passed(b[i].wide * kept) + taken * g)
      b[i] = Element(rounding: b1)
      return b1
    }
    @inline(__always) func move(_ i: Int, _ direction: A) {
      theta[i] = Element(rounding: theta[i].wide + pace * direction)
    }
    Sweep.each(count) { range in
      if self.momentum == 0 {
        for i in range { move(i, slope(i)) }
      } else if nesterov {
        for i in range {
          let g = slope(i)
          move(i, passed(g + momentum * average(i, g)))
        }
      } else {
        for i in range { move(i, average(i, slope(i))) }
      }
    }
  }
}

extension OptimizerFamily {
  static let sgd = OptimizerFamily(
    "SGD", "SGD", library: "torch 2.13.0",
    Citation(
      "On the importance of initialization and momentum in deep learning",
      "https://proceedings.mlr.press/v28/sutskever13.html"),
    SGD<Float>.self, SGD<Double>.self, SGD<BFloat16>.self, SGD<Half>.self)
}
