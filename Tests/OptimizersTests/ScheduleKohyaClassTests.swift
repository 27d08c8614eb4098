import Optimizers
import Testing

/// A class of torch in `lr_scheduler_type`, and the rates of a few steps for a rate of 1e-4.
struct KohyaClassCase: CustomTestStringConvertible, Sendable {
  var settings: KohyaSchedule
  var steps: [Int]
  var rates: [Double]

  init(
    _ type: String, _ arguments: [String], T: Int, P: Int = 1, at steps: [Int] = [],
    gives rates: [Double] = []
  ) {
    settings = KohyaSchedule(learningRate: 1e-4, maxSteps: T)
    settings.type = type
    settings.arguments = arguments
    settings.processes = P
    self.steps = steps
    self.rates = rates
  }

  var testDescription: String {
    "\(settings.type) \(settings.arguments.joined(separator: " ")), "
      + "\(settings.maxSteps) steps, \(settings.processes) processes"
  }

  /// From get_scheduler_fix of sd-scripts 48d368fa, stepped by accelerate 1.6.0 on torch 2.15.0.
  static let all = [
    KohyaClassCase(
      "CosineAnnealingLR", ["T_max=10", "eta_min=1e-6"], T: 24,
      at: [0, 1, 4, 7, 12, 22, 23],
      gives: [
        0.0001, 9.757729755661011e-05, 6.57963412215599e-05, 2.1404630011522586e-05,
        1.0453658778440141e-05, 9.054634122156032e-05, 7.959536998847778e-05,
      ]),
    KohyaClassCase(
      "CosineAnnealingLR", ["T_max=20"], T: 10, P: 2,
      at: [0, 1, 4, 5, 7, 8, 9],
      gives: [
        0.0001, 9.755282581475769e-05, 6.545084971874738e-05, 5.000000000000001e-05,
        2.0610737385376356e-05, 9.549150281252635e-06, 2.4471741852423237e-06,
      ]),
    KohyaClassCase(
      "CosineAnnealingWarmRestarts", ["T_0=4", "T_mult=2"], T: 20,
      at: [0, 1, 4, 7, 10, 18, 19],
      gives: [
        0.0001, 8.535533905932738e-05, 0.0001, 6.91341716182545e-05, 1.4644660940672627e-05,
        6.91341716182545e-05, 5.9754516100806423e-05,
      ]),
    KohyaClassCase(
      "CosineAnnealingWarmRestarts", ["T_0=5", "eta_min=1e-5"], T: 12, P: 3,
      at: [0, 1, 4, 6, 7, 10, 11],
      gives: [
        0.0001, 4.109423525312737e-05, 6.890576474687264e-05, 4.109423525312737e-05,
        9.140576474687264e-05, 0.0001, 4.109423525312737e-05,
      ]),
    KohyaClassCase(
      "StepLR", ["step_size=4", "gamma=0.5"], T: 12,
      at: [0, 1, 4, 6, 7, 10, 11],
      gives: [0.0001, 0.0001, 5e-05, 5e-05, 5e-05, 2.5e-05, 2.5e-05]),
    KohyaClassCase(
      "torch.optim.lr_scheduler.StepLR", ["step_size=3"], T: 10, P: 2,
      at: [0, 1, 4, 5, 7, 8, 9],
      gives: [
        0.0001, 0.0001, 1.0000000000000002e-06, 1.0000000000000002e-07,
        1.0000000000000004e-08, 1.0000000000000005e-09, 1.0000000000000006e-10,
      ]),
    KohyaClassCase(
      "MultiStepLR", ["milestones=[3,7,7]", "gamma=0.5"], T: 10,
      at: [0, 1, 4, 5, 7, 8, 9],
      gives: [0.0001, 0.0001, 5e-05, 5e-05, 1.25e-05, 1.25e-05, 1.25e-05]),
    KohyaClassCase(
      "ExponentialLR", ["gamma=0.9"], T: 10,
      at: [0, 1, 4, 5, 7, 8, 9],
      gives: [
        0.0001, 9e-05, 6.561000000000002e-05, 5.904900000000002e-05, 4.782969000000002e-05,
        4.304672100000002e-05, 3.874204890000002e-05,
      ]),
    KohyaClassCase(
      "LinearLR", ["total_iters=6"], T: 10,
      at: [0, 1, 4, 5, 7, 8, 9],
      gives: [
        3.3333333333333335e-05, 4.444444444444445e-05, 7.777777777777778e-05,
        8.888888888888889e-05, 0.0001, 0.0001, 0.0001,
      ]),
    KohyaClassCase(
      "LinearLR", ["start_factor=1.0", "end_factor=0.0", "total_iters=6"], T: 10, P: 2,
      at: [0, 1, 4, 5, 7, 8, 9],
      gives: [0.0001, 6.666666666666668e-05, 0, 0, 0, 0, 0]),
    KohyaClassCase(
      "ConstantLR", ["factor=0.1", "total_iters=4"], T: 8,
      at: [0, 1, 4, 6, 7],
      gives: [1e-05, 1e-05, 0.0001, 0.0001, 0.0001]),
    KohyaClassCase(
      "PolynomialLR", ["total_iters=8", "power=2.0"], T: 10,
      at: [0, 1, 4, 5, 7, 8, 9],
      gives: [
        0.0001, 7.65625e-05, 2.5000000000000005e-05, 1.4062500000000003e-05,
        1.5625000000000003e-06, 0, 0,
      ]),
    KohyaClassCase(
      "OneCycleLR", ["max_lr=0.01", "total_steps=20"], T: 24,
      at: [0, 1, 4, 7, 12, 22, 23],
      gives: [
        0.0003999999999999993, 0.0013167184270002508, 0.009083281572999747,
        0.009504846320134737, 0.00500002, 0.00012539993764912555, 0.00012539993764912555,
      ]),
    KohyaClassCase(
      "OneCycleLR",
      [
        "max_lr=0.01", "total_steps=20", "three_phase=True",
        #"anneal_strategy="linear""#,
      ], T: 20,
      at: [0, 1, 4, 7, 10, 18, 19],
      gives: [
        0.0004, 0.0023200000000000004, 0.00808, 0.00616, 0.0003999999999999993,
        4.448000000000001e-05, 3.999999999997929e-08,
      ]),
    KohyaClassCase(
      "OneCycleLR",
      [
        "max_lr=0.01", "epochs=2", "steps_per_epoch=8", "pct_start=0.5",
        "div_factor=10", "final_div_factor=100",
      ], T: 12, P: 2,
      at: [0, 1, 4, 6, 7, 10, 11],
      gives: [
        0.0009999999999999992, 0.0026942958916356978, 0.009619778264893877,
        0.003093496255336377, 0.0003902217351061228, 0.00039022173510612224,
        0.00039022173510612224,
      ]),
    KohyaClassCase(
      "CyclicLR", ["base_lr=1e-5", "max_lr=1e-3", "step_size_up=4", "step_size_down=2"], T: 16,
      at: [0, 1, 4, 7, 8, 14, 15],
      gives: [
        1e-05, 0.00025750000000000013, 0.0009999999999999998, 0.00025750000000000046,
        0.0005049999999999996, 0.0005050000000000002, 0.0007525,
      ]),
    KohyaClassCase(
      "CyclicLR", ["base_lr=1e-5", "max_lr=1e-3", "step_size_up=4", #"mode="triangular2""#], T: 20,
      at: [0, 1, 4, 7, 10, 18, 19],
      gives: [1e-05, 0.0002575, 0.001, 0.0002575, 0.0002575, 0.00013375, 0.000195625]),
    KohyaClassCase(
      "CyclicLR",
      [
        "base_lr=1e-5", "max_lr=1e-3", "step_size_up=4", #"mode="exp_range""#,
        "gamma=0.9",
      ], T: 20, P: 3,
      at: [0, 1, 4, 7, 10, 18, 19],
      gives: [
        1e-05, 0.0005512825000000001, 0.00028960524111619013, 9.124359943014797e-05,
        3.098362334623204e-05, 1.1673788997193753e-05, 1.0610096089477123e-05,
      ]),
  ]
}

@Suite struct ScheduleKohyaClassTests {
  @Test(arguments: KohyaClassCase.all)
  func drawsTheCurve(_ test: KohyaClassCase) throws {
    let schedule = try #require(try test.settings.reading().schedule)
    for (step, rate) in zip(test.steps, test.rates) {
      #expect(isClose(schedule.rate(atStep: step, base: 1e-4), rate, base: 1e-4), "step \(step)")
    }
  }

  @Test(arguments: [
    (KohyaClassCase("Bogus", [], T: 10), ScheduleError.Exception.attributeError),
    (KohyaClassCase("CosineAnnealingLR", [], T: 10), .typeError),
    (KohyaClassCase("CosineAnnealingLR", ["T_max=9", "foo=1"], T: 10), .typeError),
    (KohyaClassCase("OneCycleLR", ["max_lr=1.0"], T: 10), .valueError),
    (KohyaClassCase("OneCycleLR", ["max_lr=1.0", "total_steps=2.5"], T: 10), .valueError),
    (
      KohyaClassCase("OneCycleLR", ["max_lr=1.0", "total_steps=20", "pct_start=1"], T: 10),
      .valueError
    ),
    (
      KohyaClassCase("OneCycleLR", ["max_lr=1.0", "total_steps=20", "pct_start=0.05"], T: 10),
      .zeroDivisionError
    ),
    (KohyaClassCase("CyclicLR", ["base_lr=0.1", "max_lr=1", "mode='x'"], T: 10), .valueError),
    (
      KohyaClassCase("CyclicLR", ["base_lr=0.1", "max_lr=1", "step_size_up=0"], T: 10),
      .zeroDivisionError
    ),
    (KohyaClassCase("MultiStepLR", ["milestones=4"], T: 10), .typeError),
    (KohyaClassCase("CosineAnnealingWarmRestarts", ["T_0=2.5"], T: 10), .valueError),
    (KohyaClassCase("LinearLR", ["end_factor=2"], T: 10), .valueError),
    (KohyaClassCase("StepLR", ["step_size"], T: 10), .valueError),
    (KohyaClassCase("StepLR", ["step_size=three"], T: 10), .valueError),
  ])
  func stopsAfterCaching(_ test: KohyaClassCase, exception: ScheduleError.Exception) {
    let error = #expect(throws: ScheduleError.self) { try test.settings.reading() }
    #expect(error?.exception == exception)
    #expect(error?.moment == .afterCaching)
  }

  @Test(arguments: [
    (
      KohyaClassCase("CosineAnnealingLR", ["T_max=0"], T: 10),
      ScheduleError.Exception.zeroDivisionError, 0
    ),
    (KohyaClassCase("StepLR", ["step_size=0"], T: 10, P: 3), .zeroDivisionError, 0),
    (KohyaClassCase("ConstantLR", ["factor=0.0"], T: 10, P: 2), .zeroDivisionError, 2),
    (KohyaClassCase("PolynomialLR", ["total_iters=9", "power=-1"], T: 10), .zeroDivisionError, 8),
    (KohyaClassCase("ReduceLROnPlateau", [], T: 10), .typeError, 0),
  ])
  func stopsOnTheWay(
    _ test: KohyaClassCase, exception: ScheduleError.Exception, step: Int
  ) throws {
    let reading = try test.settings.reading()
    #expect(reading.failure?.exception == exception)
    #expect(reading.failure?.moment == .afterStep(step))
    guard let schedule = reading.schedule else { return }
    #expect(schedule.rate(atStep: step, base: 1e-4) != nil)
  }

  @Test(arguments: ["LambdaLR", "torch.optim.lr_scheduler.SequentialLR", "my.own.Scheduler"])
  func othersAreNamed(type: String) throws {
    let reading = try KohyaClassCase(type, [], T: 10).settings.reading()
    #expect(reading.schedule == nil)
    #expect(reading.notSimulated == ["the scheduler \(type)"])
  }

  @Test func momentumIsNotMoved() throws {
    let arguments = ["max_lr=1.0", "total_steps=20"]
    #expect(
      try KohyaClassCase("OneCycleLR", arguments, T: 9).settings.reading().notSimulated.count == 1)
    let without = KohyaClassCase("OneCycleLR", arguments + ["cycle_momentum=False"], T: 9)
    #expect(try without.settings.reading().notSimulated == [])
  }
}
