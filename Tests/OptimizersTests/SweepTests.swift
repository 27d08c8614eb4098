import Testing

@testable import Optimizers

@Suite struct SweepTests {
  static let counts = [0, 1, 5, 32_767, 32_768, 32_769, 1_000_003]

  /// Every element once, whatever the number of threads.
  @Test(arguments: counts, [1, 2, 3, 7])
  func coversEverything(_ count: Int, _ threads: Int) {
    var seen = [UInt8](repeating: 0, count: count)
    seen.withUnsafeMutableBufferPointer { seen in
      let seen = seen
      Sweep.$threads.withValue(threads) {
        Sweep.each(count) { range in for i in range { seen[i] += 1 } }
      }
    }
    #expect(seen.allSatisfy { $0 == 1 })
  }

  /// A sum is the same to the last bit on one thread and on many.
  @Test(arguments: counts)
  func sumsDoNotDependOnThreads(_ count: Int) {
    func sum(_ threads: Int) -> Double {
      Sweep.$threads.withValue(threads) {
        Sweep.sum(count) { range in range.reduce(0.0) { $0 + 1 / Double($1 + 1) } }
      }
    }
    #expect(sum(1) == sum(2))
    #expect(sum(1) == sum(5))
  }
}
