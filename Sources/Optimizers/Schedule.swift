#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A learning rate over time: what the configured rate is multiplied by at each optimizer step.
///
/// The curves are OneTrainer's (23df3832, `modules/util/lr_scheduler_util.py` and
/// `modules/util/create.py:1111-1229`), in double precision as there. Its scheduler ADAFACTOR has no
/// curve of its own, see ``RelativeStep``; CUSTOM is a class of the user's.
public struct Schedule: Hashable, Sendable {
  public var curve: Curve
  /// W: optimizer steps during which the rate climbs from 0.
  public var warmupSteps: Int
  /// T: optimizer steps planned, the warm-up included.
  public var totalSteps: Int
  /// n: waves of the curves with restarts; the others do not look at it.
  public var cycles: Double
  /// m: what the falling curves end at, as a share of the rate.
  public var floor: Double

  public enum Curve: String, Hashable, Sendable, CaseIterable {
    case constant, linear, cosine, cosineWithRestarts, cosineWithHardRestarts, rex

    /// Whether the curve looks at ``Schedule/cycles``.
    public var usesCycles: Bool { self == .cosineWithRestarts || self == .cosineWithHardRestarts }
    /// Whether the curve looks at ``Schedule/floor``.
    public var usesFloor: Bool { self != .constant }
    /// Whether it divides by the steps that follow the warm-up, so that there must be some.
    public var dividesBySteps: Bool { self != .constant && self != .rex }
  }

  public init(
    _ curve: Curve, warmupSteps: Int = 0, totalSteps: Int, cycles: Double = 1, floor: Double = 0
  ) {
    self.curve = curve
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
    self.cycles = cycles
    self.floor = floor
  }

  /// S: the steps after the warm-up. 0 or less where the warm-up is as long as the run.
  public var decaySteps: Int { totalSteps - warmupSteps }

  /// The factor of the optimizer step `k`, counted from 0.
  ///
  /// - Returns: Nil where the trainer divides by zero: after a warm-up that fills the run.
  public func factor(atStep k: Int) -> Double? {
    // The floor does not hold during the warm-up, and the first step has a rate of 0.
    if k < warmupSteps { return Double(k) / Double(warmupSteps) }
    return height(after: k - warmupSteps).map { v in
      curve.usesFloor ? floor + (1 - floor) * v : v
    }
  }

  /// v: the curve between 0 and 1, `s` steps after the warm-up.
  private func height(after s: Int) -> Double? {
    let steps = decaySteps
    if steps == 0, curve.dividesBySteps { return nil }
    // Stops one step short, so that the last step is the end of a wave and not the next start.
    let progress = Double(min(s, steps - 1)) / Double(steps)
    return switch curve {
    case .constant: 1
    case .linear: max(0, Double(steps - s) / Double(steps))
    case .cosine: Self.halfWave(Double(s) / Double(steps))
    case .cosineWithRestarts: Self.halfWave(2 * cycles * progress)
    case .cosineWithHardRestarts: Self.halfWave(Self.fraction(cycles * progress))
    case .rex: Self.rex(s, of: steps)
    }
  }

  /// From 1 at 0 down to 0 at 1, and up again after that.
  private static func halfWave(_ x: Double) -> Double { max(0, (1 + cos(.pi * x)) / 2) }

  /// What is left after the whole number below, as Python's `%` has it.
  private static func fraction(_ x: Double) -> Double { x - x.rounded(.down) }

  /// Chen, Wolfe and Kyrillidis, "REX: Revisiting Budgeted Training with an Improved Schedule",
  /// https://arxiv.org/abs/2107.04197, with 0.9 where the paper has ½.
  private static func rex(_ s: Int, of steps: Int) -> Double {
    guard s < steps else { return 0 }
    let left = 1 - Double(s) / Double(steps)
    return left / (0.1 + 0.9 * left)
  }
}

/// The learning rate that Adafactor makes for itself, which the scheduler ADAFACTOR repeats.
///
/// transformers 5.5.4, `optimization.py:1174`.
public struct RelativeStep: Hashable, Sendable {
  /// Climbs by 1e-6 per step instead of starting at 0.01.
  public var warmupInit: Bool
  /// Multiplies the rate by the root mean square of each weight, or by `floor` if that is larger.
  public var scaleParameter: Bool
  /// `eps2`.
  public var floor: Double

  public init(warmupInit: Bool = false, scaleParameter: Bool = true, floor: Double = 1e-3) {
    self.warmupInit = warmupInit
    self.scaleParameter = scaleParameter
    self.floor = floor
  }

  /// The rate of step `t`, counted from 1, for a weight of this root mean square.
  public func rate(atStep t: Int, weight: Double) -> Double {
    let largest = warmupInit ? 1e-6 * Double(t) : 1e-2
    let rate = min(largest, 1 / Double(t).squareRoot())
    return scaleParameter ? max(floor, weight) * rate : rate
  }
}
