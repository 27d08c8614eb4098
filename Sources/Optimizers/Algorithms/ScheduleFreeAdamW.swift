#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// AdamW with an average of its steps in place of a schedule.
///
/// Defazio et al., "The Road Less Scheduled", Algorithm 1, as schedulefree 1.4.1 has it
/// (`adamw_schedulefree.py`). The parameters are y, at which gradients are taken; x, the average,
/// is ``evaluationParameters(_:_:)``. The library never holds x: it moves y as if it did. The paper
/// puts the bias correction into the learning rate, the library into the denominator, before ε.
/// ``weightDecay`` is taken at y and multiplied by the rate.
struct ScheduleFreeAdamW<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  var warmupSteps = 0.0
  var r = 0.0
  var weightLrPower = 2.0

  init() {}

  /// The constructor looks at none of them.
  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .any, "how far y is from z towards the average"),
      Hyperparameter("beta2", \.beta2, .any, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .any, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("warmup_steps", \.warmupSteps, .any, "steps over which the rate rises"),
      Hyperparameter("r", \.r, .any, "weight of later steps in the average, as a power of k"),
      Hyperparameter(
        "weight_lr_power", \.weightLrPower, .any,
        "weight of steps in the average, as a power of the largest rate"),
    ]
  }

  struct Memory: Codable, Sendable {
    var progress = AverageProgress()
    var z: [Element]
    var v: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    ["z", "exp_avg_sq"].map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(z: parameter.copy(), v: parameter.zeros())
  }

  func internals(_ state: [Memory]) -> [String: Double] {
    state.first?.progress.internals ?? [:]
  }

  func evaluationParameters(
    _ parameters: [Tensor<Element>], _ state: [Memory]
  ) -> [Tensor<Element>]? {
    zip(parameters, state).map { $0.averaged(z: $1.z, beta1: beta1) }
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) throws(OptimizerError) {
    let gamma = rate * memory.progress.warmup(over: warmupSteps)
    let c = try memory.progress.advance(rate: gamma, r: r, power: weightLrPower)
    sweep(
      &parameter.values, gradient.values, &memory.z, &memory.v, count: parameter.count,
      t: memory.progress.k, gamma: gamma, c: c)
  }

  private func sweep(
    _ y: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ z: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>, count: Int, t: Int,
    gamma: Double, c: Double
  ) {
    typealias A = Element.Arithmetic
    let beta2 = A(beta2)
    let weight2 = A(1 - self.beta2)
    let correction = A(1 / (1 - pow(self.beta2, Double(t))))
    let epsilon = A(epsilon)
    let decay = A(weightDecay)
    let towardsZ = Lerp<A>(c)
    let stepOfY = A(gamma * (beta1 * (1 - c) - 1))
    let stepOfZ = A(-gamma)
    Sweep.each(count) { range in
      for i in range {
        let g = gradient[i].wide
        v[i] = Element(rounding: Element.rounded(v[i].wide * beta2) + weight2 * g * g)
        let root = Element.rounded(Element.rounded(v[i].wide * correction).root)
        let normalized = Element.rounded(g / Element.rounded(root + epsilon))
        let update = Element.rounded(normalized + decay * y[i].wide)
        let nearer = Element.rounded(towardsZ(y[i].wide, z[i].wide))
        y[i] = Element(rounding: nearer + stepOfY * update)  // y, as if x were held
        z[i] = Element(rounding: z[i].wide + stepOfZ * update)
      }
    }
  }
}

extension OptimizerFamily {
  static let scheduleFreeAdamW = OptimizerFamily(
    "SCHEDULE_FREE_ADAMW", "Schedule-Free AdamW", library: "schedulefree 1.4.1",
    Citation("The Road Less Scheduled", "https://arxiv.org/abs/2405.15682"),
    ScheduleFreeAdamW<Float>.self, ScheduleFreeAdamW<Double>.self,
    ScheduleFreeAdamW<BFloat16>.self, ScheduleFreeAdamW<Half>.self)
}
