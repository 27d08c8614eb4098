internal import Optimizers
internal import Plans
public import Trials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The loss at the end of the run against the learning rate, around the configured one.
public struct Basin: Sendable {
  public struct Point: Sendable {
    /// As the file would say it.
    public let rate: Double
    /// Of the configured rate.
    public let multiple: Double
    public let loss: Double
    public let verdict: Verdict
  }

  /// From the lowest rate up.
  public let points: [Point]
  public let configured: Double
  /// Steps that were simulated for each rate.
  public let steps: Int

  /// The point in the middle of those that do as well as the lowest, within a tenth of its loss: the
  /// floor of a basin is flat, and which of its points is lowest is up to the noise.
  public var best: Point? {
    let floor = stretch.map { points[$0] } ?? points.filter { $0.loss.isFinite }[...]
    guard let low = floor.indices.min(by: { floor[$0].loss < floor[$1].loss }) else { return nil }
    let good = around(low, in: floor) { $0.loss <= 1.1 * floor[low].loss }
    return floor[(good.lowerBound + good.upperBound) / 2]
  }

  /// The lowest and the highest rate of the widest stretch whose runs converge.
  public var width: ClosedRange<Double>? {
    stretch.map { points[$0.lowerBound].rate...points[$0.upperBound].rate }
  }

  /// The widest stretch of points that converge. Far beyond it an optimizer with an estimate of its own
  /// can converge again, where the rate times its first estimate happens to be right.
  private var stretch: ClosedRange<Int>? {
    var widest: ClosedRange<Int>?
    for place in points.indices where points[place].verdict == .converges {
      let all = around(place, in: points[...]) { $0.verdict == .converges }
      if all.count > widest?.count ?? 0 { widest = all }
    }
    return widest
  }

  /// The places around one for which all between it and them hold.
  private func around(
    _ place: Int, in points: ArraySlice<Point>, _ holds: (Point) -> Bool
  ) -> ClosedRange<Int> {
    var low = place
    var high = place
    while low > points.startIndex, holds(points[low - 1]) { low -= 1 }
    while high + 1 < points.endIndex, holds(points[high + 1]) { high += 1 }
    return low...high
  }
}

extension Basin {
  /// Steps for each rate; more where a step cannot stand for several.
  static let mostSteps = 300
  static let mostRealSteps = 600
  static let usualPoints = 25

  /// The settings for each multiple of the configured rate, three decades down and three up, and
  /// further where practice lies further away.
  ///
  /// - Parameters:
  ///   - ratio: What the settings' rate is of the one in the file.
  ///   - practice: Rates that work in practice.
  static func multiples(
    _ count: Int, rate: Double, practice: ClosedRange<Double>?
  ) -> [Double] {
    var low = -3.0
    var high = 3.0
    if let practice, rate > 0 {
      low = min(low, log10(practice.lowerBound / rate) - 0.5)
      high = max(high, log10(practice.upperBound / rate) + 0.5)
    }
    // An odd number of points that has the configured rate among them.
    let step = (high - low) / Double(max(2, count - 1))
    let below = Int((-low / step).rounded())
    return (0..<max(3, count)).map { pow(10, Double($0 - below) * step) }
  }

  static func settings(
    _ base: TrialSettings, multiples: [Double]
  ) -> [TrialSettings] {
    let takesMore = !Shortening.isScalable(base) && !Laboratories.isFine(base)
    let shortening = Shortening(base, to: takesMore ? mostRealSteps : mostSteps)
    return multiples.map { multiple in
      var one = base
      one.rate *= multiple
      return shortening.apply(to: one)
    }
  }

  /// The verdicts need a cooler run for each rate: that of the rate half a decade below, between its
  /// neighbours.
  init(_ runs: [Runs.Outcome], multiples: [Double], configured: Double, steps: Int) {
    let trajectories = runs.map { try? $0.get() }
    points = multiples.indices.compactMap { place in
      guard let run = trajectories[place] else { return nil }
      let wanted = multiples[place] / 10.0.squareRoot()
      let nearest = multiples.indices.filter { trajectories[$0] != nil }.min {
        abs(log(multiples[$0] / wanted)) < abs(log(multiples[$1] / wanted))
      }
      let cooler = nearest.flatMap { trajectories[$0] } ?? run
      let assessment = Assessment(run, cooler: cooler)
      return Point(
        rate: configured * multiples[place], multiple: multiples[place], loss: assessment.end,
        verdict: assessment.verdict)
    }
    self.configured = configured
    self.steps = steps
  }
}
