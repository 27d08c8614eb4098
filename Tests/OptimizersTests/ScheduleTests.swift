import Optimizers
import Testing

/// What OneTrainer's own functions gave when they were stepped: with 100 steps, no warm-up and a
/// floor of 0, the factors of steps 0, 25, 50, 75 and 99.
struct Measured: CustomTestStringConvertible, Sendable {
  let curve: Schedule.Curve
  var cycles = 1.0
  let factors: [Double]
  /// Half a unit of the last digit that was noted.
  let tolerance: Double
  var testDescription: String { "\(curve.rawValue), \(cycles) cycles" }

  static let all = [
    Measured(curve: .constant, factors: [1, 1, 1, 1, 1], tolerance: 0),
    Measured(curve: .linear, factors: [1, 0.75, 0.5, 0.25, 0.01], tolerance: 1e-12),
    Measured(curve: .cosine, factors: [1, 0.854, 0.5, 0.146, 0.0002], tolerance: 5e-4),
    Measured(curve: .cosineWithRestarts, factors: [1, 0.5, 0, 0.5, 0.999], tolerance: 5e-4),
    Measured(curve: .cosineWithRestarts, cycles: 2, factors: [1, 0, 1, 0, 0.996], tolerance: 5e-4),
    Measured(
      curve: .cosineWithHardRestarts, cycles: 2, factors: [1, 0.5, 1, 0.5, 0.001], tolerance: 5e-4),
    Measured(
      curve: .cosineWithHardRestarts, cycles: 3, factors: [1, 0.146, 0.5, 0.854, 0.002],
      tolerance: 5e-4),
    Measured(curve: .rex, factors: [1, 0.968, 0.909, 0.769, 0.092], tolerance: 5e-4),
  ]
}

@Suite struct ScheduleTests {
  @Test(arguments: Measured.all)
  func drawsTheMeasuredCurve(_ measured: Measured) throws {
    let schedule = Schedule(measured.curve, totalSteps: 100, cycles: measured.cycles)
    for (step, expected) in zip([0, 25, 50, 75, 99], measured.factors) {
      let factor = try #require(schedule.factor(atStep: step))
      #expect(abs(factor - expected) <= measured.tolerance, "step \(step): \(factor)")
    }
  }

  /// 1000 batches, 4 to a step, 200 of them warm-up, a floor of 0.1.
  @Test func warmsUpFromZero() throws {
    let schedule = Schedule(.cosine, warmupSteps: 50, totalSteps: 250, floor: 0.1)
    #expect(schedule.factor(atStep: 0) == 0)
    #expect(schedule.factor(atStep: 25) == 0.5)
    #expect(schedule.factor(atStep: 50) == 1)
    #expect(abs(try #require(schedule.factor(atStep: 250)) - 0.1) < 1e-12)
  }

  /// A run that is longer than planned, at 110 % of the steps.
  @Test func cosineRisesAgain() throws {
    let late = try #require(Schedule(.cosine, totalSteps: 1000).factor(atStep: 1100))
    #expect(abs(late - 0.0245) < 5e-5)
    #expect(Schedule(.linear, totalSteps: 1000, floor: 0.2).factor(atStep: 1100) == 0.2)
    #expect(Schedule(.rex, totalSteps: 1000, floor: 0.2).factor(atStep: 1100) == 0.2)
  }

  @Test func halfACycleIsCosine() throws {
    for step in 0..<100 {
      let half = Schedule(.cosineWithRestarts, totalSteps: 100, cycles: 0.5).factor(atStep: step)
      let hard = Schedule(.cosineWithHardRestarts, totalSteps: 100).factor(atStep: step)
      let cosine = try #require(Schedule(.cosine, totalSteps: 100).factor(atStep: step))
      #expect(abs(try #require(half) - cosine) < 1e-12)
      #expect(abs(try #require(hard) - cosine) < 1e-12)
    }
  }

  @Test(arguments: [(1.5, 1.5), (-0.5, -0.5), (0.25, 0.25)])
  func endsAtTheFloor(floor: Double, end: Double) throws {
    for curve in [Schedule.Curve.linear, .cosine, .rex] {
      let schedule = Schedule(curve, totalSteps: 100, floor: floor)
      #expect(abs(try #require(schedule.factor(atStep: 100)) - end) < 1e-12)
    }
  }

  @Test(arguments: Schedule.Curve.allCases)
  func aWarmUpThatFillsTheRunDividesByZero(_ curve: Schedule.Curve) {
    let schedule = Schedule(curve, warmupSteps: 100, totalSteps: 100)
    #expect(schedule.factor(atStep: 99) == 0.99)
    #expect((schedule.factor(atStep: 100) == nil) == curve.dividesBySteps)
  }

  @Test func relativeStepIsAHundredthForTenThousandSteps() {
    let plain = RelativeStep(scaleParameter: false)
    #expect(plain.rate(atStep: 1, weight: 0.02) == 0.01)
    #expect(plain.rate(atStep: 10_000, weight: 0.02) == 0.01)
    #expect(plain.rate(atStep: 40_000, weight: 0.02) == 0.005)
    #expect(RelativeStep().rate(atStep: 1, weight: 0.02) == 0.0002)
    #expect(RelativeStep().rate(atStep: 1, weight: 0) == 1e-5)
    let warm = RelativeStep(warmupInit: true, scaleParameter: false).rate(atStep: 5, weight: 1)
    #expect(abs(warm - 5e-6) < 1e-18)
  }
}
