/// The rate that was applied to a part of the model over a run, and the schedule where it is known.
public struct RateSeries: Hashable, Sendable {
  /// `unet`; empty where all parts share one.
  public let part: String
  /// As the trainer logged it.
  public let tag: String
  /// Estimate times scheduled rate, or the estimate alone, at each step.
  public var applied: RunLog.Series
  /// The scheduled rate at the same steps; nil where nothing tells.
  public var scheduled: [Double]?
  /// Whether the tag alone says that an estimate is in the numbers.
  public let isCertain: Bool

  public init(
    part: String, tag: String, applied: RunLog.Series, scheduled: [Double]? = nil,
    isCertain: Bool = true
  ) {
    self.part = part
    self.tag = tag
    self.applied = applied
    self.scheduled = scheduled
    self.isCertain = isCertain
  }
}

extension RunLog {
  /// One for each part, in the order of their names.
  public var rates: [RateSeries] {
    let tagged = series.compactMap { tag, series in RateTag(tag).map { ($0, tag, series) } }
      .sorted { $0.1 < $1.1 }
    func named(_ meaning: RateTag.Meaning) -> [(RateTag, String, Series)] {
      let all = tagged.filter { $0.0.meaning == meaning }
      let names = all.filter { !$0.0.isNumbered }
      return names.isEmpty ? all : names
    }
    let estimates = named(.estimate)
    if let (tag, name, series) = estimates.first {
      return [
        RateSeries(
          part: tag.part, tag: name, applied: series,
          scheduled: series.values.map { _ in 1 })
      ]
    }
    let open = named(.open)
    let applied = named(.applied)
    if applied.isEmpty {
      return open.map {
        RateSeries(part: $0.0.part, tag: $0.1, applied: $0.2, isCertain: false)
      }
    }
    return applied.map { tag, name, series in
      let schedule =
        tagged.first { $0.0.meaning == .open && $0.0.part == tag.part }
        // One for all stands beside the schedules of the parts.
        ?? (tag.part.isEmpty ? open.first : nil)
      return RateSeries(
        part: tag.part, tag: name, applied: series,
        scheduled: schedule.flatMap { Self.matched($0.2, to: series.steps) })
    }
  }

  /// The values at these steps; nil where one of them is missing.
  private static func matched(_ series: Series, to steps: [Int]) -> [Double]? {
    let values = Dictionary(
      zip(series.steps, series.values), uniquingKeysWith: { _, later in later })
    let found = steps.compactMap { values[$0] }
    return found.count == steps.count ? found : nil
  }
}
