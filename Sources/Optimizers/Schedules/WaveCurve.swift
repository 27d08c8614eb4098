#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// SimpleTuner's own schedulers (bc8e6ab, `helpers/training/custom_schedule.py:155-430`): waves
/// between the rate and `lr_end` that know no warm-up and no end.
public struct WaveCurve: Hashable, Sendable {
  public var shape: Shape
  /// H: scheduler steps of half a wave.
  public var halfPeriod: Int
  /// E: the rate at the bottom, or at the top where it is above the configured one.
  public var end: Double

  public enum Shape: Hashable, Sendable {
    /// From the top.
    case cosine
    /// From the middle, upward.
    case sine
    /// `cosine_with_restarts`, whose counter is taken modulo -1 and stays at 0.
    case flat
  }

  public init(_ shape: Shape, halfPeriod: Int, end: Double) {
    self.shape = shape
    self.halfPeriod = halfPeriod
    self.end = end
  }

  /// The rate, cut down to a whole number of billionths.
  public func rate(atStep s: Int, base: Double) -> Double {
    let rate =
      switch shape {
      case .cosine: end + (base - end) * (1 + cos(.pi * Double(s) / Double(halfPeriod))) / 2
      case .sine: end + (base - end) * (0.5 * (1 + sin(.pi * Double(s) / Double(halfPeriod))))
      case .flat: end + (base - end) * 2 / 2
      }
    return (rate * 1e9).rounded(.down) / 1e9
  }
}
