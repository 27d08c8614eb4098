import Optimizers
import Testing

/// Settings of SimpleTuner, and the rates of a few optimizer steps in each parameter group.
struct SimpleTunerCase: CustomTestStringConvertible, Sendable {
  var settings: SimpleTunerSchedule
  var bases: [Double]
  var steps: [Int]
  var rates: [[Double]]

  init(
    _ name: String, W: PythonValue, E: Double = 4e-7, p: Double = 0.8, T: Int, P: Int = 1,
    B: [Double] = [1e-4], at steps: [Int] = [], gives rates: [[Double]] = []
  ) {
    settings = SimpleTunerSchedule(name, learningRate: B[0], maxSteps: T)
    settings.warmup = W
    settings.end = E
    settings.power = p
    settings.processes = P
    bases = B
    self.steps = steps
    self.rates = rates
  }

  var testDescription: String {
    "\(settings.name), warm-up \(settings.warmup), end \(settings.end), "
      + "\(settings.maxSteps) steps, \(settings.processes) processes"
  }

  /// From get_lr_scheduler of SimpleTuner bc8e6ab, stepped through accelerate 1.6.0 on torch 2.15.0
  /// and diffusers 0.42.1.
  static let all = [
    SimpleTunerCase(
      "linear", W: 0, T: 20,
      at: [0, 1, 11, 20, 21],
      gives: [[0.0001], [9.5e-05], [4.5e-05], [0], [0]]),
    SimpleTunerCase(
      "linear", W: 5, T: 20, B: [0.0001, 1e-05],
      at: [0, 1, 5, 6, 11, 20, 21],
      gives: [
        [0, 0], [2e-05, 2.0000000000000003e-06], [0.0001, 1e-05],
        [
          9.333333333333334e-05,
          9.333333333333334e-06,
        ], [6e-05, 6e-06], [0, 0], [0, 0],
      ]),
    SimpleTunerCase(
      "linear", W: 5, T: 20, P: 3,
      at: [0, 1, 5, 6, 11, 20, 21],
      gives: [[0], [2e-05], [0.0001], [9.333333333333334e-05], [6e-05], [0], [0]]),
    SimpleTunerCase(
      "linear", W: 20, T: 20,
      at: [0, 1, 11, 19, 20, 21],
      gives: [[0], [5e-06], [5.500000000000001e-05], [9.5e-05], [0], [0]]),
    SimpleTunerCase(
      "linear", W: 30, T: 20,
      at: [0, 1, 11, 20, 21],
      gives: [
        [0], [3.3333333333333333e-06], [3.6666666666666666e-05], [6.666666666666667e-05],
        [7e-05],
      ]),
    SimpleTunerCase(
      "constant", W: 0, T: 10,
      at: [0, 1, 6, 10, 11],
      gives: [[0.0001], [0.0001], [0.0001], [0.0001], [0.0001]]),
    SimpleTunerCase(
      "constant", W: 4, T: 10,
      at: [0, 1, 4, 5, 6, 10, 11],
      gives: [[0], [2.5e-05], [0.0001], [0.0001], [0.0001], [0.0001], [0.0001]]),
    SimpleTunerCase(
      "constant_with_warmup", W: 4, T: 10, P: 2,
      at: [0, 1, 4, 5, 6, 10, 11],
      gives: [[0], [2.5e-05], [0.0001], [0.0001], [0.0001], [0.0001], [0.0001]]),
    SimpleTunerCase(
      "polynomial", W: 0, T: 10,
      at: [0, 1, 6, 10, 11],
      gives: [
        [0.0001], [9.194894543647612e-05], [4.8252797449820226e-05], [3.9999999999999993e-07],
        [3.9999999999999993e-07],
      ]),
    SimpleTunerCase(
      "polynomial", W: 4, E: 1e-05, p: 2, T: 12, B: [0.0001, 0.001],
      at: [0, 1, 4, 5, 7, 12, 13],
      gives: [
        [0, 0], [2.5e-05, 0.00025], [0.0001, 0.001], [7.890625e-05, 0.0007890624999999999],
        [4.515625e-05, 0.00045156250000000003], [1e-05, 0.0001], [1e-05, 0.0001],
      ]),
    SimpleTunerCase(
      "polynomial", W: 4, T: 12, P: 3, B: [0.0003],
      at: [0, 1, 4, 5, 7, 12, 13],
      gives: [
        [0], [7.5e-05], [0.0003], [0.00026964537473047354], [0.00020610546173407054],
        [3.9999999999999993e-07], [3.9999999999999993e-07],
      ]),
    SimpleTunerCase(
      "polynomial", W: 10, T: 10,
      at: [0, 1, 6, 9, 10, 11],
      gives: [[0], [1e-05], [6e-05], [9e-05], [9e-05], [3.9999999999999993e-07]]),
    SimpleTunerCase(
      "polynomial", W: 10, T: 10, P: 2,
      at: [0, 1, 6, 9, 10, 11],
      gives: [[0], [1e-05], [6e-05], [9e-05], [9.5e-05], [3.9999999999999993e-07]]),
    SimpleTunerCase(
      "polynomial", W: 0, E: 0, p: -1, T: 6,
      at: [0, 1, 4, 6, 7],
      gives: [[0.0001], [0.00012], [0.0003], [0.0006000000000000002], [0]]),
    SimpleTunerCase(
      "cosine", W: 0, T: 40,
      at: [0, 1, 21, 40, 41],
      gives: [[0.0001], [9.9999e-05], [9.9891e-05], [9.9607e-05], [9.9587e-05]]),
    SimpleTunerCase(
      "cosine", W: 0, T: 40, P: 8,
      at: [0, 1, 21, 40, 41],
      gives: [[0.0001], [9.9984e-05], [9.3223e-05], [7.6884e-05], [7.5819e-05]]),
    SimpleTunerCase(
      "cosine", W: 10, T: 25, B: [0.0003],
      at: [0, 1, 10, 11, 13, 25, 26],
      gives: [
        [0.0003], [0.000292668], [4e-07], [7.731e-06], [6.2149e-05], [0.0001502],
        [0.000103909],
      ]),
    SimpleTunerCase(
      "cosine", W: 10, T: 25, P: 2, B: [0.0001, 0.0001],
      at: [0, 1, 10, 11, 13, 25, 26],
      gives: [
        [0.0001, 0.0001], [9.7562e-05, 0.0001], [4e-07, 0.0001], [2.837e-06, 0.0001],
        [2.0928e-05, 0.0001], [5.02e-05, 0.0001], [3.481e-05, 0.0001],
      ]),
    SimpleTunerCase(
      "cosine", W: 20, T: 20, B: [1e-07],
      at: [0, 1, 11, 19, 20, 21],
      gives: [[1e-07], [1.01e-07], [2.73e-07], [3.98e-07], [4e-07], [3.98e-07]]),
    SimpleTunerCase(
      "cosine_with_warmup", W: 10, E: 0, T: 25, B: [1e-08],
      at: [0, 1, 10, 11, 13, 25, 26],
      gives: [[1e-08], [9e-09], [0], [0], [2e-09], [5e-09], [3e-09]]),
    SimpleTunerCase(
      "sine", W: 10, T: 25,
      at: [0, 1, 10, 11, 13, 25, 26],
      gives: [
        [5.02e-05], [6.5589e-05], [5.02e-05], [3.481e-05], [9.91e-06], [0.0001],
        [9.7562e-05],
      ]),
    SimpleTunerCase(
      "sine", W: 10, E: 0, T: 25, P: 4, B: [0.0003, 1e-05],
      at: [0, 1, 10, 11, 13, 25, 26],
      gives: [
        [0.00015, 5e-06], [0.000196352, 6.545e-06], [0.00015, 5e-06],
        [
          0.000103647,
          3.454e-06,
        ], [2.8647e-05, 9.54e-07], [0.0003, 1e-05], [0.000292658, 9.755e-06],
      ]),
    SimpleTunerCase(
      "cosine_with_restarts", W: 10, T: 12, B: [0.0003, 0.0003],
      at: [0, 1, 9, 10, 11, 12, 13],
      gives: [
        [0.0003, 0.0003], [0.0003, 0.0003], [0.0003, 0.0003], [0.0003, 0.0003],
        [
          0.0003,
          0.0003,
        ], [0.0003, 0.0003], [0.0003, 0.0003],
      ]),
    SimpleTunerCase(
      "cosine_with_restarts", W: 10, E: 0.001, T: 12, P: 2,
      at: [0, 1, 9, 10, 11, 12, 13],
      gives: [[0.0001], [0.0001], [0.0001], [0.0001], [0.0001], [0.0001], [0.0001]]),
  ]
}

@Suite struct ScheduleSimpleTunerTests {
  @Test(arguments: SimpleTunerCase.all)
  func drawsTheCurve(_ test: SimpleTunerCase) throws {
    let schedule = try #require(try test.settings.reading().schedule)
    for (step, expected) in zip(test.steps, test.rates) {
      let rates = try #require(schedule.rates(atStep: step, bases: test.bases))
      for (place, rate) in expected.enumerated() {
        #expect(isClose(rates[place], rate, base: test.bases[place]), "step \(step)")
      }
    }
  }

  @Test(arguments: [
    (SimpleTunerCase("sine", W: 0, T: 10), ScheduleError.Exception.valueError),
    (SimpleTunerCase("sine", W: -3, T: 10), .valueError),
    (SimpleTunerCase("cosine_with_restarts", W: 0, T: 10), .valueError),
    (SimpleTunerCase("polynomial", W: 0, T: 10, B: [4e-7]), .valueError),
    (SimpleTunerCase("polynomial", W: 0, T: 0), .zeroDivisionError),
  ])
  func stopsAfterCaching(_ test: SimpleTunerCase, exception: ScheduleError.Exception) {
    let error = #expect(throws: ScheduleError.self) { try test.settings.reading() }
    #expect(error?.exception == exception)
    #expect(error?.moment == .afterCaching)
  }

  @Test(arguments: [
    SimpleTunerCase("Cosine", W: 0, T: 10), SimpleTunerCase("rex", W: 0, T: 10),
    SimpleTunerCase("linear", W: 0.1, T: 10), SimpleTunerCase("linear", W: 100.0, T: 10),
    SimpleTunerCase("linear", W: "10%", T: 10),
  ])
  func theCommandLineRefuses(_ test: SimpleTunerCase) {
    let error = #expect(throws: ScheduleError.self) { try test.settings.reading() }
    #expect(error?.exception == .argumentError)
    #expect(error?.moment == .readingSettings)
  }

  /// The exception is logged, and the rate stays.
  @Test(arguments: [
    (SimpleTunerCase("polynomial", W: 10, T: 10), ScheduleError.Moment.afterStep(9)),
    (SimpleTunerCase("polynomial", W: 10, T: 10, P: 2), .afterStep(9)),
    (SimpleTunerCase("polynomial", W: 0, p: -1, T: 6), .afterStep(5)),
    (SimpleTunerCase("cosine_with_restarts", W: 5, T: 6), .everyStep(fromEpoch: 2)),
  ])
  func goesOn(_ test: SimpleTunerCase, moment: ScheduleError.Moment) throws {
    let reading = try test.settings.reading()
    #expect(reading.failure?.moment == moment)
    #expect(reading.failure?.isOnlyLogged == true)
    #expect(reading.schedule?.rate(atStep: test.settings.maxSteps, base: 1e-4) != nil)
  }

  @Test func takesAWarmUpInQuotes() throws {
    let schedule = try SimpleTunerCase("linear", W: " 10 ", T: 20).settings.reading().schedule
    #expect(schedule?.factor(atStep: 5) == 0.5)
  }

  @Test func namesWhatDoesNothing() throws {
    var settings = SimpleTunerCase("linear", W: 0, E: 0, p: 2, T: 10).settings
    settings.cycles = 3
    #expect(
      try settings.reading().ignored.map(\.setting) == ["lr_end", "lr_power", "lr_num_cycles"])
    settings.name = "polynomial"
    #expect(try settings.reading().ignored.map(\.setting) == ["lr_num_cycles"])
  }

  @Test(arguments: ["adamw_schedulefree", "adamw_schedulefree+no_kahan"])
  func scheduleFreeOptimizersWarmUpByThemselves(optimizer: String) throws {
    var settings = SimpleTunerCase("cosine", W: 100, T: 10).settings
    settings.optimizer = optimizer
    let reading = try settings.reading()
    #expect(reading.optimizerWarmup == 100)
    #expect(reading.schedule?.rate(atStep: 7, base: 3e-4) == 3e-4)
    #expect(reading.ignored.map(\.setting) == ["lr_scheduler"])
  }

  @Test func deepSpeedIsNotSimulated() throws {
    var settings = SimpleTunerCase("cosine", W: 100, T: 10).settings
    settings.usesDeepSpeed = true
    #expect(try settings.reading().schedule == nil)
    #expect(try settings.reading().notSimulated.count == 1)
  }
}
