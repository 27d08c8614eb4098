/// Where the estimate of a self-tuning optimizer came to rest, from what a run logged.
public struct SettledRate: Hashable, Sendable {
  public enum State: String, Hashable, Sendable {
    /// It grew and came to rest.
    case steady
    /// It still grew at the end.
    case growing
    /// It never left its first guess.
    case neverGrew = "never-grew"
    /// It was there from the first point on.
    case flat
    /// The numbers are the schedule's, without the estimate.
    case scheduleOnly = "schedule-only"
    /// Too few numbers to say anything.
    case tooFew = "too-few-points"
  }

  /// What the rate was read from.
  public enum Basis: String, Hashable, Sendable {
    /// The schedule that was logged beside it, or that the config describes, is divided out.
    case scheduleDividedOut = "schedule-divided-out"
    /// The highest that was applied, as nothing tells the schedule.
    case highestApplied = "highest-applied"
  }

  public let state: State
  public let basis: Basis
  /// The rate that a fixed-rate optimizer would be given, before its schedule.
  public let rate: Double
  /// At the first point, read in the same way.
  public let first: Double
  /// Points that are positive numbers, and the steps that they span.
  public let points: Int
  public let steps: ClosedRange<Int>
  /// The step at which it had reached nine tenths of where it came to rest.
  public let settledAt: Int
  /// Highest less lowest of what came after, as a share of the rate.
  public let spread: Double
  /// How much it grew over the last fifth of the run, as a share.
  public let lateGrowth: Double
  /// Points that are no positive number, of all.
  public let unusable: Int
  /// What was applied at the last point, as a share of the rate.
  public let lastShare: Double

  /// The share of the run that was over when it had settled.
  public var growingShare: Double {
    steps.count > 1
      ? Double(settledAt - steps.lowerBound) / Double(steps.upperBound - steps.lowerBound) : 0
  }

  /// Whether a rate can be taken from it.
  public var isUsable: Bool {
    switch state {
    case .steady, .growing, .flat: true
    case .neverGrew, .scheduleOnly, .tooFew: false
    }
  }

  static let fewest = 10
  /// As many as show everything.
  static let most = 4000
  /// A schedule this far below its top multiplies the rounding of what was logged.
  static let leastSchedule = 0.02
  /// Rates that are this high are no rates of weights.
  static let highest = 0.05

  public init(_ series: RateSeries) {
    var steps: [Int] = []
    var values: [Double] = []
    let top = series.scheduled?.filter(\.isFinite).max() ?? 1
    var unusable = 0
    for place in series.applied.values.indices {
      let value = series.applied.values[place]
      let schedule = series.scheduled?[place] ?? top
      // At the end of a schedule nothing is applied, which is no fault.
      guard value.isFinite, value >= 0, schedule.isFinite else {
        unusable += 1
        continue
      }
      guard value > 0, schedule >= Self.leastSchedule * top, top > 0 else { continue }
      steps.append(series.applied.steps[place])
      values.append(value / schedule * top)
    }
    self.unusable = unusable
    points = values.count
    let thinned = stride(from: 0, to: values.count, by: max(1, values.count / Self.most))
    steps = thinned.map { steps[$0] }
    values = thinned.map { values[$0] }
    basis = series.scheduled == nil ? .highestApplied : .scheduleDividedOut
    let all = series.applied.steps
    self.steps = (all.min() ?? 0)...(all.max() ?? 0)
    guard values.count >= Self.fewest else {
      (state, rate, first) = (.tooFew, values.max() ?? 0, values.first ?? 0)
      (settledAt, spread, lateGrowth, lastShare) = (self.steps.upperBound, 0, 0, 0)
      return
    }
    let smooth = values.movingMedian(max(1, values.count / 100))
    // Where nothing divides a decay out, what the estimate came to shows at the top.
    let rest =
      basis == .highestApplied
      ? smooth.max() ?? 0 : Array(smooth.suffix(max(3, values.count / 20))).median
    let start = smooth.firstIndex { $0 >= 0.9 * rest } ?? 0
    let plateau: [Double]
    if basis == .highestApplied {
      // Until the schedule takes it down.
      plateau = Array(smooth[start...].prefix { $0 >= 0.9 * rest })
      rate = rest
    } else {
      plateau = Array(values[start...])
      rate = plateau.median
    }
    first = values[0]
    settledAt = start == 0 ? self.steps.lowerBound : steps[start]
    spread = ((plateau.max() ?? 0) - (plateau.min() ?? 0)) / max(rate, .leastNormalMagnitude)
    let fifth = smooth[max(0, smooth.count - 1 - smooth.count / 5)]
    lateGrowth = max(0, (smooth.last ?? 0) / max(fifth, .leastNormalMagnitude) - 1)
    let last = series.applied.values.last { $0.isFinite } ?? 0
    lastShare = last / max(rate, .leastNormalMagnitude)
    if !series.isCertain, Self.isRamp(steps: steps[...start], values: values[...start]) {
      state = .scheduleOnly
    } else {
      state = Self.state(
        rate: rate, first: first, lateGrowth: lateGrowth,
        settled: Double(start) / Double(values.count), isCertain: series.isCertain)
    }
  }

  /// Whether it rises in a straight line, as a warm-up does and no estimate.
  private static func isRamp(steps: ArraySlice<Int>, values: ArraySlice<Double>) -> Bool {
    guard values.count >= 3, let x0 = steps.first, let x1 = steps.last, x1 > x0,
      let y0 = values.first, let y1 = values.last, y1 > y0
    else { return false }
    return zip(steps, values).allSatisfy { x, y in
      let line = y0 + (y1 - y0) * Double(x - x0) / Double(x1 - x0)
      return abs(y - line) < 0.06 * y1
    }
  }

  private static func state(
    rate: Double, first: Double, lateGrowth: Double, settled: Double, isCertain: Bool
  ) -> State {
    if rate >= highest { return .scheduleOnly }
    let growth = rate / max(first, .leastNormalMagnitude)
    // The first guess is 1e-6 unless d0 says otherwise, and a warm-up can hold it down.
    if growth < 3, rate <= 5e-6 { return .neverGrew }
    if growth < 1.5 { return isCertain ? .flat : .scheduleOnly }
    return lateGrowth > 0.1 || settled > 0.8 ? .growing : .steady
  }

  /// The rate as one would write it: in steps of a half below 5, then of 1.
  public var rounded: Double { Self.rounded(rate) }

  static func rounded(_ rate: Double) -> Double {
    guard rate > 0, rate.isFinite else { return 0 }
    var exponent = 0
    var digits = rate
    while digits < 1 {
      digits *= 10
      exponent -= 1
    }
    while digits >= 10 {
      digits /= 10
      exponent += 1
    }
    let written = digits < 5 ? (digits * 2).rounded() / 2 : digits.rounded()
    return Double("\(written)e\(exponent)") ?? rate
  }
}

extension [Double] {
  /// Of an empty list 0.
  var median: Double {
    guard !isEmpty else { return 0 }
    let all = sorted()
    return count % 2 == 1 ? all[count / 2] : (all[count / 2 - 1] + all[count / 2]) / 2
  }

  /// The median of each element with so many before and after it.
  func movingMedian(_ reach: Int) -> [Double] {
    indices.map { place in
      Array(self[Swift.max(0, place - reach)...Swift.min(count - 1, place + reach)]).median
    }
  }
}
