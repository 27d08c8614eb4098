#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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

/// A scheduler that writes the rate which Adafactor reports back into the parameter group
/// (transformers 5.5.4, `optimization.py`, AdafactorSchedule).
///
/// With `relative_step` the optimizer does not look at what is written, and without
/// `scale_parameter` it reports what it was given. With `scale_parameter` alone it reports the rate
/// times the size of the group's first weight, so that the rate shrinks by that at every step.
public struct AdafactorMirror: Hashable, Sendable {
  /// The rate that the scheduler writes into all groups at the start; nil for their own.
  public var start: Double?
  /// The larger of `eps2` and the root mean square of the first weight of the group, taken as
  /// constant; 1 where the rate is not fed back.
  public var shrinkage: Double

  public init(start: Double? = nil, shrinkage: Double = 1) {
    self.start = start
    self.shrinkage = shrinkage
  }

  /// The rate in the parameter group. Adafactor multiplies it by the size of each weight again.
  public func rate(atStep k: Int, base: Double) -> Double {
    (start ?? base) * pow(shrinkage, Double(k))
  }
}

/// The warm-up that schedule-free optimizers have of their own: schedulefree 1.4 and SimpleTuner's
/// `adamw_schedulefree`.
public struct ScheduleFreeWarmup: Hashable, Sendable {
  /// `warmup_steps`: a count, so that a fraction multiplies the first rate by its inverse.
  public var steps: Double

  public init(steps: Double) { self.steps = steps }

  /// What the rate of step `k` is multiplied by, counted from 0.
  public func factor(atStep k: Int) -> Double {
    Double(k) < steps ? Double(k + 1) / steps : 1
  }
}
