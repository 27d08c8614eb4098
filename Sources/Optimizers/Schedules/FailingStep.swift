/// Where a curve cannot be computed.
extension HuggingFaceCurve {
  /// The first scheduler step at which Python raises; nil for none.
  var failingStep: Int? {
    // Each shape can fail at few places: at the start, at the end of the warm-up or at the end.
    let places: [Double] =
      switch shape {
      case .polynomial: [Double(totalSteps)]
      // Below zero on the way, for a timescale below zero.
      case .inverseSquareRoot(let timescale):
        [max(0, warmupSteps), max(0, (warmupSteps - timescale).rounded(.up))]
      default: []
      }
    return places.map { Int.truncating($0) }.sorted().first { factor(atStep: $0) == nil }
  }

  /// What is raised there: the root of a negative number is another error than a division by zero.
  func exception(atStep s: Int) -> ScheduleError.Exception {
    guard case .inverseSquareRoot(let timescale) = shape else { return .zeroDivisionError }
    return ratio(at: s, timescale: timescale) < 0 ? .valueError : .zeroDivisionError
  }
}

extension TorchCurve {
  /// The first scheduler step at which torch raises, up to this one; nil for none.
  func failingStep(upTo last: Int) -> Int? {
    let places: [Int] =
      switch self {
      case .constant(_, let length), .polynomial(let length, _): [.truncating(length)]
      case .cosine, .step: [1]
      case .oneCycle(let cycle):
        [0, .truncating(cycle.rise * Double(cycle.totalSteps)), cycle.totalSteps]
      case .cyclic: [0, 1]
      default: []
      }
    return places.first { $0 <= last && rate(atStep: $0, base: 1) == nil }
  }

  /// The argument that is to blame for it.
  var failingArgument: String {
    switch self {
    case .constant: "factor"
    case .linear, .exponential: "total_iters"
    case .polynomial: "power"
    case .cosine: "T_max"
    case .warmRestarts: "T_0"
    case .step: "step_size"
    case .milestones: "milestones"
    case .oneCycle: "pct_start"
    case .cyclic: "step_size_up"
    }
  }
}
