/// Stochastic gradient descent with an average of its steps in place of a schedule.
///
/// Defazio et al., "The Road Less Scheduled", the plain method, as schedulefree 1.4.1 has it
/// (`sgd_schedulefree.py`); β of the paper is ``momentum``, which the library wants strictly
/// between 0 and 1. The parameters are y, at which gradients are taken; x, the average, is
/// ``evaluationParameters(_:_:)``.
struct ScheduleFreeSGD<Element: StoredNumber>: ParameterwiseOptimizer {
  var momentum = 0.9
  var weightDecay = 0.0
  var warmupSteps = 0.0
  var r = 0.0
  var weightLrPower = 2.0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter(
        "momentum", \.momentum,
        Domain(from: 0, to: 1, includesLowest: false, includesHighest: false),
        "how far y is from z towards the average"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
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
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    [StateTensor("z", parameter.shape, parameter.format)]
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(z: parameter.copy())
  }

  func internals(_ state: [Memory]) -> [String: Double] {
    state.first?.progress.internals ?? [:]
  }

  func evaluationParameters(
    _ parameters: [Tensor<Element>], _ state: [Memory]
  ) -> [Tensor<Element>]? {
    zip(parameters, state).map { $0.averaged(z: $1.z, beta1: momentum) }
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) throws(OptimizerError) {
    let gamma = rate * memory.progress.warmup(over: warmupSteps)
    let c = try memory.progress.advance(rate: gamma, r: r, power: weightLrPower)
    sweep(
      &parameter.values, gradient.values, &memory.z, count: parameter.count, gamma: gamma, c: c)
  }

  private func sweep(
    _ y: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ z: UnsafeMutablePointer<Element>, count: Int, gamma: Double, c: Double
  ) {
    typealias A = Element.Arithmetic
    let decay = A(weightDecay)
    let towardsZ = Lerp<A>(c)
    let stepOfY = A(gamma * (momentum * (1 - c) - 1))
    let stepOfZ = A(-gamma)
    Sweep.each(count) { range in
      for i in range {
        let update = Element.rounded(gradient[i].wide + decay * y[i].wide)
        let nearer = Element.rounded(towardsZ(y[i].wide, z[i].wide))
        y[i] = Element(rounding: nearer + stepOfY * update)  // y, as if x were held
        z[i] = Element(rounding: z[i].wide + stepOfZ * update)
      }
    }
  }
}

extension OptimizerFamily {
  static let scheduleFreeSGD = OptimizerFamily(
    "SCHEDULE_FREE_SGD", "Schedule-Free SGD", library: "schedulefree 1.4.1",
    Citation("The Road Less Scheduled", "https://arxiv.org/abs/2405.15682"),
    ScheduleFreeSGD<Float>.self, ScheduleFreeSGD<Double>.self, ScheduleFreeSGD<BFloat16>.self,
    ScheduleFreeSGD<Half>.self)
}
