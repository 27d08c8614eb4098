#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Schedule-free AdamW whose warmup is the rectification of RAdam.
///
/// Defazio et al., "The Road Less Scheduled", Algorithm 1, with the rate of Liu et al., "On the
/// Variance of the Adaptive Learning Rate and Beyond", Algorithm 2, as schedulefree 1.4.1 has it
/// (`radam_schedulefree.py`). RAdam's first steps, before its mean square can be used, are SGD with
/// momentum; the library leaves them out (``silentSGDPhase``), or makes them without momentum.
struct RAdamScheduleFree<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  var r = 0.0
  var weightLrPower = 2.0
  var silentSGDPhase = true

  init() {}

  /// The constructor looks at none of them.
  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .any, "how far y is from z towards the average"),
      Hyperparameter("beta2", \.beta2, .any, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .any, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("r", \.r, .any, "weight of later steps in the average, as a power of k"),
      Hyperparameter(
        "weight_lr_power", \.weightLrPower, .any,
        "weight of steps in the average, as a power of the largest rate"),
      Hyperparameter(
        "silent_sgd_phase", \.silentSGDPhase,
        "stands still until the mean square can be used, instead of plain descent"),
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
    let rectification = Rectification(beta2: beta2, t: memory.progress.k + 1)
    let factor = rectification.factor ?? (silentSGDPhase ? 0 : 1)
    guard rectification.rho.isFinite && factor.isFinite else {
      throw .refused("'beta2' of \(beta2) leaves no length of average to correct by")
    }
    let gamma = rate * factor
    let c = try memory.progress.advance(rate: gamma, r: r, power: weightLrPower)
    sweep(
      &parameter.values, gradient.values, &memory.z, &memory.v, count: parameter.count,
      t: memory.progress.k, isAdaptive: rectification.factor != nil, gamma: gamma, c: c)
  }

  private func sweep(
    _ y: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ z: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>, count: Int, t: Int,
    isAdaptive: Bool, gamma: Double, c: Double
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
    @inline(__always) func average(_ i: Int) -> A {
      let g = gradient[i].wide
      v[i] = Element(rounding: Element.rounded(v[i].wide * beta2) + weight2 * g * g)
      return v[i].wide
    }
    @inline(__always) func move(_ i: Int, _ direction: A) {
      let update = Element.rounded(direction + decay * y[i].wide)
      let nearer = Element.rounded(towardsZ(y[i].wide, z[i].wide))
      y[i] = Element(rounding: nearer + stepOfY * update)
      z[i] = Element(rounding: z[i].wide + stepOfZ * update)
    }
    Sweep.each(count) { range in
      if isAdaptive {
        for i in range {
          let root = Element.rounded(Element.rounded(average(i) * correction).root)
          move(i, Element.rounded(gradient[i].wide / Element.rounded(root + epsilon)))
        }
      } else {
        for i in range {
          _ = average(i)
          move(i, gradient[i].wide)
        }
      }
    }
  }
}

extension OptimizerFamily {
  static let radamScheduleFree = OptimizerFamily(
    "SCHEDULE_FREE_RADAM", "Schedule-Free RAdam", library: "schedulefree 1.4.1",
    Citation("The Road Less Scheduled", "https://arxiv.org/abs/2405.15682"),
    RAdamScheduleFree<Float>.self, RAdamScheduleFree<Double>.self,
    RAdamScheduleFree<BFloat16>.self, RAdamScheduleFree<Half>.self)
}
