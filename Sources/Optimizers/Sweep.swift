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

  /// Adds up in eight interleaved sums, as torch 2.13.0 adds up a tensor of `Float`; the order of the
  /// others is the compiler's.
  @inline(__always) static func laneSum<A: TensorArithmetic>(
    _ count: Int, _ term: (Int) -> A
  ) -> A {
    var a: A = 0
    var b: A = 0
    var c: A = 0
    var d: A = 0
    var e: A = 0
    var f: A = 0
    var g: A = 0
    var h: A = 0
    let whole = count & ~7
    for i in stride(from: 0, to: whole, by: 8) {
      a += term(i)
      b += term(i &+ 1)
      c += term(i &+ 2)
      d += term(i &+ 3)
      e += term(i &+ 4)
      f += term(i &+ 5)
      g += term(i &+ 6)
      h += term(i &+ 7)
    }
    var sum = ((a + e) + (c + g)) + ((b + f) + (d + h))
    for i in whole..<count { sum += term(i) }
    return sum
  }

  private static func workers(for count: Int) -> Int {
    if count < 2 * smallestShare { return 1 }
    return max(1, min(threads ?? Threads.processors, count / smallestShare))
  }
}
