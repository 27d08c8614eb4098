import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far something is, on standard error: only on a terminal, and only if it takes a while.
final class Progress: Sendable {
  private struct State: Sendable {
    var done = 0
    var lastShown = 0.0
    var isShown = false
  }

  private let total: Int
  private let what: String
  private let start = Progress.now
  private let isTerminal = Console.errors.isTerminal
  private let state = Mutex(State())

  /// - Parameter what: What is counted, in the plural.
  init(of total: Int, _ what: String) {
    self.total = total
    self.what = what
  }

  /// Says how many are done, from any thread.
  func show(_ done: Int, _ detail: String = "") {
    guard isTerminal else { return }
    let now = Self.now
    state.withLock { state in
      state.done = max(state.done, done)
      // Nobody misses what is over in half a second, or sees more than ten lines in one.
      guard now - start > 0.5, now - state.lastShown > 0.1 else { return }
      state.lastShown = now
      state.isShown = true
      Console.errors.write("\r\u{1B}[K\(state.done) of \(total) \(what)\(detail)")
    }
  }

  /// Takes the line away.
  func end() {
    state.withLock { state in
      if state.isShown { Console.errors.write("\r\u{1B}[K") }
      state.isShown = false
    }
  }

  /// Seconds.
  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
