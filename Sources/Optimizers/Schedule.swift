/// The learning rate of a run, at each of its optimizer steps.
///
/// Made from the settings of a trainer by ``OneTrainerSchedule``, ``KohyaSchedule``,
/// ``SimpleTunerSchedule`` or ``AIToolkitSchedule``. All is computed in double precision, in the
/// trainer's order of operations.
public struct Schedule: Hashable, Sendable {
  public var curve: Curve
  /// Scheduler steps for each optimizer step: under accelerate as many as there are processes.
  public var stride = 1
  /// Scheduler steps before the first optimizer step.
  public var offset = 0
  /// The scheduler step that is the last; nil for none.
  public var lastPosition: Int?
  public var groups = Groups.each
  /// Whether the rate stays as it is where the curve cannot be computed, as the trainer catches the
  /// exception.
  public var staysOnFailure = false

  public enum Curve: Hashable, Sendable {
    /// The rate as it is configured.
    case constant
    case oneTrainer(OneTrainerCurve)
    case huggingFace(HuggingFaceCurve)
    case wave(WaveCurve)
    case torch(TorchCurve)
    case mirror(AdafactorMirror)
  }

  /// Which parameter groups the schedule moves.
  public enum Groups: Hashable, Sendable {
    /// Each from its own rate.
    case each
    /// The first; the others keep their rate.
    case firstAlone
    /// All, from the rate of the first.
    case allAsFirst
  }

  public init(_ curve: Curve, stride: Int = 1) {
    self.curve = curve
    self.stride = stride
  }

  /// The rate of the optimizer step `k`, counted from 0, in the first parameter group.
  ///
  /// - Parameter base: The rate that is configured for the group.
  /// - Returns: Nil where the trainer has stopped with an exception.
  public func rate(atStep k: Int, base: Double) -> Double? {
    let s = position(ofStep: k)
    if let rate = curve.rate(atStep: s, base: base) { return rate }
    return staysOnFailure && s > 0 ? curve.rate(atStep: s - 1, base: base) : nil
  }

  /// The rates of the optimizer step `k` in all parameter groups, in the trainer's order.
  public func rates(atStep k: Int, bases: [Double]) -> [Double]? {
    guard let first = bases.first else { return [] }
    guard let moved = rate(atStep: k, base: first) else { return nil }
    switch groups {
    case .firstAlone: return [moved] + bases.dropFirst()
    case .allAsFirst: return bases.map { _ in moved }
    case .each:
      let others = bases.dropFirst().compactMap { rate(atStep: k, base: $0) }
      return others.count + 1 == bases.count ? [moved] + others : nil
    }
  }

  /// What the rate of the first group is multiplied by at the optimizer step `k`.
  ///
  /// - Parameter base: The configured rate, which only ``dependsOnRate`` curves look at.
  public func factor(atStep k: Int, base: Double = 1) -> Double? {
    // A factor times 1 is the factor to the last bit.
    dependsOnRate ? rate(atStep: k, base: base).map { $0 / base } : rate(atStep: k, base: 1)
  }

  /// Whether the factor is another one for another rate: the curve ends at a rate, not at a share.
  public var dependsOnRate: Bool {
    switch curve {
    case .constant, .oneTrainer, .huggingFace: false
    case .mirror(let mirror): mirror.start != nil
    case .wave, .torch: true
    }
  }

  /// How often the scheduler was stepped before the optimizer step `k`.
  public func position(ofStep k: Int) -> Int {
    let s = max(0, Int.sum(offset, .product(k, stride)))
    return lastPosition.map { min(s, $0) } ?? s
  }
}

extension Schedule.Curve {
  /// The rate `s` scheduler steps after the start; nil where computing it raises.
  public func rate(atStep s: Int, base: Double) -> Double? {
    switch self {
    case .constant: base
    case .oneTrainer(let curve): curve.factor(atStep: s).map { base * $0 }
    case .huggingFace(let curve): curve.factor(atStep: s).map { base * $0 }
    case .wave(let curve): curve.rate(atStep: s, base: base)
    case .torch(let curve): curve.rate(atStep: s, base: base)
    case .mirror(let mirror): mirror.rate(atStep: s, base: base)
    }
  }
}
