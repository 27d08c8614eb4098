#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Time that only goes forward.
enum Clock {
  /// Seconds that the work takes.
  static func time<Failure: Error>(_ work: () throws(Failure) -> Void) throws(Failure) -> Double {
    let start = now
    try work()
    return now - start
  }

  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The middle one, or between the two in the middle; 0 of none.
  static func median(_ times: [Double]) -> Double {
    let sorted = times.sorted()
    if sorted.isEmpty { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
