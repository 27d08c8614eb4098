/// What the libraries that estimate D, the distance to the solution, do alike.
enum DAdaptation {
  /// The one rate of a step: the largest. Parameters at 0 are frozen.
  ///
  /// - Throws: ``OptimizerError/unequalRates(_:_:)`` at a rate that is neither this one nor 0.
  static func rate(of rates: [Double]) throws(OptimizerError) -> Double {
    let rate = rates.max() ?? 0
    if let other = rates.first(where: { $0 != rate && $0 != 0 }) {
      throw .unequalRates(rate, other)
    }
    return rate
  }

  /// `fsdp_in_use`: the libraries then add up over processes, which they do not start.
  static func checkProcesses(_ isSplit: Bool) throws(OptimizerError) {
    if isSplit {
      throw .refused(
        "'fsdp_in_use' of true: the library adds up over the processes of a split model, "
          + "and stops where there are none")
    }
  }

  /// Whether the step `k` is logged.
  static func logs(every interval: Double, at k: Int) -> Bool {
    interval > 0 && Double(k).truncatingRemainder(dividingBy: interval) == 0
  }

  /// Whether the test holds anywhere; asks no further than the first place where it does.
  @inline(__always) static func any(_ count: Int, _ test: (Int) -> Bool) -> Bool {
    for i in 0..<count where test(i) { return true }
    return false
  }
}

extension Citation {
  static let dAdaptation = Citation(
    "Learning-Rate-Free Learning by D-Adaptation", "https://arxiv.org/abs/2301.07733")
}
