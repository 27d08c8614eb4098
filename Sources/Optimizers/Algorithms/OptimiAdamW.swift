#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// AdamW that keeps what rounding takes from the weights.
///
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", Algorithm 2, as torch-optimi
/// 0.3.3 has it (`optimi/adam.py`; `foreach` gives the same numbers): the bias corrections are in
/// β₁ and β₂, so that ε is added to the corrected root. `triton` is the library's kernel, which
/// takes its options as float32 and rounds what it stores; on a GPU the library takes it unless
/// `foreach` or `triton` is set.
struct OptimiAdamW<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.99
  var epsilon = 1e-6
  var weightDecay = 0.01
  var decouplesRate = false
  var maxRate: Double?
  var sumsAsKahan = true
  var triton = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
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
    var t = 0
    var m: [Element]
    var v: [Element]
    /// What rounding took from the weights; empty without Kahan summation.
    var missing: [Element]
    /// The first rate above 0.
    var firstRate: Double?
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    var tensors = ["exp_avg", "exp_avg_sq"].map {
      StateTensor($0, parameter.shape, parameter.format)
    }
    if sumsAsKahan && KahanSum<Element>.applies(to: parameter.format) {
      tensors.append(StateTensor("kahan_comp", parameter.shape, parameter.format))
    } else if triton {
      // The kernel wants a tensor even where there is nothing to keep.
      tensors.append(StateTensor("kahan_comp", [1], .uint8))
    }
    return tensors
  }

  /// The number of steps.
  var sharedLayout: SharedState { SharedState(group: NumberFormat.int32.width) }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(
      m: parameter.zeros(), v: parameter.zeros(),
      missing: sumsAsKahan && KahanSum<Element>.applies() ? parameter.zeros() : [])
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    if memory.firstRate == nil, rate > 0 { memory.firstRate = rate }
    let height = decouplesRate ? rate / (maxRate ?? memory.firstRate ?? 1) : rate
    let factor = 1 - height * weightDecay
    // The library takes a factor of 0 for no decay.
    let decay = factor == 0 ? 1 : factor
    if triton {
      sweepAsTriton(
        &parameter.values, gradient.values, &memory.m, &memory.v, &memory.missing, t: memory.t,
        decay: decay, rate: rate, count: parameter.count)
    } else {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.v, &memory.missing, t: memory.t,
        decay: decay, rate: rate, count: parameter.count)
    }
  }

  /// β with the bias correction of step `t` in it: β(1 − βᵗ⁻¹)/(1 − βᵗ).
  private func corrected(_ beta: Double, _ t: Int) -> Double {
    (pow(beta, Double(t)) - beta) / (pow(beta, Double(t)) - 1)
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ missing: UnsafeMutablePointer<Element>, t: Int, decay: Double, rate: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let mean = Lerp<A>(1 - corrected(beta1, t))
    let beta2 = A(corrected(self.beta2, t))
    let weight2 = A(1 - corrected(self.beta2, t))
    let decay = A(decay)
    let pace = A(-rate)
    let epsilon = A(epsilon)
    /// Lines 7 to 10: the step, without decay.
    @inline(__always) func direction(_ i: Int) -> A {
      let g = gradient[i].wide
      m[i] = Element(rounding: mean(m[i].wide, g))
      v[i] = Element(rounding: Element.rounded(v[i].wide * beta2) + weight2 * (g * g))
      return pace * (m[i].wide / Element.rounded(Element.rounded(v[i].wide.root) + epsilon))
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
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ missing: UnsafeMutablePointer<Element>, t: Int, decay: Double, rate: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    func read(_ number: Double) -> A { A(Float(number)) }
    let beta1 = read(corrected(self.beta1, t))
    let weight1 = read(1 - corrected(self.beta1, t))
    let beta2 = read(corrected(self.beta2, t))
    let weight2 = read(1 - corrected(self.beta2, t))
    let decay = read(decay)
    let pace = read(-rate)
    let epsilon = read(epsilon)
    @inline(__always) func direction(_ i: Int) -> A {
      let g = gradient[i].wide
      let m1 = m[i].wide * beta1 + weight1 * g
      let v1 = v[i].wide * beta2 + weight2 * g * g
      m[i] = Element(rounding: m1)
      v[i] = Element(rounding: v1)
      return pace * m1 / (v1.root + epsilon)
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
}

extension OptimizerFamily {
  static let optimiAdamW = OptimizerFamily(
    "OPTIMI_ADAMW", "AdamW (optimi)", library: "torch-optimi 0.3.3",
    Citation("Decoupled Weight Decay Regularization", "https://arxiv.org/abs/1711.05101"),
    OptimiAdamW<Float>.self, OptimiAdamW<Double>.self, OptimiAdamW<BFloat16>.self,
    OptimiAdamW<Half>.self)
}
