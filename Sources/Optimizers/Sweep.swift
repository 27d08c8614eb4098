internal import Threads

/// One pass over the elements of a tensor, on several threads where that pays.
public enum Sweep {
  /// How many threads a pass may use; nil for as many as the machine has processors.
  @TaskLocal public static var threads: Int?

  /// Elements that are summed on their own before sums are added, so that a sum does not depend on
  /// the number of threads.
  static let chunk = 1 << 15
  /// Elements below which starting a second thread takes longer than it saves.
  static let smallestShare = 1 << 18

  /// Calls the body with ranges that cover `0..<count`; different ranges may run at once.
  @inline(__always) static func each(_ count: Int, _ body: (Range<Int>) -> Void) {
    let workers = workers(for: count)
    // One thread takes this way too, so that the body, which is large, is compiled once.
    let share = workers == 1 ? count : (count / workers + chunk) / chunk * chunk
    Threads.run(workers) { worker in
      let start = min(worker * share, count)
      body(start..<min(start + share, count))
    }
  }

  /// Adds up what the body returns for ranges that cover `0..<count`: up to four sums at once.
  @inline(__always) static func sums(
    _ count: Int, _ body: (Range<Int>) -> SIMD4<Double>
  ) -> SIMD4<Double> {
    let chunks = (count + chunk - 1) / chunk
    var partial = [SIMD4<Double>](repeating: .zero, count: chunks)
    partial.withUnsafeMutableBufferPointer { partial in
      let workers = workers(for: count)
      let share = (chunks + workers - 1) / workers
      let write = partial
      Threads.run(workers) { worker in
        for place in min(worker * share, chunks)..<min((worker + 1) * share, chunks) {
          write[place] = body(place * chunk..<min((place + 1) * chunk, count))
        }
      }
    }
    return partial.reduce(.zero, +)
  }

  /// Adds up one sum.
  @inline(__always) static func sum(_ count: Int, _ body: (Range<Int>) -> Double) -> Double {
    sums(count) { SIMD4(body($0), 0, 0, 0) }.x
  }

  private static func workers(for count: Int) -> Int {
    if count < 2 * smallestShare { return 1 }
    return max(1, min(threads ?? Threads.processors, count / smallestShare))
  }
}
