#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// AdamW for bfloat16: rounds at random, and keeps beside each weight what it is still owed.
///
/// SimpleTuner bc8e6ab7, `simpletuner/helpers/training/optimizers/adamw_bfloat16`, after Zamirai et
/// al., "Revisiting BFloat16 Training", and AdamW. It differs from AdamW as published:
///
/// - The momentum is g + (1 − β₁)β₁m and not β₁m + (1 − β₁)g, as the function that adds puts the
///   weight on the wrong summand.
/// - Of the bias corrections there is only the second.
/// - Weight decay gathers until it exceeds 0.005, and is then taken at once; where it starts is
///   drawn for each parameter, so that they do not all decay in one step.
struct AdamWBF16<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  /// Of the stochastic rounding and of where the decay starts.
  var seed: UInt64 = 0

  /// What weight decay must exceed before it is taken.
  private static var decayThreshold: Double { 5e-3 }

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "(1 − β₁)β₁ is the decay of the summed gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
    ]
  }

  struct Memory: Codable, Sendable {
    var t = 0
    var m: [Element]
    var v: [Element]
    /// What the weights are owed.
    var shift: [Element]
    /// The decay that the weights are owed.
    var decay: Double
    var noise: RandomNumbers
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    ["exp_avg", "exp_avg_sq", "shift"].map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    let noise = RandomNumbers(seed: seed, stream: number)
    return Memory(
      m: parameter.zeros(), v: parameter.zeros(), shift: parameter.zeros(),
      decay: Double(noise.number(0) >> 40) * 0x1p-24 * Self.decayThreshold, noise: noise)
  }

  /// - Throws: For any format but bfloat16.
  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) throws(OptimizerError) {
    guard Element.format == .bfloat16 else {
      throw .refused("this optimizer takes bfloat16 weights only, and these are \(Element.format)")
    }
    memory.t += 1
    memory.noise.advance()
    memory.decay += weightDecay * rate
    let decay = memory.decay > Self.decayThreshold ? memory.decay : 0
    memory.decay -= decay
    sweep(
      &parameter.values, gradient.values, &memory.m, &memory.v, &memory.shift, memory.noise,
      decay: decay, pace: -rate * (1 - pow(beta2, Double(memory.t))).squareRoot(),
      count: parameter.count)
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ shift: UnsafeMutablePointer<Element>, _ noise: RandomNumbers, decay: Double, pace: Double,
    count: Int
  ) {
    typealias A = Element.Arithmetic
    let beta1 = A(beta1)
    let weight1 = A(1 - self.beta1)
    let beta2 = A(beta2)
    let weight2 = A(1 - self.beta2)
    let epsilon = A(epsilon)
    let decay = A(-decay)
    let pace = A(pace)
    Sweep.each(count) { range in
      for i in range {
        // Four words of 16 bits.
        let random = noise.number(i)
        @inline(__always) func rounded(_ value: A, _ word: UInt64) -> Element {
          Element(rounding: value, random: UInt16(truncatingIfNeeded: random >> (16 * word)))
        }
        let g = gradient[i].wide
        m[i] = rounded(g + weight1 * Element.rounded(m[i].wide * beta1), 0)
        v[i] = Element(rounding: Element.rounded(v[i].wide * beta2) + weight2 * (g * g))
        let denominator = Element.rounded(Element.rounded(v[i].wide.root) + epsilon)
        let owed = rounded(shift[i].wide + pace * (m[i].wide / denominator), 1)
        let before = theta[i].wide
        theta[i] = rounded(owed.wide + before, 2)
        let lost = rounded(owed.wide + Element.rounded(before - theta[i].wide), 3)
        shift[i] = Element(rounding: lost.wide + decay * theta[i].wide)
      }
    }
  }
}

extension OptimizerFamily {
  static let adamWBF16 = OptimizerFamily(
    "ADAMW_BF16", "AdamW BF16", library: "SimpleTuner bc8e6ab7",
    Citation("Revisiting BFloat16 Training", "https://arxiv.org/abs/2010.06192"),
    AdamWBF16<Float>.self, AdamWBF16<Double>.self, AdamWBF16<BFloat16>.self, AdamWBF16<Half>.self)
}
