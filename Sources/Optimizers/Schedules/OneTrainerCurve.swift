#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// OneTrainer's curves (23df3832, `modules/util/lr_scheduler_util.py`).
public struct OneTrainerCurve: Hashable, Sendable {
  public var shape: Shape
  /// W: optimizer steps during which the rate climbs from 0.
  public var warmupSteps: Int
  /// T: optimizer steps planned, the warm-up included.
  public var totalSteps: Int
  /// n: waves of the curves with restarts; the others do not look at it.
  public var cycles: Double
  /// m: what the falling curves end at, as a share of the rate.
  public var floor: Double

  public enum Shape: String, Hashable, Sendable, CaseIterable {
    case constant, linear, cosine, cosineWithRestarts, cosineWithHardRestarts, rex

    /// Whether the curve looks at ``OneTrainerCurve/cycles``.
    public var usesCycles: Bool { self == .cosineWithRestarts || self == .cosineWithHardRestarts }
    /// Whether the curve looks at ``OneTrainerCurve/floor``.
    public var usesFloor: Bool { self != .constant }
    /// Whether it divides by the steps that follow the warm-up, so that there must be some.
    public var dividesBySteps: Bool { self != .constant && self != .rex }
  }

  public init(
    _ shape: Shape, warmupSteps: Int = 0, totalSteps: Int, cycles: Double = 1, floor: Double = 0
  ) {
    self.shape = shape
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
      shape.usesFloor ? floor + (1 - floor) * v : v
    }
  }

  /// v: the curve between 0 and 1, `s` steps after the warm-up.
  private func height(after s: Int) -> Double? {
    let steps = decaySteps
    if steps == 0, shape.dividesBySteps { return nil }
    // Stops one step short, so that the last step is the end of a wave and not the next start.
    let progress = Double(min(s, steps - 1)) / Double(steps)
    return switch shape {
    case .constant: 1
    case .linear: max(0, Double(steps - s) / Double(steps))
    case .cosine: Self.halfWave(Double(s) / Double(steps) * .pi)
    case .cosineWithRestarts: Self.halfWave(progress * 2 * .pi * cycles)
    case .cosineWithHardRestarts: Self.halfWave((progress * cycles).fractionAsInPython * .pi)
    case .rex: Self.rex(s, of: steps)
    }
  }

  /// From 1 at 0 down to 0 at π, and up again after that.
  private static func halfWave(_ x: Double) -> Double { max(0, 0.5 * (1 + cos(x))) }

  /// Chen, Wolfe and Kyrillidis, "REX: Revisiting Budgeted Training with an Improved Schedule",
  /// https://arxiv.org/abs/2107.04197, with d = 0.9 where the paper has ½.
  private static func rex(_ s: Int, of steps: Int) -> Double {
    guard s < steps else { return 0 }
    let d = 0.9
    let left = 1 - Double(s) / Double(steps)
    return left / ((1 - d) + d * left)
  }
}

extension Double {
  /// What is left after the whole number below, as Python's `% 1.0` has it.
  var fractionAsInPython: Double { self - rounded(.down) }
}
