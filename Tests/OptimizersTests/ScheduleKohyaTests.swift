import Optimizers
import SourceText
import TestSupport
import Testing

/// kohya sd-scripts' schedulers by name.
@Suite struct ScheduleKohyaTests {
  static func settings(
    _ name: String, warmup: PythonValue = 0, decay: PythonValue = 0, _ arguments: [String] = [],
    power: Double = 1, rate: Double = 1, steps: Int = 100
  ) -> KohyaSchedule {
    var settings = KohyaSchedule(name, learningRate: rate, maxSteps: steps)
    settings.warmup = warmup
    settings.decay = decay
    settings.arguments = arguments
    settings.power = power
    return settings
  }

  @Test(arguments: [
    (settings("rex"), ScheduleError.Exception.valueError, "lr_scheduler"),
    (settings("constant", warmup: 10), .valueError, "lr_warmup_steps"),
    (settings("constant", warmup: 0.1), .valueError, "lr_warmup_steps"),
    (settings("linear", warmup: "10%"), .typeError, "lr_warmup_steps"),
    (settings("linear", decay: "10%"), .typeError, "lr_decay_steps"),
    (settings("polynomial", rate: 1e-7), .valueError, "learning_rate"),
    (settings("polynomial", ["lr_end=1e-4"], rate: 1e-4), .valueError, "learning_rate"),
    (settings("cosine_with_min_lr", ["min_lr=0.1"], rate: 0), .zeroDivisionError, "learning_rate"),
    (settings("cosine", ["num_cycles=2", "x"]), .valueError, "lr_scheduler_args"),
    (settings("linear", ["num_cycles=2"]), .typeError, "lr_scheduler_args.num_cycles"),
    (settings("linear", ["last_epoch=5"]), .keyError, "lr_scheduler_args.last_epoch"),
    (
      settings("piecewise_constant", ["step_rules=5"]), .attributeError,
      "lr_scheduler_args.step_rules"
    ),
    (
      settings("piecewise_constant", ["step_rules='1:10'"]), .valueError,
      "lr_scheduler_args.step_rules"
    ),
    (
      settings("warmup_stable_decay", ["decay_type='exp'"]), .valueError,
      "lr_scheduler_args.decay_type"
    ),
  ])
  func stopsAfterCaching(
    _ settings: KohyaSchedule, exception: ScheduleError.Exception, setting: String
  ) {
    let error = #expect(throws: ScheduleError.self) { try settings.reading() }
    #expect(error?.exception == exception)
    #expect(error?.moment == .afterCaching)
    #expect(error?.setting == setting)
  }

  @Test func aPolynomialWithoutADecayStopsAtItsEnd() throws {
    var reading = try Self.settings("polynomial", warmup: 100).reading()
    #expect(reading.failure?.moment == .afterStep(99))
    #expect(reading.schedule?.factor(atStep: 99) == 0.99)
    #expect(reading.schedule?.factor(atStep: 100) == nil)
    reading = try Self.settings("polynomial", power: -1).reading()
    #expect(reading.failure?.setting == "lr_scheduler_power")
  }

  @Test func aTimescaleBelowZeroRunsIntoZero() throws {
    var settings = Self.settings("inverse_sqrt", warmup: 10)
    settings.timescale = -20
    let reading = try settings.reading()
    #expect(reading.failure?.moment == .afterStep(29))
    #expect(reading.schedule?.factor(atStep: 30) == nil)
    settings.timescale = 0
    #expect(try settings.reading().failure?.moment == .afterStep(9))
    settings.warmup = -0.3
    settings.timescale = -20
    let error = #expect(throws: ScheduleError.self) { try settings.reading() }
    #expect(error?.exception == .valueError)
  }

  @Test(arguments: [
    ("100", 100 as PythonValue), ("0.1", 0.1), ("10%", 0.1), ("0", 0.0), ("-0.1", -0.1),
  ])
  func readsTheCommandLine(text: String, value: PythonValue) throws {
    #expect(try KohyaSchedule.commandLine(text, setting: "lr_warmup_steps") == value)
  }

  @Test(arguments: ["1.0", "100.0", "1e2", "abc", "x%", ""])
  func refusesTheCommandLine(text: String) {
    let error = #expect(throws: ScheduleError.self) {
      try KohyaSchedule.commandLine(text, setting: "lr_warmup_steps")
    }
    #expect(error?.moment == .readingSettings)
  }

  @Test func adafactorMakesItsOwnRate() throws {
    var settings = Self.settings("cosine", rate: 1e-4)
    settings.optimizer = "AdaFactor"
    settings.cycles = 3
    var reading = try settings.reading()
    #expect(reading.schedule?.rate(atStep: 50, base: 1e-4) == 1e-4)
    #expect(reading.ignored.map(\.setting) == ["lr_scheduler_num_cycles", "lr_scheduler"])
    settings.warmup = 0.1
    #expect(throws: ScheduleError.self) { try settings.reading() }

    settings = Self.settings("adafactor:0.1", rate: 1e-4)
    settings.optimizer = "Adafactor"
    settings.adafactor.relativeStep = false
    reading = try settings.reading()
    let rates = try #require(reading.schedule?.rates(atStep: 1, bases: [1e-4, 1e-5]))
    #expect(isClose(rates[0], 0.1 * 0.02, base: 0.1) && rates[1] == rates[0])
    settings.name = "adafactor"
    let error = #expect(throws: ScheduleError.self) { try settings.reading() }
    #expect(error?.exception == .indexError)
  }

  @Test(arguments: [
    ("linear", ["lr_decay_steps", "lr_scheduler_num_cycles", "lr_scheduler_power"]),
    ("cosine_with_restarts", ["lr_decay_steps", "lr_scheduler_power"]),
    ("polynomial", ["lr_decay_steps", "lr_scheduler_num_cycles"]),
    ("warmup_stable_decay", ["lr_scheduler_power"]),
  ])
  func namesWhatDoesNothing(name: String, ignored: [String]) throws {
    var settings = Self.settings(name, warmup: 5, decay: 0.1, power: 2)
    settings.cycles = 2
    #expect(try settings.reading().ignored.map(\.setting) == ignored)
  }
}

/// What sd-scripts' own function gave for 46 configs: 103 rates, or the exception.
@Suite(.enabled(if: SharedFiles.arePresent, "no ../shared beside the checkout"))
struct ScheduleKohyaGoldenTests {
  static func cases() throws -> [DocumentNode] {
    let text = try Repository.text("../shared/facts/kohya/schedulers_golden.json")
    let document = try JSONReader.read(SourceFile(path: "schedulers_golden.json", text: text))
    return document.root["cases"]?.children.map(\.self) ?? []
  }

  @Test func allCasesAreReproduced() throws {
    let cases = try Self.cases()
    #expect(cases.count == 46)
    for node in cases {
      let name = node.key ?? ""
      let arguments = try #require(node["args"])
      let settings = Self.settings(arguments)
      if let error = node["error"]?.text {
        let thrown = #expect(throws: ScheduleError.self, "\(name)") { try settings.reading() }
        #expect(error.hasPrefix(thrown?.exception.rawValue ?? "nothing"), "\(name)")
        #expect(thrown?.moment == .afterCaching, "\(name)")
      } else {
        let schedule = try #require(try settings.reading().schedule, "\(name)")
        for (step, rate) in (node["lr"]?.children.map(\.self) ?? []).enumerated() {
          // The numbers have ten places.
          let expected = try #require(Double(rate.text))
          let found = try #require(
            schedule.rate(atStep: step, base: settings.learningRate), "\(name), step \(step)")
          #expect(abs(found - expected) <= 5.1e-11, "\(name), step \(step)")
        }
      }
    }
  }

  static func settings(_ arguments: DocumentNode) -> KohyaSchedule {
    func number(_ key: String) -> Double? { arguments[key].flatMap { Double($0.text) } }
    func value(_ key: String) -> PythonValue {
      guard let node = arguments[key] else { return 0 }
      return PythonValue(literal: node.text) ?? .none
    }
    var settings = KohyaSchedule(
      arguments["lr_scheduler"]?.text ?? "constant", learningRate: number("lr") ?? 1, maxSteps: 100)
    settings.type = arguments["lr_scheduler_type"]?.text ?? ""
    settings.warmup = value("lr_warmup_steps")
    settings.decay = value("lr_decay_steps")
    settings.cycles = number("lr_scheduler_num_cycles") ?? 1
    settings.power = number("lr_scheduler_power") ?? 1
    settings.timescale = number("lr_scheduler_timescale")
    settings.minimumRatio = number("lr_scheduler_min_lr_ratio")
    settings.arguments = arguments["lr_scheduler_args"]?.children.map(\.text) ?? []
    settings.optimizer = arguments["opt"]?.text ?? "AdamW"
    settings.processes = number("N").map { Int($0) } ?? 1
    return settings
  }
}
