#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// AdamW with Adafactor's clipping: the rate is divided by how far the gradient exceeds its mean
/// square.
///
/// Wortsman et al., "Stable and low-precision training for large-scale vision-language models",
/// Algorithm 2, as torch-optimi 0.3.3 has it (`optimi/stableadamw.py`; `foreach` gives the same
/// numbers): the weights may keep what rounding takes from them. `triton` is the library's two
/// kernels, which take their options as float32 and round what they store; on a GPU the library
/// takes them unless `foreach` or `triton` is set.
struct OptimiStableAdamW<Element: StoredNumber>: ParameterwiseOptimizer {
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
    var v: [Element]
    var u: [Element]
    /// What rounding took from the weights; empty without Kahan summation.
    var missing: [Element]
    /// The first rate above 0.
    var firstRate: Double?
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    var tensors = ["exp_avg", "exp_avg_sq"].map {
      StateTensor($0, parameter.shape, parameter.format)
    }
    tensors.append(StateTensor("eps_sq", [], parameter.format))
    if sumsAsKahan && KahanSum<Element>.applies(to: parameter.format) {
      tensors.append(StateTensor("kahan_comp", parameter.shape, parameter.format))
    } else if triton {
      // The kernel wants a tensor even where there is nothing to keep.
      tensors.append(StateTensor("kahan_comp", [1], .uint8))
    }
    if triton { tensors.append(StateTensor("mean_square", [1], .float32)) }
    return tensors
  }

  /// The number of steps.
  var sharedLayout: SharedState { SharedState(group: NumberFormat.int32.width) }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(
      v: parameter.zeros(), u: parameter.zeros(),
      missing: sumsAsKahan && KahanSum<Element>.applies() ? parameter.zeros() : [])
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    if memory.firstRate == nil, rate > 0 { memory.firstRate = rate }
    let count = parameter.count
    let rms =
      triton
      ? averageAsTriton(gradient.values, &memory.v, &memory.u, t: memory.t, count: count)
      : average(gradient.values, &memory.v, &memory.u, t: memory.t, count: count)
    let eta = rate / max(1, rms)
    let height = decouplesRate ? eta / (maxRate ?? memory.firstRate ?? 1) : eta
    let decay = 1 - height * weightDecay
    if triton {
      moveAsTriton(
        &parameter.values, memory.v, memory.u, &memory.missing, decay: decay, rate: eta,
        count: count)
    } else {
      move(
        &parameter.values, memory.v, memory.u, &memory.missing, decay: decay, rate: eta,
        count: count)
    }
  }

  /// β with the bias correction of step `t` in it: β(1 − βᵗ⁻¹)/(1 − βᵗ).
  private func corrected(_ beta: Double, _ t: Int) -> Double {
    (pow(beta, Double(t)) - beta) / (pow(beta, Double(t)) - 1)
  }

  /// Updates v and u; returns RMS.
  private func average(
    _ gradient: UnsafePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ u: UnsafeMutablePointer<Element>, t: Int, count: Int
  ) -> Double {
    typealias A = Element.Arithmetic
    let mean = Lerp<A>(1 - corrected(beta1, t))
    let beta2 = A(corrected(self.beta2, t))
    let weight2 = A(1 - corrected(self.beta2, t))
    let least = Element.rounded(A(epsilon * epsilon))
    let sum = Sweep.sum(count) { range in
      var sum: A = 0
      for i in range {
        let g = gradient[i].wide
        v[i] = Element(rounding: mean(v[i].wide, g))
        u[i] = Element(rounding: Element.rounded(u[i].wide * beta2) + weight2 * (g * g))
        let share = Element.rounded(Element.rounded(g * g) / max(u[i].wide, least))
        sum = .summing(sum, share)
      }
      return Double(sum)
    }
    return Double(Element.rounded(Element.rounded(A(sum / Double(count))).root))
  }

  private func averageAsTriton(
    _ gradient: UnsafePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ u: UnsafeMutablePointer<Element>, t: Int, count: Int
  ) -> Double {
    typealias A = Element.Arithmetic
    func read(_ number: Double) -> A { A(Float(number)) }
    let beta1 = read(corrected(self.beta1, t))
    let weight1 = read(1 - corrected(self.beta1, t))
    let beta2 = read(corrected(self.beta2, t))
    let weight2 = read(1 - corrected(self.beta2, t))
    let least = read(epsilon) * read(epsilon)
    let sum = Sweep.sum(count) { range in
      var sum: A = 0
      for i in range {
        let g = gradient[i].wide
        let u1 = u[i].wide * beta2 + weight2 * g * g
        v[i] = Element(rounding: v[i].wide * beta1 + weight1 * g)
        u[i] = Element(rounding: u1)
        sum = .summing(sum, g * g / max(u1, least))
      }
      return Double(sum)
    }
    return Double(A(sum / Double(count)).root)
  }

  private func move(
    _ theta: UnsafeMutablePointer<Element>, _ v: UnsafePointer<Element>,
    _ u: UnsafePointer<Element>, _ missing: UnsafeMutablePointer<Element>, decay: Double,
    rate: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let decay = A(decay)
    let pace = A(-rate)
    let epsilon = A(epsilon)
    @inline(__always) func direction(_ i: Int) -> A {
      pace * (v[i].wide / Element.rounded(Element.rounded(u[i].wide.root) + epsilon))
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

  private func moveAsTriton(
    _ theta: UnsafeMutablePointer<Element>, _ v: UnsafePointer<Element>,
    _ u: UnsafePointer<Element>, _ missing: UnsafeMutablePointer<Element>, decay: Double,
    rate: Double, count: Int
  ) {
    typealias A = Element.Arithmetic
    let decay = A(Float(decay))
    let pace = A(Float(-rate))
    let epsilon = A(Float(epsilon))
    @inline(__always) func direction(_ i: Int) -> A {
      pace * v[i].wide / (u[i].wide.root + epsilon)
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
  static let optimiStableAdamW = OptimizerFamily(
    "OPTIMI_STABLEADAMW", "StableAdamW (optimi)", library: "torch-optimi 0.3.3",
    Citation(
      "Stable and low-precision training for large-scale vision-language models",
      "https://arxiv.org/abs/2304.13013"),
    OptimiStableAdamW<Float>.self, OptimiStableAdamW<Double>.self,
    OptimiStableAdamW<BFloat16>.self, OptimiStableAdamW<Half>.self)
}
