#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The schedulers of torch (2.6.0 to 2.15.0, `optim/lr_scheduler.py`), in closed form.
///
/// torch multiplies the rate of the step before instead, which ends a few units in the last place
/// apart.
public enum TorchCurve: Hashable, Sendable {
  /// ConstantLR: `factor` for `length` steps, then the rate itself.
  case constant(factor: Double, length: Double)
  /// LinearLR: from `start` to `end` in `length` steps.
  case linear(start: Double, end: Double, length: Double)
  /// CosineAnnealingLR: down to the rate `end` in `length` steps, and up again.
  case cosine(length: Double, end: Double)
  /// CosineAnnealingWarmRestarts: down in `first` steps, then in `growth` times as many, and so on.
  case warmRestarts(first: Int, growth: Int, end: Double)
  /// StepLR: times `gamma` every `size` steps.
  case step(size: Int, gamma: Double)
  /// MultiStepLR: times `gamma` at each of the steps.
  case milestones([Double], gamma: Double)
  /// ExponentialLR: times `gamma` at each step.
  case exponential(gamma: Double)
  /// PolynomialLR: down to 0 in `length` steps.
  case polynomial(length: Double, power: Double)
  case oneCycle(OneCycle)
  case cyclic(CyclicRate)

  /// The rate `s` scheduler steps after the start.
  ///
  /// - Returns: Nil where torch raises.
  public func rate(atStep s: Int, base: Double) -> Double? {
    switch self {
    case .constant(let factor, let length): Self.held(s, factor, length).map { base * $0 }
    case .linear(let start, let end, let length):
      base * Self.line(s, from: start, to: end, length)
    case .cosine(let length, let end):
      s == 0 ? base : Self.wave(s, length).map { end + (base - end) * $0 / 2 }
    case .warmRestarts(let first, let growth, let end):
      end + (base - end) * Self.restarted(s, first, growth) / 2
    case .step(let size, let gamma):
      s == 0 ? base : size == 0 ? nil : base * pow(gamma, Double(UInt(s) / size.magnitude))
    case .milestones(let steps, let gamma):
      base * pow(gamma, Double(steps.count { $0 >= 0 && $0 <= Double(s) && $0 == $0.rounded() }))
    case .exponential(let gamma): base * pow(gamma, Double(s))
    case .polynomial(let length, let power): Self.power(s, length, power).map { base * $0 }
    case .oneCycle(let cycle): cycle.rate(atStep: s)
    case .cyclic(let cycle): cycle.rate(atStep: s)
    }
  }

  /// The last step that does something: `length`, cut to the steps there are.
  private static func last(_ length: Double) -> Double { max(0, length.rounded(.down)) }

  private static func held(_ s: Int, _ factor: Double, _ length: Double) -> Double? {
    // It is taken back at the very step, so that a fraction or 0 never takes it back.
    guard length >= 1, length == length.rounded(), Double(s) >= length else { return factor }
    return factor == 0 ? nil : factor * (1 / factor)
  }

  private static func line(
    _ s: Int, from start: Double, to end: Double, _ length: Double
  ) -> Double {
    let step = min(last(length), Double(s))
    return step == 0 ? start : start + (end - start) * step / length
  }

  /// From 2 to 0 in `length` steps and back.
  private static func wave(_ s: Int, _ length: Double) -> Double? {
    length == 0 ? nil : 1 + cos(.pi * Double(s) / length)
  }

  private static func restarted(_ s: Int, _ first: Int, _ growth: Int) -> Double {
    var (step, period) = (s, first)
    if growth == 1 { step %= period }
    while step >= period {
      step -= period
      period = .product(period, growth)
    }
    return 1 + cos(.pi * Double(step) / Double(period))
  }

  private static func power(_ s: Int, _ length: Double, _ power: Double) -> Double? {
    let step = min(last(length), Double(s))
    guard step > 0 else { return 1 }
    let left = 1 - step / length
    return left == 0 && power < 0 ? nil : pow(left, power)
  }
}

/// OneCycleLR: up to `peak`, down to far below the start. The configured rates do not matter.
///
/// Smith and Topin, "Super-Convergence", https://arxiv.org/abs/1708.07120, as torch has it.
public struct OneCycle: Hashable, Sendable {
  public var peak: Double
  public var totalSteps: Int
  /// The share of the way up.
  public var rise = 0.3
  public var isLinear = false
  /// What the peak is divided by for the start.
  public var divisor = 25.0
  /// What the start is divided by for the end.
  public var finalDivisor = 1e4
  /// Down to the start first, then to the end.
  public var hasThreePhases = false

  public init(peak: Double, totalSteps: Int) {
    self.peak = peak
    self.totalSteps = totalSteps
  }

  private var phases: [(end: Double, from: Double, to: Double)] {
    let start = peak / divisor
    let up = rise * Double(totalSteps) - 1
    let last = Double(totalSteps - 1)
    guard hasThreePhases else { return [(up, start, peak), (last, peak, start / finalDivisor)] }
    let down = 2 * rise * Double(totalSteps) - 2
    return [(up, start, peak), (down, peak, start), (last, start, start / finalDivisor)]
  }

  /// - Returns: Nil for a phase without steps, which is divided by, and after the last step.
  public func rate(atStep s: Int) -> Double? {
    guard s <= totalSteps else { return nil }
    let phases = phases
    // One step past the end goes on along the last phase.
    let place = phases.firstIndex { Double(s) <= $0.end } ?? phases.count - 1
    let start = place == 0 ? 0 : phases[place - 1].end
    let (end, from, to) = phases[place]
    guard end != start else { return nil }
    let p = (Double(s) - start) / (end - start)
    return isLinear ? (to - from) * p + from : to + (from - to) / 2 * (cos(.pi * p) + 1)
  }
}

/// CyclicLR: up and down between two rates. The configured rates do not matter.
///
/// Smith, "Cyclical Learning Rates for Training Neural Networks", https://arxiv.org/abs/1506.01186,
/// as torch has it.
public struct CyclicRate: Hashable, Sendable {
  public var lowest: Double
  public var highest: Double
  public var stepsUp = 2000.0
  public var stepsDown: Double?
  public var mode = Mode.triangular
  public var gamma = 1.0

  public enum Mode: String, Hashable, Sendable, CaseIterable {
    case triangular
    /// Half as high with each cycle.
    case halving = "triangular2"
    /// Lower by `gamma` with each step.
    case exponential = "exp_range"
  }

  public init(lowest: Double, highest: Double) {
    self.lowest = lowest
    self.highest = highest
  }

  /// - Returns: Nil for cycles without a way up or of no steps, which are divided by.
  public func rate(atStep s: Int) -> Double? {
    let steps = stepsUp + (stepsDown ?? stepsUp)
    let turn = stepsUp / steps
    guard steps != 0 else { return nil }
    let cycle = (1 + Double(s) / steps).rounded(.down)
    let p = 1 + Double(s) / steps - cycle
    let divisor = p <= turn ? turn : turn - 1
    guard divisor != 0 else { return nil }
    let height = (highest - lowest) * (p <= turn ? p / turn : (p - 1) / (turn - 1))
    switch mode {
    case .triangular: return lowest + height
    case .halving: return lowest + height * (1 / pow(2, cycle - 1))
    case .exponential: return lowest + height * pow(gamma, Double(s))
    }
  }
}
