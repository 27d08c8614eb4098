import Optimizers
import Testing

@testable import Trials

/// What is measured, not how fast it is.
@Suite struct SpeedTests {
  @Test(arguments: [(1, [1, 1]), (999, [1, 999]), (1000, [1000, 1]), (5999, [1000, 5])])
  func workloadIsOneMatrix(count: Int, shape: [Int]) {
    let workload = Workload(count: count)
    #expect(workload.shape == shape)
    #expect(workload.count == shape[0] * shape[1])
  }

  /// Parameter in and out, gradient in, m and v in and out: 28 bytes, and the step's 4 once.
  @Test func countsTheBytesOfAdamW() throws {
    let family = try #require(OptimizerFamily[id: "ADAMW"])
    let time = try Workload(count: 8000).time(family, steps: 4, threads: 2)
    #expect(time.times.count == 4)
    #expect(abs(time.bytesPerParameter - (28 + 2 * 4.0 / 8000)) < 1e-9)
    #expect(time.nanosecondsPerParameter > 0 && time.rate > 0)
  }

  /// All of ours can be timed as they come.
  @Test(arguments: OptimizerFamily.all.map(\.id))
  func startsWithWhatItNeeds(_ id: String) throws {
    let family = try #require(OptimizerFamily[id: id])
    let time = try Workload(count: 4000).time(family, steps: 1, threads: 1)
    #expect(time.times.count == 1)
    #expect(time.bytesPerParameter >= 3 * Double(time.format.width))
  }

  @Test func stopsWhenTimeIsUp() throws {
    let family = try #require(OptimizerFamily[id: "ADAMW"])
    let time = try Workload(count: 1000).time(family, steps: 100, threads: 1, seconds: 0)
    #expect(time.times.count == 2)
  }

  @Test func optionsReachTheOptimizer() throws {
    let family = try #require(OptimizerFamily[id: "ADAMW"])
    let time = try Workload(count: 1000).time(
      family, options: ["amsgrad": .flag(true)], steps: 1, threads: 1)
    #expect(abs(time.bytesPerParameter - (36 + 2 * 4.0 / 1000)) < 1e-9)
    #expect(throws: HyperparameterError.self) {
      try Workload(count: 1000).time(family, options: ["beta9": .none], steps: 1, threads: 1)
    }
  }

  @Test(
    arguments: [([], 0), ([3], 3), ([5, 1, 3], 3), ([4, 1, 3, 2], 2.5)] as [([Double], Double)])
  func medianIsTheMiddle(times: [Double], median: Double) {
    #expect(Clock.median(times) == median)
  }

  @Test func measuresBandwidth() {
    let bandwidth = Bandwidth.measured(threads: 2, count: 100_000, runs: 2)
    #expect(bandwidth.inPlace > 0 && bandwidth.inPlace.isFinite)
    #expect(bandwidth.copy > 0 && bandwidth.copy.isFinite)
  }

  /// A measurement that was disturbed does not count.
  @Test func keepsTheBetterMeasurement() {
    let best = Bandwidth(inPlace: 40, copy: 20).best(Bandwidth(inPlace: 30, copy: 25))
    #expect(best.inPlace == 40 && best.copy == 25)
  }

  @Test(
    arguments: [
      ("True", .flag(true)), ("false", .flag(false)), ("None", .none), ("null", .none),
      ("1e-3", .number(1e-3)), ("inf", .number(.infinity)), ("adam", .text("adam")),
    ] as [(String, HyperparameterValue)])
  func optionsAreReadAsWritten(text: String, value: HyperparameterValue) {
    #expect(HyperparameterValue(text: text) == value)
  }
}
