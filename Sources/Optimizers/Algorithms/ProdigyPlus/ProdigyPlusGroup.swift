#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ProdigyPlusScheduleFree {
  /// The estimate of d of a group of parameters.
  struct Group: Codable, Sendable {
    /// The number of the step that comes.
    var k = 1
    var d: Double
    var dPrevious: Double
    var numerator = 0.0, denominator = 0.0
    var previousNumerator = 0.0, largestNumerator = 0.0
    /// What the parameters of this step have added; float32 tensors in the library.
    var runningNumerator: Float = 0, runningDenominator: Float = 0
    /// The mean of all groups' d, after a first step.
    var sharedD: Double?
    var weightSum = 0.0, runningWeightSum = 0.0
    var rate: Double
    var effectiveLr: Double

    init(d0: Double, rate: Double) {
      d = d0
      dPrevious = d0
      self.rate = rate
      effectiveLr = rate
    }

    mutating func add(_ found: DistanceTerms) {
      runningNumerator = Float(Double(runningNumerator) + found.numerator)
      runningDenominator = Float(Double(runningDenominator) + found.denominator)
    }

    var internals: [String: Double] {
      [
        "k": Double(k), "d": d, "d_prev": dPrevious, "d_numerator": numerator,
        "d_denom": denominator, "effective_lr": effectiveLr, "weight_sum": weightSum,
      ]
    }
  }

  /// What the library does after the last parameter: d of the next step.
  func finish(_ groups: inout [Group], splits: Bool) throws(OptimizerError) {
    if splits {
      for number in groups.indices { try estimate(&groups[number]) }
      if sharesMeanD {
        let mean = Double(groups.count) / groups.reduce(0) { $0 + 1 / $1.d }
        for number in groups.indices { groups[number].sharedD = mean }
      }
    } else if var first = groups.first {
      try estimate(&first)
      for number in groups.indices { groups[number].copyEstimate(of: first) }
    }
    for number in groups.indices {
      if !isScheduleFree { groups[number].effectiveLr = groups[number].rate }
      groups[number].weightSum = groups[number].runningWeightSum
      groups[number].k += 1
    }
  }

  private func estimate(_ group: inout Group) throws(OptimizerError) {
    if prodigySteps > 0 && group.k >= prodigySteps { return }
    gather(&group)
    let next = usesSpeed ? try distanceBySpeed(group) : distance(group)
    group.dPrevious = group.d
    group.d = next
  }

  /// Takes in what the parameters have added.
  private func gather(_ group: inout Group) {
    let found = Double(group.runningNumerator)
    group.previousNumerator = group.numerator
    group.numerator *= estimateDecay
    // Until d has moved, steps away from the start do not count.
    if group.d > d0 || found > 0 { group.numerator += found }
    group.largestNumerator = max(group.numerator, group.largestNumerator)
    group.denominator = Double(group.runningDenominator)
    group.runningNumerator = 0
    group.runningDenominator = 0
  }

  /// The estimate of Prodigy.
  private func distance(_ group: Group) -> Double {
    guard group.denominator > 0 else { return group.d }
    let estimate = group.numerator / group.denominator
    let limited = limitsD ? min(group.d * Self.growth, estimate) : estimate
    return max(group.d, limited * dCoefficient)
  }

  /// d grows while the numerator does.
  private func distanceBySpeed(_ group: Group) throws(OptimizerError) -> Double {
    guard group.numerator >= group.largestNumerator, group.numerator > 0,
      group.previousNumerator > 0
    else { return group.d }
    guard dCoefficient >= 0 else {
      throw .refused("'d_coef' of \(dCoefficient) has no eighth root, which 'use_speed' takes")
    }
    let growth = min(Self.growth, (group.numerator / group.previousNumerator).squareRoot())
    return max(group.d, group.d * growth * pow(dCoefficient, 0.125))
  }

  /// ⁴√2
  private static var growth: Double { pow(2, 0.25) }
}

extension ProdigyPlusScheduleFree.Group {
  /// One d for all groups: the first group's.
  fileprivate mutating func copyEstimate(of first: Self) {
    d = first.d
    numerator = first.numerator
    denominator = first.denominator
    dPrevious = first.dPrevious
    previousNumerator = first.previousNumerator
    largestNumerator = first.largestNumerator
    runningNumerator = first.runningNumerator
    runningDenominator = first.runningDenominator
  }
}
