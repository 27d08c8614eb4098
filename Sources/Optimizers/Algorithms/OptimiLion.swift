/// Lion that keeps what rounding takes from the weights.
///
/// Chen et al., "Symbolic Discovery of Optimization Algorithms", Algorithm 2, as torch-optimi 0.3.3
/// has it (`optimi/lion.py`; `foreach` gives the same numbers): the weights shrink before the
/// update and not within it. `triton` is the library's kernel, which takes its options as float32
/// and rounds what it stores; on a GPU the library takes it unless `foreach` or `triton` is set.
struct OptimiLion<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.99
  var weightDecay = 0.0
  var decouplesRate = false
  var maxRate: Double?
  var sumsAsKahan = true
  var triton = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "what the step takes of the momentum"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the momentum"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter(
        "decouple_lr", \.decouplesRate, "weight decay follows the schedule, not the rate's height"),
      Hyperparameter(
        "max_lr", \.maxRate, .notNegative,
        "the rate that decoupled weight decay is divided by; the first above 0 if null"),
      Hyperparameter("kahan_sum", \.sumsAsKahan, "keeps what rounding takes, below float32"),
      Hyperparameter("triton", \.triton, "one kernel in float32, rounded when it stores"),
    ]
  }

  struct Memory: Codable, Sendable {
    var m: [Element]
    /// What rounding took from the weights; empty without Kahan summation.
    var missing: [Element]
    /// The first rate above 0.
    var firstRate: Double?
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    var tensors = [StateTensor("exp_avg", parameter.shape, parameter.format)]
    if sumsAsKahan && KahanSum<Element>.applies(to: parameter.format) {
      tensors.append(StateTensor("kahan_comp", parameter.shape, parameter.format))
    } else if triton {
      // The kernel wants a tensor even where there is nothing to keep.
      tensors.append(StateTensor("kahan_comp", [1], parameter.format))
    }
    return tensors
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(
      m: parameter.zeros(),
      missing: sumsAsKahan && KahanSum<Element>.applies() ? parameter.zeros() : [])
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    if memory.firstRate == nil, rate > 0 { memory.firstRate = rate }
    let height = decouplesRate ? rate / (maxRate ?? memory.firstRate ?? 1) : rate
    let factor = 1 - height * weightDecay
    // The library takes a factor of 0 for no decay.
    let decay = factor == 0 ? 1 : factor
    if triton {
      sweepAsTriton(
        &parameter.values, gradient.values, &memory.m, &memory.missing, decay: decay, rate: rate,
        count: parameter.count)
    } else {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.missing, decay: decay, rate: rate,
        count: parameter.count)
    }
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ missing: UnsafeMutablePointer<Element>, decay: Double,
    rate: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let step = Lerp<A>(1 - beta1)
    let mean = Lerp<A>(1 - beta2)
    let decay = A(decay)
    let pace = A(-rate)
    @inline(__always) func direction(_ i: Int) -> A {
      let g = gradient[i].wide
      let c = Element.rounded(step(m[i].wide, g))
      m[i] = Element(rounding: mean(m[i].wide, g))
      return pace * Self.sign(c)
    }
    @inline(__always) func decayed(_ i: Int) -> A { Element.rounded(theta[i].wide * decay) }
    Sweep.each(count) { range in
      if sumsAsKahan && KahanSum<Element>.applies() {
        for i in range {
          theta[i] = KahanSum<Element>.sum(decayed(i), direction(i), &missing[i])
        }
      } else {
        for i in range { theta[i] = Element(rounding: decayed(i) + direction(i)) }
      }
    }
  }

  private func sweepAsTriton(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ missing: UnsafeMutablePointer<Element>, decay: Double,
    rate: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let weight1 = A(Float(1 - beta1))
    let weight2 = A(Float(1 - beta2))
    let decay = A(Float(decay))
    let pace = A(Float(-rate))
    @inline(__always) func direction(_ i: Int) -> A {
      let difference = gradient[i].wide - m[i].wide
      let c = m[i].wide + weight1 * difference
      m[i] = Element(rounding: m[i].wide + weight2 * difference)
      return pace * Self.sign(c)
    }
    @inline(__always) func decayed(_ i: Int) -> A { Element.rounded(theta[i].wide * decay) }
    Sweep.each(count) { range in
      if sumsAsKahan && KahanSum<Element>.applies() {
        for i in range {
          theta[i] = KahanSum<Element>.sumInKernel(decayed(i), direction(i), &missing[i])
        }
      } else {
        for i in range {
          theta[i] = Element(rounding: decayed(i) + Element.rounded(direction(i)))
        }
      }
    }
  }

  @inline(__always) private static func sign(_ x: Element.Arithmetic) -> Element.Arithmetic {
    (x > 0 ? 1 : 0) - (x < 0 ? 1 : 0)
  }
}

extension OptimizerFamily {
  static let optimiLion = OptimizerFamily(
    "OPTIMI_LION", "Lion (optimi)", library: "torch-optimi 0.3.3",
    Citation("Symbolic Discovery of Optimization Algorithms", "https://arxiv.org/abs/2302.06675"),
    OptimiLion<Float>.self, OptimiLion<Double>.self, OptimiLion<BFloat16>.self,
    OptimiLion<Half>.self)
}
