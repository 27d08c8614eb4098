#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What SimpleTuner trains with as `adamw_schedulefree`.
///
/// SimpleTuner bc8e6ab7, `helpers/training/optimizers/adamw_schedulefree/__init__.py`. Against its
/// name:
/// - It averages nothing: what it trains is what is saved.
/// - Neither mean is corrected for its start, as the correction put into the rate is taken out
///   again. The first steps are up to seven times the learning rate.
/// - ``weightDecay`` is not multiplied by the rate: every step takes that share of the weights.
/// - The Kahan summation compensates nothing: it adds (θ − b) and (b − θ), which cancel. The tensor
///   is kept and added to the gradient all the same.
///
/// The trainer's counter goes on once per group of parameters; here all are one group.
struct AdamWScheduleFreeKahan<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.01
  var warmupSteps = 0.0
  var kahanSum = true

  init() {}

  /// The constructor looks at none of them.
  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .any, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .any, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .any, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "share of the weights lost at each step"),
      Hyperparameter("warmup_steps", \.warmupSteps, .any, "steps over which the rate rises"),
      Hyperparameter("kahan_sum", \.kahanSum, "keeps a tensor of rounding errors, which stays 0"),
    ]
  }

  struct Memory: Codable, Sendable {
    var k = 0
    var lrMax = -1.0
    var lastLr = -1.0
    var m: [Element]
    var v: [Element]
    /// Empty without Kahan summation.
    var compensation: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    (["exp_avg", "exp_avg_sq"] + (kahanSum ? ["kahan_comp"] : []))
      .map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(
      m: parameter.zeros(), v: parameter.zeros(), compensation: kahanSum ? parameter.zeros() : [])
  }

  func internals(_ state: [Memory]) -> [String: Double] {
    guard let first = state.first else { return [:] }
    return [
      "k": Double(first.k), "lr_max": first.lrMax, "last_lr": first.lastLr, "weight_sum": 0,
    ]
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) throws(OptimizerError) {
    let k = Double(memory.k)
    let warm = k < warmupSteps ? (k + 1) / warmupSteps : 1
    let correction = (1 - pow(beta2, k + 1)).squareRoot()
    // Python divides by zero, or gets a complex number that it cannot compare.
    guard correction > 0 else {
      throw .refused("'beta2' of \(beta2) leaves nothing to correct the mean square by")
    }
    memory.lastLr = rate * warm * correction
    memory.lrMax = max(memory.lastLr, memory.lrMax)
    memory.k += 1
    let stepSize = memory.lastLr / correction
    if kahanSum {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.v, &memory.compensation,
        count: parameter.count, stepSize: stepSize)
    } else {
      sweep(
        &parameter.values, gradient.values, &memory.m, &memory.v, nil, count: parameter.count,
        stepSize: stepSize)
    }
  }

  private func sweep(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ m: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ compensation: UnsafeMutablePointer<Element>?, count: Int, stepSize: Double
  ) {
    typealias A = Element.Arithmetic
    let beta1 = A(beta1)
    let weight1 = A(1 - self.beta1)
    let beta2 = A(beta2)
    let weight2 = A(1 - self.beta2)
    let epsilon = A(epsilon)
    let decay = A(-weightDecay)
    let stepSize = A(-stepSize)
    /// Moves θ; returns the step.
    @inline(__always) func move(_ i: Int, _ g: A) -> A {
      m[i] = Element(rounding: Element.rounded(m[i].wide * beta1) + weight1 * g)
      v[i] = Element(rounding: Element.rounded(v[i].wide * beta2) + weight2 * g * g)
      let denominator = Element.rounded(Element.rounded(v[i].wide.root) + epsilon)
      let decayed = Element.rounded(theta[i].wide + decay * theta[i].wide)
      let step = Element.rounded(stepSize * Element.rounded(m[i].wide / denominator))
      theta[i] = Element(rounding: decayed + step)
      return step
    }
    Sweep.each(count) { range in
      if let compensation {
        for i in range {
          let step = move(i, Element.rounded(gradient[i].wide + compensation[i].wide))
          let buffer = Element.rounded(theta[i].wide + step)
          let there = Element.rounded(theta[i].wide - buffer)
          let back = Element.rounded(buffer - theta[i].wide)
          compensation[i] = Element(rounding: there + back)
        }
      } else {
        for i in range { _ = move(i, gradient[i].wide) }
      }
    }
  }
}

extension OptimizerFamily {
  static let adamWScheduleFreeKahan = OptimizerFamily(
    "ADAMW_SCHEDULEFREE_KAHAN", "SimpleTuner's adamw_schedulefree", library: "SimpleTuner bc8e6ab7",
    Citation("SimpleTuner, adamw_schedulefree", "https://github.com/bghira/SimpleTuner"),
    AdamWScheduleFreeKahan<Float>.self, AdamWScheduleFreeKahan<Double>.self,
    AdamWScheduleFreeKahan<BFloat16>.self, AdamWScheduleFreeKahan<Half>.self)
}
