internal import Synchronization
internal import Threads

/// Checks of several files, and how they came out.
public struct Verification: Sendable {
  /// What is accepted, as a share of what the rules accept.
  public let tolerance: Double
  public let files: [File]

  public struct File: Sendable {
    public let path: String
    public let results: [CheckResult]
  }

  /// Makes the checks on all processors.
  ///
  /// - Parameter progress: Is told how many have been made, from any thread.
  public init(
    _ files: [(path: String, checks: [Check])], tolerance: Double = 1,
    progress: @Sendable (Int) -> Void = { _ in }
  ) {
    let checks = files.flatMap(\.checks)
    let next = Atomic(0)
    let results = Mutex([CheckResult?](repeating: nil, count: checks.count))
    Threads.run(min(Threads.processors, max(1, checks.count))) { _ in
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        if place >= checks.count { return }
        let result = checks[place].result(tolerance: tolerance)
        results.withLock { $0[place] = result }
        progress(place + 1)
      }
    }
    let all = results.withLock { $0.compactMap(\.self) }
    self.tolerance = tolerance
    var start = 0
    self.files = files.map { file in
      defer { start += file.checks.count }
      return File(path: file.path, results: Array(all[start..<start + file.checks.count]))
    }
  }

  public var results: [CheckResult] { files.flatMap(\.results) }
  public var passes: Bool { results.allSatisfy(\.passes) }
  var failed: Int { results.count { !$0.passes } }

  /// The largest deviation of all, with where it is.
  var worst: (result: CheckResult, deviation: Deviation)? {
    results.compactMap { result in result.deviations.worst.map { (result, $0) } }
      .max { $0.1.share < $1.1.share }
  }
}
