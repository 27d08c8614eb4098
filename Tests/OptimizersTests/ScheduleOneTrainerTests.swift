import Optimizers
import Testing

/// Settings of OneTrainer, and the rates of a few optimizer steps for a rate of 1e-4.
struct OneTrainerCase: CustomTestStringConvertible, Sendable {
  var settings: OneTrainerSchedule
  var steps: [Int] = []
  var rates: [Double] = []

  init(
    _ name: String, w: Double = 0, n: Double = 1, m: Double = 0, L: Int, E: Int = 1, G: Int = 1,
    optimizer: String = "ADAMW", at steps: [Int] = [], gives rates: [Double] = []
  ) {
    settings = OneTrainerSchedule(
      name, warmup: w, length: OneTrainerLength(batchesPerEpoch: L, epochs: E, accumulation: G))
    settings.cycles = n
    settings.floor = m
    settings.optimizer.name = optimizer
    self.steps = steps
    self.rates = rates
  }

  var testDescription: String {
    "\(settings.name), warm-up \(settings.warmup), cycles \(settings.cycles), "
      + "floor \(settings.floor), \(settings.totalSteps) steps"
  }

  /// From create_lr_scheduler of OneTrainer 23df3832, stepped on torch 2.15.0.
  static let all = [
    OneTrainerCase(
      "CONSTANT", L: 10,
      at: [0, 1, 6, 9, 10, 12],
      gives: [0.0001, 0.0001, 0.0001, 0.0001, 0.0001, 0.0001]),
    OneTrainerCase(
      "CONSTANT", w: 4, L: 10, G: 2,
      at: [0, 1, 2, 3, 4, 5, 7],
      gives: [0, 5e-05, 0.0001, 0.0001, 0.0001, 0.0001, 0.0001]),
    OneTrainerCase(
      "LINEAR", m: 0.1, L: 7, E: 2,
      at: [0, 1, 8, 13, 14, 16],
      gives: [
        0.0001, 9.357142857142858e-05, 4.857142857142857e-05, 1.642857142857143e-05, 1e-05,
        1e-05,
      ]),
    OneTrainerCase(
      "LINEAR", w: 3, L: 5, E: 2,
      at: [0, 1, 2, 4, 6, 9, 10, 12],
      gives: [
        0, 3.3333333333333335e-05, 6.666666666666667e-05, 8.571428571428571e-05,
        5.714285714285714e-05, 1.4285714285714285e-05, 0, 0,
      ]),
    OneTrainerCase(
      "COSINE", L: 20, G: 2,
      at: [0, 1, 6, 9, 10, 12],
      gives: [
        0.0001, 9.755282581475769e-05, 3.4549150281252636e-05, 2.4471741852423237e-06, 0,
        9.549150281252623e-06,
      ]),
    OneTrainerCase(
      "COSINE", w: 0.1, m: 0.1, L: 40, E: 2, G: 2,
      at: [0, 1, 3, 5, 21, 39, 40, 42],
      gives: [
        0, 2.5e-05, 7.500000000000001e-05, 9.982876141412856e-05, 5.8922008423644624e-05,
        1.017123858587145e-05, 1e-05, 1.0683651114450641e-05,
      ]),
    OneTrainerCase(
      "COSINE", w: 200, m: 0.1, L: 1000, G: 4,
      at: [0, 1, 49, 51, 126, 249, 250, 252],
      gives: [
        0, 2.0000000000000003e-06, 9.8e-05, 9.999444846167473e-05, 7.156560487081053e-05,
        1.0005551538325275e-05, 1e-05, 1.002220478354208e-05,
      ]),
    OneTrainerCase(
      "COSINE", w: 1.5, L: 9,
      at: [0, 1, 2, 6, 8, 9, 11],
      gives: [
        0, 0.0001, 9.619397662556435e-05, 3.086582838174551e-05, 3.8060233744356633e-06, 0,
        1.4644660940672617e-05,
      ]),
    OneTrainerCase(
      "COSINE", w: -3, L: 9,
      at: [0, 1, 6, 8, 9, 11],
      gives: [
        0.0001, 9.698463103929542e-05, 2.500000000000001e-05, 3.0153689607045845e-06, 0,
        1.16977778440511e-05,
      ]),
    OneTrainerCase(
      "COSINE_WITH_RESTARTS", n: 0.5, L: 12,
      at: [0, 1, 7, 11, 12, 14],
      gives: [
        0.0001, 9.829629131445342e-05, 3.705904774487396e-05, 1.70370868554659e-06,
        1.70370868554659e-06, 1.70370868554659e-06,
      ]),
    OneTrainerCase(
      "COSINE_WITH_RESTARTS", L: 12,
      at: [0, 1, 7, 11, 12, 14],
      gives: [
        0.0001, 9.330127018922194e-05, 6.69872981077807e-06, 9.330127018922193e-05,
        9.330127018922193e-05, 9.330127018922193e-05,
      ]),
    OneTrainerCase(
      "COSINE_WITH_RESTARTS", w: 2, n: 1.5, m: 0.2, L: 14,
      at: [0, 1, 2, 3, 8, 13, 14, 16],
      gives: [
        0, 5e-05, 0.0001, 8.828427124746191e-05, 5.999999999999999e-05,
        3.1715728752538137e-05, 3.1715728752538137e-05, 3.1715728752538137e-05,
      ]),
    OneTrainerCase(
      "COSINE_WITH_RESTARTS", n: 3, L: 30,
      at: [0, 1, 16, 29, 30, 32],
      gives: [
        0.0001, 9.045084971874738e-05, 9.549150281252616e-06, 9.045084971874735e-05,
        9.045084971874735e-05, 9.045084971874735e-05,
      ]),
    OneTrainerCase(
      "COSINE_WITH_HARD_RESTARTS", n: 0.5, L: 12,
      at: [0, 1, 7, 11, 12, 14],
      gives: [
        0.0001, 9.957224306869053e-05, 8.043807145043604e-05, 5.6526309611002594e-05,
        5.6526309611002594e-05, 5.6526309611002594e-05,
      ]),
    OneTrainerCase(
      "COSINE_WITH_HARD_RESTARTS", n: 1.5, L: 12,
      at: [0, 1, 7, 11, 12, 14],
      gives: [
        0.0001, 9.619397662556435e-05, 3.8060233744356633e-06, 6.91341716182545e-05,
        6.91341716182545e-05, 6.91341716182545e-05,
      ]),
    OneTrainerCase(
      "COSINE_WITH_HARD_RESTARTS", w: 0.25, n: 3, m: 0.1, L: 40,
      at: [0, 1, 9, 11, 21, 39, 40, 42],
      gives: [
        0, 1e-05, 9e-05, 9.779754323328192e-05, 9.779754323328192e-05, 1.2202456766718096e-05,
        1.2202456766718096e-05, 1.2202456766718096e-05,
      ]),
    OneTrainerCase(
      "COSINE_WITH_HARD_RESTARTS", n: -1, L: 10,
      at: [0, 1, 6, 9, 10, 12],
      gives: [
        0.0001, 2.4471741852423237e-06, 6.545084971874738e-05, 9.755282581475769e-05,
        9.755282581475769e-05, 9.755282581475769e-05,
      ]),
    OneTrainerCase(
      "REX", L: 10,
      at: [0, 1, 6, 9, 10, 12],
      gives: [0.0001, 9.89010989010989e-05, 8.695652173913044e-05, 5.263157894736843e-05, 0, 0]),
    OneTrainerCase(
      "REX", w: 0.2, m: 0.3, L: 10,
      at: [0, 1, 2, 3, 6, 9, 10, 12],
      gives: [
        0, 5e-05, 0.0001, 9.901408450704226e-05, 9.363636363636364e-05, 7.117647058823531e-05,
        3e-05, 3e-05,
      ]),
    OneTrainerCase(
      "REX", w: 1, L: 10,
      at: [0, 1, 6, 9, 10, 11, 12],
      gives: [0, 1e-05, 6e-05, 9e-05, 0, 0, 0]),
    OneTrainerCase("REX", L: 0, at: [0, 1, 2], gives: [0, 0, 0]),
    OneTrainerCase(
      "LINEAR", w: 30, L: 10,
      at: [0, 1, 6, 9, 10, 12],
      gives: [0, 3.3333333333333333e-06, 2e-05, 3e-05, 3.3333333333333335e-05, 4e-05]),
    OneTrainerCase(
      "COSINE", m: 1.5, L: 10,
      at: [0, 1, 6, 9, 10, 12],
      gives: [
        0.0001, 0.00010122358709262116, 0.0001327254248593737, 0.00014877641290737885,
        0.00015000000000000001, 0.0001452254248593737,
      ]),
    OneTrainerCase(
      "LINEAR", m: -0.5, L: 10,
      at: [0, 1, 6, 9, 10, 12],
      gives: [0.0001, 8.500000000000002e-05, 1.000000000000001e-05, -3.5e-05, -5e-05, -5e-05]),
  ]
}

@Suite struct ScheduleOneTrainerTests {
  @Test(arguments: OneTrainerCase.all)
  func drawsTheCurve(_ test: OneTrainerCase) throws {
    let schedule = try #require(try test.settings.reading().schedule)
    for (step, rate) in zip(test.steps, test.rates) {
      #expect(isClose(schedule.rate(atStep: step, base: 1e-4), rate, base: 1e-4), "step \(step)")
    }
  }

  @Test(arguments: [
    OneTrainerCase("LINEAR", L: 0), OneTrainerCase("COSINE", L: 3, G: 4),
    OneTrainerCase("COSINE_WITH_RESTARTS", w: 1, L: 0),
    OneTrainerCase("COSINE_WITH_HARD_RESTARTS", w: 0.5, L: 0),
  ])
  func aRunWithoutStepsStopsAtOnce(_ test: OneTrainerCase) {
    let error = #expect(throws: ScheduleError.self) { try test.settings.reading() }
    #expect(error?.exception == .zeroDivisionError)
    #expect(error?.moment == .afterCaching)
  }

  @Test(arguments: [
    OneTrainerCase("LINEAR", w: 1, L: 10), OneTrainerCase("COSINE", w: 10, L: 10),
    OneTrainerCase("COSINE_WITH_RESTARTS", w: 20, L: 20, G: 2),
    OneTrainerCase("COSINE_WITH_HARD_RESTARTS", w: 1, L: 5, E: 2),
  ])
  func aWarmUpThatFillsTheRunStopsItAtItsEnd(_ test: OneTrainerCase) throws {
    let reading = try test.settings.reading()
    #expect(reading.failure?.exception == .zeroDivisionError)
    #expect(reading.failure?.moment == .afterStep(9))
    #expect(reading.failure?.setting == "learning_rate_warmup_steps")
    #expect(reading.schedule?.factor(atStep: 9) == 0.9)
    #expect(reading.schedule?.factor(atStep: 10) == nil)
  }

  @Test(arguments: [
    OneTrainerCase("CONSTANT", w: 1, L: 10), OneTrainerCase("REX", w: 1, L: 10),
    OneTrainerCase("LINEAR", w: 11, L: 10), OneTrainerCase("LINEAR", L: 0, E: 0),
  ])
  func othersDoNotStop(_ test: OneTrainerCase) throws {
    #expect(try test.settings.reading().failure == nil)
  }

  @Test func scheduleFreeOptimizersWarmUpByThemselves() throws {
    var test = OneTrainerCase("COSINE", w: 0.1, n: 2, L: 10, optimizer: "SCHEDULE_FREE_ADAMW")
    var reading = try test.settings.reading()
    #expect(reading.schedule?.rate(atStep: 0, base: 0.5) == 0.5)
    #expect(reading.optimizerWarmup == 0.1)
    #expect(
      reading.ignored.map(\.setting) == ["learning_rate_scheduler", "learning_rate_cycles"])
    // A share is a count there: the first step is ten times too long.
    #expect(ScheduleFreeWarmup(steps: 0.1).factor(atStep: 0) == 10)
    #expect((0...3).map { ScheduleFreeWarmup(steps: 2).factor(atStep: $0) } == [0.5, 1, 1, 1])

    test = OneTrainerCase("CONSTANT", w: 200, L: 10, optimizer: "PRODIGY_PLUS_SCHEDULE_FREE")
    reading = try test.settings.reading()
    #expect(reading.optimizerWarmup == nil)
    #expect(reading.ignored.map(\.setting) == ["learning_rate_warmup_steps"])
  }

  /// Two groups of 1e-3 and 1e-2, and a first weight of 0.02, four steps.
  @Test(arguments: [
    (false, true, false, [1e-3, 2e-5, 4e-7, 8e-9]),
    (false, false, false, [1e-3, 1e-3, 1e-3, 1e-3]),
    (false, true, true, [1e-3, 1e-3, 1e-3, 1e-3]), (true, true, false, [1e-3, 1e-3, 1e-3, 1e-3]),
  ])
  func adafactorFeedsItsRateBack(
    relativeStep: Bool, scaleParameter: Bool, isFused: Bool, expected: [Double]
  ) throws {
    var test = OneTrainerCase("ADAFACTOR", w: 200, L: 10, optimizer: "ADAFACTOR")
    test.settings.optimizer.relativeStep = relativeStep
    test.settings.optimizer.scaleParameter = scaleParameter
    test.settings.optimizer.fusedBackPass = isFused
    let schedule = try #require(try test.settings.reading().schedule)
    for (step, rate) in expected.enumerated() {
      let rates = try #require(schedule.rates(atStep: step, bases: [1e-3, 1e-2]))
      #expect(isClose(rates[0], rate, base: 1e-6) && rates[1] == rates[0], "step \(step)")
    }
  }

  @Test func adafactorsScheduleNeedsAdafactor() throws {
    var test = OneTrainerCase("ADAFACTOR", L: 10)
    let failure = try test.settings.reading().failure
    #expect(failure?.exception == .attributeError)
    #expect(failure?.moment == .afterStep(0))
    test.settings.optimizer.fusedBackPass = true
    #expect(try test.settings.reading().failure == nil)
  }

  @Test(arguments: [nil, "", "StepLR"])
  func aClassNeedsItsModule(name: String?) {
    var test = OneTrainerCase("CUSTOM", L: 10)
    test.settings.customClass = name
    let error = #expect(throws: ScheduleError.self) { try test.settings.reading() }
    #expect(error?.exception == .assertionError)
    #expect(error?.setting == "custom_learning_rate_scheduler")
  }

  @Test func aClassIsNotSimulated() throws {
    var test = OneTrainerCase("CUSTOM", L: 10)
    test.settings.customClass = "torch.optim.lr_scheduler.StepLR"
    let reading = try test.settings.reading()
    #expect(reading.schedule == nil)
    #expect(reading.notSimulated.count == 1)
  }
}

/// Whether two rates agree but for the last digits, which torch's own recursions do not share.
func isClose(_ found: Double?, _ expected: Double, base: Double) -> Bool {
  guard let found else { return false }
  return abs(found - expected) <= 1e-12 * max(abs(expected), 1e-3 * base)
}
