/// Whether settings can converge, by the numbers of a run.
public enum Verdict: String, Sendable, CaseIterable {
  /// The loss falls to a quarter of its start or less.
  case converges
  /// Still improving at the end, far from done.
  case slow
  /// The weights barely move.
  case stalls
  /// Oscillates, or ends worse than it has been, or only the schedule's end hides a rate too high.
  case unstable
  /// Grows without bound, or is no number any more.
  case diverges
}

/// The numbers behind a verdict.
public struct Assessment: Sendable {
  public let verdict: Verdict
  /// L over the last twentieth, the middle value.
  public let end: Double
  /// The smallest moving mean of L.
  public let best: Double
  /// The middle value of L over the fifth part of the run, from 40 to 50 %.
  public let middle: Double
  /// The largest moving mean of L.
  public let peak: Double
  public let mostDrift: Double
  /// Why this verdict, as a sentence: lower case, no full stop.
  public let reason: String

  /// - Parameter cooler: The same run at the rate divided by √10, with the same noise.
  public init(_ run: Trajectory, cooler: Trajectory) {
    let numbers = RunNumbers(run)
    let other = RunNumbers(cooler)
    end = numbers.end
    best = numbers.best
    middle = numbers.middle
    peak = numbers.peak
    mostDrift = numbers.mostDrift
    (verdict, reason) = Self.judge(numbers, other, run)
  }

  /// The tests, in order; each explains itself.
  private static func judge(
    _ run: RunNumbers, _ cooler: RunNumbers, _ trajectory: Trajectory
  ) -> (Verdict, String) {
    if let step = run.notFiniteAt {
      return (.diverges, "the loss is no number from step \(step + 1) on")
    }
    if run.endDrift > FoldedLayer.basinRadius {
      return (
        .diverges,
        "the weights end \(percent(run.endDrift)) of the output away from where they began, where the layer no longer works"
      )
    }
    if run.mostDrift > FoldedLayer.basinRadius {
      return (.unstable, "on the way the weights change the output by \(percent(run.mostDrift))")
    }
    if run.end > 1.25 { return (.unstable, "the loss ends at \(percent(run.end)) of its start") }
    if run.middle > 0.5, cooler.middle < 0.7 * run.middle {
      return (
        .unstable,
        "halfway the loss is at \(percent(run.middle)), and at a third of the rate at \(percent(cooler.middle)): the rate is too high, and only the end of the schedule hides it"
      )
    }
    if run.end <= 0.25 { return (.converges, "the loss falls to \(percent(run.end)) of its start") }
    if run.peak > 1.5 { return (.unstable, "the loss climbs to \(percent(run.peak)) of its start") }
    if run.end > 2 * run.best, run.end - run.best > 0.15 {
      return (
        .unstable, "the loss has been at \(percent(run.best)) and ends at \(percent(run.end))"
      )
    }
    // Below a half the run does its work, if not at the best of rates.
    if run.end > 0.5, cooler.end < 0.7 * run.end {
      return (
        .unstable,
        "at a third of the rate the loss ends at \(percent(cooler.end)) instead of \(percent(run.end))"
      )
    }
    if run.end >= 0.9 { return (.stalls, "the loss stays at \(percent(run.end)) of its start") }
    return (.slow, "the loss has fallen to \(percent(run.end)) of its start when the run ends")
  }

  /// "4 %", "99.8 %".
  static func percent(_ share: Double) -> String {
    let value = share * 100
    if value >= 1000 { return "\(Int(min(value, 1e9))) %" }
    let tenths = (value * 10).rounded() / 10
    let isWhole = value < 10 ? tenths == tenths.rounded() : value < 90
    return isWhole ? "\(Int(value.rounded())) %" : "\(tenths) %"
  }
}

/// What the tests of a verdict look at.
private struct RunNumbers {
  let end: Double
  let best: Double
  let middle: Double
  let peak: Double
  let mostDrift: Double
  /// The mean over the last twentieth.
  let endDrift: Double
  let notFiniteAt: Int?

  init(_ run: Trajectory) {
    let loss = run.loss
    let window = max(loss.count / 20, min(5, loss.count))
    notFiniteAt = loss.firstIndex { !$0.isFinite }
    end = run.savedLoss ?? Self.median(loss.suffix(window))
    let smooth = Self.movingMeans(loss, window)
    best = smooth.min() ?? .infinity
    peak = smooth.max() ?? .infinity
    middle = Self.median(loss[(loss.count * 2 / 5)..<max(loss.count * 2 / 5 + 1, loss.count / 2)])
    mostDrift = run.drift.max() ?? .infinity
    endDrift = run.drift.suffix(window).reduce(0, +) / Double(window)
  }

  private static func median(_ values: some Sequence<Double>) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .infinity : sorted[sorted.count / 2]
  }

  private static func movingMeans(_ values: [Double], _ window: Int) -> [Double] {
    guard values.count >= window, window > 0 else { return values }
    var sum = values.prefix(window).reduce(0, +)
    var means = [sum / Double(window)]
    for i in window..<values.count {
      sum += values[i] - values[i - window]
      means.append(sum / Double(window))
    }
    return means
  }
}
