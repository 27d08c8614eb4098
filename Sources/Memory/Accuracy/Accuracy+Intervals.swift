internal import Knowledge

extension Accuracy.Pair {
  /// How many times as wide the interval would have to be to reach the measurement: 1 where it lies at
  /// the end.
  var needed: Double {
    let interval = run.interval(estimate)
    let room = measured < ours ? ours - interval.lowerBound : interval.upperBound - ours
    return room > 0 ? abs(measured - ours) / room : .infinity
  }
}

extension Accuracy {
  /// Coverage of each model by intervals as wide as 19 of 20 runs of the other models need.
  struct LeftOut: Sendable {
    let model: String
    let count: Int
    let covered: Int
    /// What the others' runs say the widths have to be multiplied by.
    let width: Double
  }

  /// Leaves out each model once.
  static func leftOut(_ pairs: [Pair]) -> [LeftOut] {
    let families = Dictionary(grouping: pairs) { $0.estimate.run.family.title }
    return families.sorted { $0.key < $1.key }.map { name, own in
      let others = pairs.filter { $0.estimate.run.family.title != name }
      let width = quantile(others.map(\.needed), 0.95)
      return LeftOut(
        model: name, count: own.count, covered: own.count { $0.needed <= width }, width: width)
    }
  }

  /// The number below which so many of them lie.
  static func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 1 }
    return sorted[min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
  }

  /// The chapter of the page.
  func intervals(_ pairs: [Pair]) -> String {
    guard !pairs.isEmpty else { return "" }
    let left = Self.leftOut(pairs)
    let covered = left.reduce(0) { $0 + $1.covered }
    let all = left.reduce(0) { $0 + $1.count }
    func percent(_ share: Double) -> String { "\(fixed(100 * share, 1)) %" }
    var text = """

      ## Intervals

      What follows from shapes and formats alone (weights, adapter, gradients, state) is taken to be
      right within a per cent. What is kept for the backward pass is as sure as the way it was found:
      each circumstance has a width, and the widths multiply. Their proportions are judgement; their
      common scale is checked by leaving out each model once: its runs are held against intervals
      whose widths are multiplied by what 19 of 20 of the other models' runs need.
      Of the runs left out, \(covered) of \(all) (\(percent(Double(covered) / Double(max(all, 1))))) \
      lie within.
      On all runs together the widths as they are in the code have to be multiplied by \
      \(fixed(Self.quantile(pairs.map(\.needed), 0.95), 2)) for 19 of 20, by \
      \(fixed(Self.quantile(pairs.map(\.needed), 0.9), 2)) for nine of ten.

      | left out | runs | within | width by the others |
      |---|---:|---:|---:|

      """
    for row in left {
      text += "| \(row.model) | \(row.count) | \(row.covered) | × \(fixed(row.width, 2)) |\n"
    }
    text += """

      | circumstance | runs | within | factors |
      |---|---:|---:|---|

      """
    for trait in Uncertainty.Trait.allCases {
      let own = pairs.filter { $0.estimate.traits.contains(trait) }
      let within =
        own.isEmpty ? "–" : percent(Double(own.count(where: \.isCovered)) / Double(own.count))
      text +=
        "| \(trait.rawValue) | \(own.count) | \(within) | "
        + "\(fixed(trait.spread.low, 2)) to \(fixed(trait.spread.high, 2)) |\n"
    }
    return text
  }
}
