/// Adagrad: divides by the root of the sum of all squared gradients.
///
/// Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
/// Optimization", with a diagonal matrix, as torch 2.13.0 has it (`torch/optim/adagrad.py`): the
/// rate may fall as 1/t besides. The loop over tensors by default; `foreach` rounds the product of
/// rate and gradient, `fused` only what it stores. On a GPU, torch takes `foreach` unless told
/// otherwise.
struct AdagradTorch<Element: StoredNumber>: ParameterwiseOptimizer {
  var rateDecay = 0.0
  var weightDecay = 0.0
  var initialAccumulator = 0.0
  var epsilon = 1e-10
  var maximize = false
  var foreach = false
  var fused = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("lr_decay", \.rateDecay, .notNegative, "makes the rate fall as 1/t"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "adds weights to the gradient"),
      Hyperparameter(
        "initial_accumulator_value", \.initialAccumulator, .notNegative,
        "what the sum of squares starts at"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("maximize", \.maximize, "climbs instead of descending"),
      Hyperparameter("foreach", \.foreach, "one operation for all tensors"),
      Hyperparameter("fused", \.fused, "one kernel in float32, rounded when it stores"),
    ]
  }

  func checkCombination() throws(HyperparameterError) {
    if fused && foreach {
      throw .combination(option: "fused", value: .flag(true), needs: "'foreach' to be false")
    }
  }

  struct Memory: Codable, Sendable {
    var t = 0
    /// G: the diagonal of the sum of outer products.
    var sum: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    [
      StateTensor("step", [], .float32),
      StateTensor("sum", parameter.shape, parameter.format),
    ]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(sum: HugePages.array(repeating: Element(initialAccumulator), count: parameter.count))
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    let rate = rate / (1 + Double(memory.t - 1) * rateDecay)
    if fused {
      sweep(
        RoundingStores.self, &parameter.values, gradient.values, &memory.sum, rate: rate,
        count: parameter.count)
    } else {
      sweep(
        RoundingEachOperation.self, &parameter.values, gradient.values, &memory.sum, rate: rate,
        count: parameter.count)
    }
  }

  private func sweep<Steps: Rounding>(
    _ steps: Steps.Type, _ theta: UnsafeMutablePointer<Element>,
    _ gradient: UnsafePointer<Element>, _ sum: UnsafeMutablePointer<Element>, rate: Double,
    count: Int
  ) {
    typealias A = Element.Arithmetic
    let sign: A = maximize ? -1 : 1
    let penalty = A(weightDecay)
    let epsilon = A(epsilon)
    let pace = A(-rate)
    @inline(__always) func passed(_ value: A) -> A { Steps.passed(value, by: Element.self) }
    /// Returns the gradient and what it is divided by.
    @inline(__always) func accumulate(_ i: Int) -> (A, A) {
      let g = passed(sign * gradient[i].wide + penalty * theta[i].wide)
      let sum1 = passed(sum[i].wide + g * g)
      sum[i] = Element(rounding: sum1)
      return (g, passed(passed(sum1.root) + epsilon))
    }
    Sweep.each(count) { range in
      if foreach {
        for i in range {
          let (g, denominator) = accumulate(i)
          theta[i] = Element(rounding: theta[i].wide + passed(pace * g) / denominator)
        }
      } else {
        for i in range {
          let (g, denominator) = accumulate(i)
          theta[i] = Element(rounding: theta[i].wide + pace * (g / denominator))
        }
      }
    }
  }
}

extension OptimizerFamily {
  static let adagradTorch = OptimizerFamily(
    "ADAGRAD_TORCH", "Adagrad (torch)", library: "torch 2.13.0",
    Citation(
      "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
      "https://jmlr.org/papers/v12/duchi11a.html"),
    AdagradTorch<Float>.self, AdagradTorch<Double>.self, AdagradTorch<BFloat16>.self,
    AdagradTorch<Half>.self)
}
