#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The curves of transformers (4.54.1) and diffusers (0.32.1 to 0.42.1), `optimization.py` in both.
public struct HuggingFaceCurve: Hashable, Sendable {
  public var shape: Shape
  /// W: scheduler steps during which the rate climbs from 0. A float in one trainer.
  public var warmupSteps: Double
  /// T: scheduler steps planned, the warm-up included.
  public var totalSteps: Int

  public enum Shape: Hashable, Sendable {
    case constant
    case constantWithWarmup
    case linear
    /// `cycles` of ½ is the way down, once.
    case cosine(cycles: Double)
    case hardRestarts(cycles: Double)
    /// To the rate `end`, which is a share of `rate`, the default rate of the optimizer.
    case polynomial(end: Double, power: Double, rate: Double)
    case inverseSquareRoot(timescale: Double)
    case cosineWithFloor(cycles: Double, floor: Double)
    case warmupStableDecay(WarmupStableDecay)
    case piecewise(StepRules)
  }

  public init(_ shape: Shape, warmupSteps: Double = 0, totalSteps: Int = 0) {
    self.shape = shape
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
  }

  /// The factor `s` scheduler steps after the start.
  ///
  /// - Returns: Nil where Python raises: a division by zero, the root of a negative number.
  public func factor(atStep s: Int) -> Double? {
    switch shape {
    case .constant: return 1
    case .piecewise(let rules): return rules.factor(atStep: s)
    case .warmupStableDecay(let phases): return phases.factor(atStep: s, warmup: warmupSteps)
    default: break
    }
    if Double(s) < warmupSteps { return Double(s) / max(1, warmupSteps) }
    switch shape {
    case .linear: return max(0, Double(totalSteps - s) / divisor)
    case .cosine(let cycles): return max(0, wave(cycles, at: s))
    case .hardRestarts(let cycles):
      let p = progress(at: s)
      return p >= 1 ? 0 : max(0, 0.5 * (1 + cos(.pi * (cycles * p).fractionAsInPython)))
    case .cosineWithFloor(let cycles, let floor):
      return max(0, wave(cycles, at: s) * (1 - floor) + floor)
    case .polynomial(let end, let power, let rate):
      return polynomial(at: s, end: end, power: power, rate: rate)
    case .inverseSquareRoot(let timescale): return inverseSquareRoot(at: s, timescale: timescale)
    case .constant, .constantWithWarmup, .piecewise, .warmupStableDecay: return 1
    }
  }

  private var divisor: Double { max(1, Double(totalSteps) - warmupSteps) }
  /// p: how much of the way after the warm-up is done.
  private func progress(at s: Int) -> Double { (Double(s) - warmupSteps) / divisor }
  /// From 1 to 0 and back, so many times.
  private func wave(_ cycles: Double, at s: Int) -> Double {
    0.5 * (1 + cos(.pi * cycles * 2 * progress(at: s)))
  }

  private func polynomial(at s: Int, end: Double, power: Double, rate: Double) -> Double? {
    if s > totalSteps { return end / rate }
    let steps = Double(totalSteps) - warmupSteps
    guard steps != 0 else { return nil }
    let left = 1 - (Double(s) - warmupSteps) / steps
    // 0 to a negative power raises in Python.
    return left == 0 && power < 0 ? nil : ((rate - end) * pow(left, power) + end) / rate
  }

  private func inverseSquareRoot(at s: Int, timescale: Double) -> Double? {
    guard timescale != 0 else { return nil }
    let ratio = ratio(at: s, timescale: timescale)
    return ratio > 0 ? 1 / ratio.squareRoot() : nil
  }

  /// What the inverse square root is taken of.
  func ratio(at s: Int, timescale: Double) -> Double {
    let shift = timescale - warmupSteps
    return (Double(s) + shift) / timescale
  }
}

/// Up, along and down (`get_wsd_schedule`).
public struct WarmupStableDecay: Hashable, Sendable {
  /// S: scheduler steps at the full rate; may be negative.
  public var stableSteps: Int
  /// D: scheduler steps of the way down.
  public var decaySteps: Int
  public var cycles = 0.5
  /// m: where it starts and ends.
  public var floor = 0.0
  public var rising = Slope.linear
  public var falling = Slope.cosine

  public enum Slope: String, Hashable, Sendable, CaseIterable {
    case linear, cosine
    case squareRoot = "1-sqrt"
  }

  public init(stableSteps: Int, decaySteps: Int) {
    self.stableSteps = stableSteps
    self.decaySteps = decaySteps
  }

  func factor(atStep s: Int, warmup: Double) -> Double {
    let s = Double(s)
    if s < warmup { return raised(rise(s / max(1, warmup))) }
    let plateauEnd = warmup + Double(stableSteps)
    if s < plateauEnd { return 1 }
    if s < plateauEnd + Double(decaySteps) {
      return raised(fall((s - warmup - Double(stableSteps)) / Double(max(1, decaySteps))))
    }
    return floor
  }

  private func rise(_ p: Double) -> Double {
    switch rising {
    case .linear: p
    case .cosine: 0.5 * (1 - cos(.pi * p))
    case .squareRoot: 1 - (1 - p).squareRoot()
    }
  }

  private func fall(_ p: Double) -> Double {
    switch falling {
    case .linear: 1 - p
    case .cosine: 0.5 * (1 + cos(.pi * cycles * 2 * p))
    case .squareRoot: 1 - p.squareRoot()
    }
  }

  private func raised(_ v: Double) -> Double { max(0, v * (1 - floor) + floor) }
}

/// A factor up to each of a few steps (`get_piecewise_constant_schedule`).
public struct StepRules: Hashable, Sendable {
  public struct Rule: Hashable, Sendable {
    public let factor: Double
    /// The first step it does not hold for.
    public let end: Int
  }

  /// By their ends.
  public let rules: [Rule]
  public let lastFactor: Double

  /// `"1:10,0.1:20,0.005"`: 1 before step 10, 0.1 before step 20, 0.005 from then on.
  ///
  /// - Returns: Nil where Python cannot read it, with ValueError.
  public init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    var factors: [Int: Double] = [:]
    for part in parts.dropLast() {
      let sides = part.split(separator: ":", omittingEmptySubsequences: false)
      guard sides.count == 2, let factor = PythonValue.real(from: String(sides[0])),
        let end = PythonValue.whole(from: String(sides[1]))
      else { return nil }
      factors[end] = factor
    }
    guard let last = PythonValue.real(from: String(parts.last ?? "")) else { return nil }
    rules = factors.map { Rule(factor: $1, end: $0) }.sorted { $0.end < $1.end }
    lastFactor = last
  }

  func factor(atStep s: Int) -> Double { rules.first { s < $0.end }?.factor ?? lastFactor }
}
