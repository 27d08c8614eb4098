internal import Optimizers
internal import Threads

/// How fast this machine moves memory, in bytes per second.
public struct Bandwidth: Sendable {
  /// Arrays read, changed and written in place, and one more read: what an optimizer step does.
  /// Nothing is fetched only to be overwritten, so that this is the most a step can reach.
  public let inPlace: Double
  /// One array copied to another, each counted once, as STREAM counts.
  public let copy: Double

  /// Measures with four arrays, as many as AdamW has: what a cache holds of them it holds of AdamW.
  ///
  /// - Parameter count: Numbers in each of the arrays.
  public static func measured(threads: Int, count: Int, runs: Int = 9) -> Bandwidth {
    let arrays = (0..<4).map { place in
      let array = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
      HugePages.request(for: UnsafeMutableRawBufferPointer(array))
      array.initialize(repeating: Float(place) * 1e-3)
      return array
    }
    defer { for array in arrays { array.deallocate() } }
    let memory = arrays.compactMap(\.baseAddress)
    func bytesPerSecond(_ arrays: Int, _ work: (Range<Int>) -> Void) -> Double {
      Double(count * arrays * 4) / fastest(runs) { split(count, threads, work) }
    }
    let asAdam = bytesPerSecond(7) { stepAsAdam(memory[0], memory[1], memory[2], memory[3], $0) }
    let asSGD = bytesPerSecond(3) { stepAsSGD(memory[0], memory[1], $0) }
    let copy = bytesPerSecond(2) { range in
      (memory[2] + range.lowerBound).update(
        from: memory[3] + range.lowerBound, count: range.count)
    }
    return Bandwidth(inPlace: max(asAdam, asSGD), copy: copy)
  }

  /// The faster of two measurements: a machine does more than one program, and never faster than it
  /// can.
  public func best(_ other: Bandwidth) -> Bandwidth {
    Bandwidth(inPlace: max(inPlace, other.inPlace), copy: max(copy, other.copy))
  }

  /// Seconds of the fastest run: the others were disturbed.
  private static func fastest(_ runs: Int, _ work: () -> Void) -> Double {
    (0..<runs).map { _ in Clock.time(work) }.min() ?? .infinity
  }

  private static func split(_ count: Int, _ threads: Int, _ work: (Range<Int>) -> Void) {
    Threads.run(threads) { thread in
      work(count * thread / threads..<count * (thread + 1) / threads)
    }
  }

  /// The traffic of Adam without its root and its division: four arrays in, three out.
  private static func stepAsAdam(
    _ theta: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ m: UnsafeMutablePointer<Float>, _ v: UnsafeMutablePointer<Float>, _ range: Range<Int>
  ) {
    for i in range {
      let g = gradient[i]
      let mean = m[i] * 0.9 + g * 0.1
      m[i] = mean
      v[i] = v[i] * 0.999 + g * 0.001
      theta[i] = theta[i] * 0.999 - mean * 0.001
    }
  }

  /// The traffic of plain descent: two arrays in, one out.
  private static func stepAsSGD(
    _ theta: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, _ range: Range<Int>
  ) {
    for i in range { theta[i] -= gradient[i] * 0.001 }
  }
}
