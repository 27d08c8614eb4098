import Optimizers
import Testing

/// Settings of ai-toolkit, and the rates of a few optimizer steps for a rate of 1e-4.
struct AIToolkitCase: CustomTestStringConvertible, Sendable {
  var settings: AIToolkitSchedule
  var steps: [Int]
  var rates: [Double]

  init(
    _ name: String?, _ parameters: [String: PythonValue] = [:], N: Int, P: Int = 1,
    legacy: Int = 1, at steps: [Int] = [], gives rates: [Double] = []
  ) {
    var length = AIToolkitLength(steps: N)
    length.legacyAccumulation = legacy
    settings = AIToolkitSchedule(name, parameters: parameters, length: length)
    settings.processes = P
    self.steps = steps
    self.rates = rates
  }

  var testDescription: String {
    let parameters = settings.parameters.sorted { $0.key < $1.key }.map { "\($0): \($1)" }
    return "\(settings.name ?? "null") {\(parameters.joined(separator: ", "))}, "
      + "\(settings.length.steps) steps, \(settings.processes) processes"
  }

  /// From get_lr_scheduler of ai-toolkit 27a03a9, stepped through accelerate 1.6.0 as the training
  /// loop does, on torch 2.15.0 and diffusers 0.42.1.
  static let all = [
    AIToolkitCase(
      "constant", N: 10,
      at: [0, 1, 5, 6, 9],
      gives: [0.0001, 0.0001, 0.0001, 0.0001, 0.0001]),
    AIToolkitCase(
      "constant", ["factor": 0.5], N: 10,
      at: [0, 1, 5, 6, 9],
      gives: [5e-05, 5e-05, 5e-05, 5e-05, 5e-05]),
    AIToolkitCase(
      "constant", ["factor": 0.5, "total_iters": 3], N: 10, P: 3,
      at: [0, 1, 5, 6, 9],
      gives: [5e-05, 5e-05, 0.0001, 0.0001, 0.0001]),
    AIToolkitCase(
      "linear", N: 12,
      at: [0, 1, 5, 6, 11],
      gives: [
        3.3333333333333335e-05, 3.888888888888889e-05, 6.111111111111112e-05,
        6.666666666666667e-05, 9.444444444444442e-05,
      ]),
    AIToolkitCase(
      "linear", ["start_factor": 1.0, "end_factor": 0.0], N: 12,
      at: [0, 1, 5, 6, 11],
      gives: [
        0.0001, 9.166666666666667e-05, 5.8333333333333326e-05, 4.9999999999999996e-05,
        8.333333333333335e-06,
      ]),
    AIToolkitCase(
      "linear", ["start_factor": 1.0, "end_factor": 0.1], N: 12, P: 2,
      at: [0, 1, 5, 6, 11],
      gives: [0.0001, 8.5e-05, 2.5000000000000005e-05, 1e-05, 1e-05]),
    AIToolkitCase(
      "linear", N: 12, legacy: 3,
      at: [0, 1, 2, 3],
      gives: [
        4.4444444444444447e-05, 6.111111111111112e-05, 7.777777777777777e-05,
        9.444444444444442e-05,
      ]),
    AIToolkitCase(
      "cosine", N: 12,
      at: [0, 1, 5, 6, 11],
      gives: [
        0.0001, 9.829629131445342e-05, 6.294095225512605e-05, 5.000000000000001e-05,
        1.7037086855465907e-06,
      ]),
    AIToolkitCase(
      "cosine", ["eta_min": 1e-06], N: 12,
      at: [0, 1, 5, 6, 11],
      gives: [
        0.0001, 9.831332840130888e-05, 6.331154273257477e-05, 5.0499999999999994e-05,
        2.6866715986911244e-06,
      ]),
    AIToolkitCase(
      "cosine", ["T_max": 5], N: 12, P: 2,
      at: [0, 1, 5, 6, 11],
      gives: [0.0001, 9.330127018922195e-05, 6.698729810778067e-06, 0, 9.330127018922193e-05]),
    AIToolkitCase(
      "cosine", ["eta_min": 0.001], N: 12, legacy: 4,
      at: [0, 1, 2],
      gives: [0.00023180194846605365, 0.0006664685702961342, 0.0009846666218300806]),
    AIToolkitCase("cosine", N: 1, at: [0], gives: [0.0001]),
    AIToolkitCase(
      "cosine_with_restarts", N: 12,
      at: [0, 1, 5, 6, 11],
      gives: [0.0001, 9.829629131445342e-05, 6.294095225512603e-05, 5e-05, 1.70370868554659e-06]),
    AIToolkitCase(
      "cosine_with_restarts", ["T_mult": 2, "eta_min": 1e-06], N: 12, P: 3,
      at: [0, 1, 5, 6, 11],
      gives: [
        0.0001, 8.55017856687341e-05, 9.623203685930869e-05, 8.55017856687341e-05,
        4.767963140691306e-06,
      ]),
    AIToolkitCase(
      "cosine_with_restarts", ["T_0": 4], N: 12, P: 2,
      at: [0, 1, 5, 6, 11],
      gives: [0.0001, 9.330127018922194e-05, 6.698729810778065e-06, 0.0001, 6.698729810778065e-06]),
    AIToolkitCase(
      "constant_with_warmup", N: 20,
      at: [0, 1, 5, 6, 10, 19],
      gives: [
        0, 1.0000000000000001e-07, 5.000000000000001e-07, 6.000000000000001e-07,
        1.0000000000000002e-06, 1.9e-06,
      ]),
    AIToolkitCase(
      "constant_with_warmup", ["num_warmup_steps": 5], N: 20,
      at: [0, 1, 5, 6, 10, 19],
      gives: [0, 2e-05, 0.0001, 0.0001, 0.0001, 0.0001]),
    AIToolkitCase(
      "constant_with_warmup", ["num_warmup_steps": 5], N: 20, P: 2,
      at: [0, 1, 5, 6, 10, 19],
      gives: [0, 4e-05, 0.0001, 0.0001, 0.0001, 0.0001]),
    AIToolkitCase(
      "constant_with_warmup", ["num_warmup_steps": 7.5], N: 20, legacy: 2,
      at: [0, 1, 5, 6, 9],
      gives: [1.3333333333333333e-05, 4e-05, 0.0001, 0.0001, 0.0001]),
    AIToolkitCase(
      "constant_with_warmup", ["num_warmup_steps": 0.1], N: 20,
      at: [0, 1, 5, 6, 10, 19],
      gives: [0, 0.0001, 0.0001, 0.0001, 0.0001, 0.0001]),
    AIToolkitCase(
      "constant_with_warmup", ["num_warmup_steps": 0], N: 5,
      at: [0, 1, 2, 4],
      gives: [0.0001, 0.0001, 0.0001, 0.0001]),
    AIToolkitCase(
      "constant_with_warmup", ["num_warmup_steps": 30], N: 20,
      at: [0, 1, 5, 6, 10, 19],
      gives: [
        0, 3.3333333333333333e-06, 1.6666666666666667e-05, 2e-05, 3.3333333333333335e-05,
        6.333333333333333e-05,
      ]),
  ]
}

@Suite struct ScheduleAIToolkitTests {
  @Test(arguments: AIToolkitCase.all)
  func drawsTheCurve(_ test: AIToolkitCase) throws {
    let schedule = try #require(try test.settings.reading().schedule)
    for (step, rate) in zip(test.steps, test.rates) {
      #expect(isClose(schedule.rate(atStep: step, base: 1e-4), rate, base: 1e-4), "step \(step)")
    }
  }

  /// linear over 12 iterations, with 4 batches in an epoch.
  @Test func accumulatesOverAnEpoch() throws {
    var settings = AIToolkitCase("linear", N: 12, legacy: -1).settings
    #expect(try settings.reading().notSimulated.count == 1)
    settings.length.batchesPerEpoch = 4
    let schedule = try #require(try settings.reading().schedule)
    #expect(isClose(schedule.rate(atStep: 0, base: 1e-4), 5.555555555555556e-05, base: 1e-4))
    #expect(isClose(schedule.rate(atStep: 1, base: 1e-4), 7.777777777777777e-05, base: 1e-4))
    #expect(settings.length.length.steps == 2)
  }

  @Test(arguments: [
    (AIToolkitCase("step", N: 10), ScheduleError.Exception.typeError),
    (AIToolkitCase("step", ["step_size": 3, "gamma": 0.5], N: 10), .typeError),
    (AIToolkitCase("polynomial", N: 10), .valueError),
    (AIToolkitCase("piecewise_constant", N: 10), .valueError),
    (AIToolkitCase("Cosine", N: 10), .valueError), (AIToolkitCase(nil, N: 10), .valueError),
    (AIToolkitCase("constant", ["num_warmup_steps": 5], N: 10), .typeError),
    (AIToolkitCase("linear", ["T_max": 5], N: 10), .typeError),
    (AIToolkitCase("cosine", ["num_warmup_steps": 5], N: 10), .typeError),
    (AIToolkitCase("cosine_with_restarts", ["num_cycles": 2], N: 10), .typeError),
    (AIToolkitCase("constant", ["max_iterations": 5], N: 10), .typeError),
    (AIToolkitCase("cosine", ["max_iterations": 5], N: 10), .typeError),
    (AIToolkitCase("constant_with_warmup", ["max_iterations": 5], N: 10), .keyError),
    (AIToolkitCase("constant_with_warmup", ["num_warmup_steps": "5"], N: 10), .typeError),
    (AIToolkitCase("constant", ["factor": 1.5], N: 10), .valueError),
    (AIToolkitCase("linear", ["start_factor": 0.0], N: 10), .valueError),
    (AIToolkitCase("linear", ["end_factor": -1.0], N: 10), .valueError),
    (AIToolkitCase("cosine_with_restarts", ["T_mult": 1.5], N: 10), .valueError),
    (AIToolkitCase("cosine_with_restarts", ["eta_min": "1e-6"], N: 10), .valueError),
    (AIToolkitCase("cosine_with_restarts", N: 0), .valueError),
    (AIToolkitCase("cosine", ["last_epoch": 5], N: 10), .keyError),
  ])
  func stopsBeforeCaching(_ test: AIToolkitCase, exception: ScheduleError.Exception) {
    let error = #expect(throws: ScheduleError.self) { try test.settings.reading() }
    #expect(error?.exception == exception)
    #expect(error?.moment == .beforeCaching)
  }

  @Test(arguments: [
    (AIToolkitCase("cosine", ["eta_min": "1e-6"], N: 10), ScheduleError.Exception.typeError),
    (AIToolkitCase("cosine", N: 0), .zeroDivisionError),
    (AIToolkitCase("linear", N: 0), .zeroDivisionError),
  ])
  func stopsAfterCaching(_ test: AIToolkitCase, exception: ScheduleError.Exception) {
    let error = #expect(throws: ScheduleError.self) { try test.settings.reading() }
    #expect(error?.exception == exception)
    #expect(error?.moment == .afterCaching)
  }

  @Test(arguments: [1, 2, 3])
  func aFactorOfZeroStopsTheLastIteration(processes: Int) throws {
    let test = AIToolkitCase("constant", ["factor": 0], N: 12, P: processes)
    let failure = try test.settings.reading().failure
    #expect(failure?.exception == .zeroDivisionError)
    #expect(failure?.moment == .afterStep(12 / processes - 1))
  }

  @Test func namesWhatDoesNothing() throws {
    var settings = AIToolkitCase("cosine", ["T_max": 5, "total_iters": 7], N: 10).settings
    #expect(
      try settings.reading().ignored.map(\.setting) == [
        "train.lr_scheduler_params.T_max", "train.lr_scheduler_params.total_iters",
      ])
    settings.parameters = [:]
    settings.optimizer = "Automagic2"
    #expect(try settings.reading().ignored.map(\.setting) == ["train.lr_scheduler"])
  }
}
