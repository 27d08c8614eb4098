internal import Trials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Comparison {
  /// Several comparisons of the same with other random numbers, as one: of losses and steps the median,
  /// of rates the geometric mean, of verdicts the most frequent one.
  ///
  /// What Prodigy and D-Adaptation estimate is a maximum over ratios of noisy sums: with one set of
  /// random numbers it is off by a third, which is more than most settings change it.
  /// - Parameters:
  ///   - count: At least 1.
  ///   - make: The comparison with one of the sets, counted from 0.
  static func merged<Failure: Error>(
    _ count: Int, _ make: (Int) throws(Failure) -> Comparison
  ) throws(Failure) -> Comparison {
    var result = try make(0)
    guard count > 1 else { return result }
    var all = [result]
    for place in 1..<count { all.append(try make(place)) }
    result.entries = result.entries.indices.map { place in
      let entries = all.map { $0.entries[place] }
      let outcomes = entries.compactMap(\.outcome)
      let first = entries[0]
      return Entry(
        label: first.label, optimizer: first.optimizer, rate: first.rate,
        outcome: outcomes.count == entries.count ? Outcome(outcomes) : nil,
        refusal: entries.lazy.compactMap(\.refusal).first, cost: first.cost)
    }
    result.assumptions.append(
      "\(all.count) runs of each, with other noise: losses are medians, d × rate is a geometric mean"
    )
    return result
  }
}

extension Comparison.Outcome {
  /// - Parameter all: Runs of the same with other noise.
  fileprivate init(_ all: [Comparison.Outcome]) {
    let counts = Dictionary(grouping: all.compactMap(\.verdict)) { $0 }.mapValues(\.count)
    verdict = counts.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    end = Self.median(all.map(\.end))
    let quarters = all.map { Double($0.quarterAt ?? .max) }
    quarterAt = Int(exactly: Self.median(quarters)).flatMap { $0 < .max / 2 ? $0 : nil }
    loss = Self.combined(all.map(\.loss), Self.median)
    rate = all[0].rate
    adaptedRate = Self.combined(all.map(\.adaptedRate), Self.geometricMean)
    basin = all[0].basin
    stride = all[0].stride
  }

  private static func combined(
    _ curves: [[Double]], _ combine: ([Double]) -> Double
  ) -> [Double] {
    let count = curves.map(\.count).min() ?? 0
    return (0..<count).map { place in combine(curves.map { $0[place] }) }
  }

  /// The upper one of the two in the middle; what is no number counts as the largest.
  private static func median(_ values: [Double]) -> Double {
    values.map { $0.isNaN ? .infinity : $0 }.sorted()[values.count / 2]
  }

  private static func geometricMean(_ values: [Double]) -> Double {
    guard values.allSatisfy({ $0 > 0 }) else { return 0 }
    return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
  }
}
