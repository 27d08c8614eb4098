internal import Threads

/// How fast this machine moves memory, in bytes per second.
public struct Bandwidth: Sendable {
  /// Three arrays read, changed and written in place, one more read: what an optimizer step does.
  /// Nothing is fetched only to be overwritten, so that this is the most a step can reach.
  public let inPlace: Double
  /// One array copied to another, each counted once, as STREAM counts.
  public let copy: Double

  /// - Parameter count: Numbers in each of the four arrays.
  public static func measured(threads: Int, count: Int = 10_000_000, runs: Int = 9) -> Bandwidth {
    let arrays = (0..<4).map { place in
      let array = UnsafeMutablePointer<Float>.allocate(capacity: count)
      array.initialize(repeating: Float(place) * 1e-3, count: count)
      return array
    }
    defer { for array in arrays { array.deallocate() } }
    let inPlace = fastest(runs) {
      split(count, threads) { update(arrays[0], arrays[1], arrays[2], arrays[3], $0) }
    }
    let copy = fastest(runs) {
      split(count, threads) { range in
        (arrays[2] + range.lowerBound).update(
          from: arrays[3] + range.lowerBound, count: range.count)
      }
    }
    return Bandwidth(inPlace: Double(count * 7 * 4) / inPlace, copy: Double(count * 2 * 4) / copy)
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

  /// The traffic of Adam without its division: four arrays in, three out.
  private static func update(
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
}
