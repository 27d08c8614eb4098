import Optimizers
import Testing

/// What OneTrainer's own functions gave when they were stepped: with 100 steps, no warm-up and a
/// floor of 0, the factors of steps 0, 25, 50, 75 and 99.
struct Measured: CustomTestStringConvertible, Sendable {
  let shape: OneTrainerCurve.Shape
  var cycles = 1.0
  let factors: [Double]
  /// Half a unit of the last digit that was noted.
  let tolerance: Double
  var testDescription: String { "\(shape.rawValue), \(cycles) cycles" }

  static let all = [
    Measured(shape: .constant, factors: [1, 1, 1, 1, 1], tolerance: 0),
    Measured(shape: .linear, factors: [1, 0.75, 0.5, 0.25, 0.01], tolerance: 1e-12),
    Measured(shape: .cosine, factors: [1, 0.854, 0.5, 0.146, 0.0002], tolerance: 5e-4),
    Measured(shape: .cosineWithRestarts, factors: [1, 0.5, 0, 0.5, 0.999], tolerance: 5e-4),
    Measured(shape: .cosineWithRestarts, cycles: 2, factors: [1, 0, 1, 0, 0.996], tolerance: 5e-4),
    Measured(
      shape: .cosineWithHardRestarts, cycles: 2, factors: [1, 0.5, 1, 0.5, 0.001], tolerance: 5e-4),
    Measured(
      shape: .cosineWithHardRestarts, cycles: 3, factors: [1, 0.146, 0.5, 0.854, 0.002],
      tolerance: 5e-4),
    Measured(shape: .rex, factors: [1, 0.968, 0.909, 0.769, 0.092], tolerance: 5e-4),
  ]
}

@Suite struct ScheduleTests {
  @Test(arguments: Measured.all)
  func drawsTheMeasuredCurve(_ measured: Measured) throws {
    let curve = OneTrainerCurve(measured.shape, totalSteps: 100, cycles: measured.cycles)
    for (step, expected) in zip([0, 25, 50, 75, 99], measured.factors) {
      let factor = try #require(curve.factor(atStep: step))
      #expect(abs(factor - expected) <= measured.tolerance, "step \(step): \(factor)")
    }
  }

  /// 1000 batches, 4 to a step, 200 of them warm-up, a floor of 0.1.
  @Test func warmsUpFromZero() throws {
    let curve = OneTrainerCurve(.cosine, warmupSteps: 50, totalSteps: 250, floor: 0.1)
    #expect(curve.factor(atStep: 0) == 0)
    #expect(curve.factor(atStep: 25) == 0.5)
    #expect(curve.factor(atStep: 50) == 1)
    #expect(abs(try #require(curve.factor(atStep: 250)) - 0.1) < 1e-12)
  }

  /// A run that is longer than planned, at 110 % of the steps.
  @Test func cosineRisesAgain() throws {
    let late = try #require(OneTrainerCurve(.cosine, totalSteps: 1000).factor(atStep: 1100))
    #expect(abs(late - 0.0245) < 5e-5)
    #expect(OneTrainerCurve(.linear, totalSteps: 1000, floor: 0.2).factor(atStep: 1100) == 0.2)
    #expect(OneTrainerCurve(.rex, totalSteps: 1000, floor: 0.2).factor(atStep: 1100) == 0.2)
  }

  @Test func halfACycleIsCosine() throws {
    for step in 0..<100 {
      let half = OneTrainerCurve(.cosineWithRestarts, totalSteps: 100, cycles: 0.5)
        .factor(atStep: step)
      let hard = OneTrainerCurve(.cosineWithHardRestarts, totalSteps: 100).factor(atStep: step)
      let cosine = try #require(OneTrainerCurve(.cosine, totalSteps: 100).factor(atStep: step))
      #expect(abs(try #require(half) - cosine) < 1e-12)
      #expect(abs(try #require(hard) - cosine) < 1e-12)
    }
  }

  @Test(arguments: [(1.5, 1.5), (-0.5, -0.5), (0.25, 0.25)])
  func endsAtTheFloor(floor: Double, end: Double) throws {
    for shape in [OneTrainerCurve.Shape.linear, .cosine, .rex] {
      let curve = OneTrainerCurve(shape, totalSteps: 100, floor: floor)
      #expect(abs(try #require(curve.factor(atStep: 100)) - end) < 1e-12)
    }
  }

  @Test(arguments: OneTrainerCurve.Shape.allCases)
  func aWarmUpThatFillsTheRunDividesByZero(_ shape: OneTrainerCurve.Shape) {
    let curve = OneTrainerCurve(shape, warmupSteps: 100, totalSteps: 100)
    #expect(curve.factor(atStep: 99) == 0.99)
    #expect((curve.factor(atStep: 100) == nil) == shape.dividesBySteps)
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

  /// A factor is one of a rate where the curve ends at a rate.
  @Test func aWaveHasAFactorForEachRate() throws {
    let schedule = Schedule(.wave(WaveCurve(.cosine, halfPeriod: 10, end: 1e-5)))
    #expect(schedule.dependsOnRate)
    #expect(isClose(schedule.factor(atStep: 10, base: 1e-4), 0.1, base: 1))
    #expect(isClose(schedule.factor(atStep: 10, base: 1e-3), 0.01, base: 1))
    let linear = Schedule(.huggingFace(HuggingFaceCurve(.linear, totalSteps: 10)))
    #expect(!linear.dependsOnRate)
    #expect(linear.factor(atStep: 5) == 0.5)
  }

  @Test func anErrorSaysWhatWhenAndWhy() {
    let error = ScheduleError(
      .valueError, .afterStep(9), "lr_end", 1e-7, "it must be below the learning rate")
    #expect(
      error.description
        == "ValueError after step 10: 'lr_end' is 1e-07: it must be below the learning rate")
  }
}

/// Configs that no run could have do not stop us.
@Suite struct ScheduleExtremesTests {
  static let numbers: [Double] = [
    0, 1, -1, 0.5, 1e-300, 1e300, -1e300, .infinity, -.infinity, .nan,
  ]
  static let counts = [0, 1, -1, 7, .max, .min]

  @Test(arguments: counts, counts)
  func oneTrainer(batches: Int, accumulation: Int) {
    for name in ["COSINE", "COSINE_WITH_RESTARTS", "REX", "ADAFACTOR"] {
      for number in Self.numbers {
        var settings = OneTrainerSchedule(
          name, warmup: number,
          length: OneTrainerLength(
            batchesPerEpoch: batches, epochs: 3, accumulation: accumulation))
        settings.cycles = number
        settings.floor = number
        _ = try? settings.reading().schedule?.rates(atStep: 5, bases: [number, 1])
      }
    }
    let length = OneTrainerLength(
      buckets: [batches, 3], batchSize: accumulation, processes: batches, epochs: accumulation,
      accumulation: batches)
    _ = length.length
  }

  @Test(arguments: counts, counts)
  func kohya(steps: Int, processes: Int) {
    let names = ["polynomial", "inverse_sqrt", "warmup_stable_decay", "cosine_with_restarts"]
    for name in names {
      for number in Self.numbers {
        var settings = KohyaSchedule(name, learningRate: number, maxSteps: steps)
        settings.processes = processes
        settings.warmup = .real(number)
        settings.decay = .whole(steps)
        settings.cycles = number
        settings.power = number
        settings.timescale = number
        settings.minimumRatio = number
        _ = try? settings.reading().schedule?.rates(atStep: 5, bases: [number, 1])
      }
    }
    for type in ["CosineAnnealingWarmRestarts", "StepLR", "OneCycleLR"] {
      var settings = KohyaSchedule(learningRate: 1, maxSteps: steps)
      settings.type = type
      settings.processes = processes
      settings.arguments =
        switch type {
        case "StepLR": ["step_size=\(steps)"]
        case "OneCycleLR": ["max_lr=1", "epochs=\(steps)", "steps_per_epoch=\(processes)"]
        default: ["T_0=3", "T_mult=\(steps)"]
        }
      _ = try? settings.reading().schedule?.rate(atStep: 1_000_000, base: 1)
    }
  }

  @Test(arguments: counts, counts)
  func theOthers(steps: Int, processes: Int) {
    for number in Self.numbers {
      for name in SimpleTunerSchedule.names {
        var settings = SimpleTunerSchedule(name, learningRate: number, maxSteps: steps)
        settings.processes = processes
        settings.warmup = .whole(steps)
        settings.end = number
        settings.power = number
        _ = try? settings.reading().schedule?.rates(atStep: 5, bases: [number, 1])
      }
      for name in ["linear", "cosine", "cosine_with_restarts", "constant_with_warmup"] {
        var length = AIToolkitLength(steps: steps)
        length.legacyAccumulation = processes
        length.batchesPerEpoch = steps
        var settings = AIToolkitSchedule(
          name,
          parameters: name == "constant_with_warmup" ? ["num_warmup_steps": .real(number)] : [:],
          length: length)
        settings.processes = processes
        _ = try? settings.reading().schedule?.rate(atStep: 5, base: number)
        _ = length.length
      }
    }
  }
}
