/// SimpleTuner's settings for the learning rate over time (bc8e6ab,
/// `helpers/training/custom_schedule.py:478-556` and `helpers/configuration/cli_utils.py:48-67`).
public struct SimpleTunerSchedule: Hashable, Sendable {
  /// `lr_scheduler`.
  public var name = "constant_with_warmup"
  /// `lr_warmup_steps`: the warm-up, or half a wave.
  public var warmup: PythonValue = 0
  /// E, `lr_end`.
  public var end = 4e-7
  /// `lr_power`.
  public var power = 0.8
  /// `lr_num_cycles`.
  public var cycles = 1
  /// `optimizer`.
  public var optimizer = "adamw_bf16"
  /// `use_deepspeed_scheduler`, which SimpleTuner sets where DeepSpeed is used.
  public var usesDeepSpeed = false
  /// `learning_rate`, the optimizer's default.
  public var learningRate: Double
  /// `max_train_steps`, also where it is made from epochs.
  public var maxSteps: Int
  public var processes = 1

  public init(_ name: String = "constant_with_warmup", learningRate: Double, maxSteps: Int) {
    self.name = name
    self.learningRate = learningRate
    self.maxSteps = maxSteps
  }

  public static let names = [
    "linear", "sine", "cosine", "cosine_with_restarts", "polynomial", "constant",
    "constant_with_warmup",
  ]

  /// The name after SimpleTuner has read it.
  ///
  /// - Throws: What the command line refuses; settings from files go through it too.
  private func resolvedName(warmup: Int) throws(ScheduleError) -> String {
    let plain = PythonValue.trimming(name).lowercased()
    let name = plain == "cosine_with_warmup" ? "cosine" : self.name
    guard Self.names.contains(name) else {
      throw ScheduleError(
        .argumentError, .readingSettings, "lr_scheduler", .text(name),
        "it must be one of \(Self.names.joined(separator: ", "))")
    }
    return name == "constant" && warmup > 0 ? "constant_with_warmup" : name
  }

  /// W, which the command line reads with `int()`.
  private func warmupSteps() throws(ScheduleError) -> Int {
    switch warmup {
    case .whole(let steps): return .product(steps, 1)
    case .text(let text):
      if let steps = PythonValue.whole(from: text) { return .product(steps, 1) }
    case .none: return 0
    case .flag, .real, .list: break
    }
    throw ScheduleError(
      .argumentError, .readingSettings, "lr_warmup_steps", warmup, "it must be a whole number")
  }

  /// The optimizers that SimpleTuner gives no scheduler.
  private static let scheduleFree: Set<String> = [
    "adamw_schedulefree", "adamw_schedulefree+aggressive", "adamw_schedulefree+no_kahan",
  ]

  /// - Throws: What is raised when the scheduler is made.
  public func reading() throws(ScheduleError) -> ScheduleReading {
    let warmup = try warmupSteps()
    let name = try resolvedName(warmup: warmup)
    if Self.scheduleFree.contains(optimizer) { return scheduleFree(warmup: warmup) }
    if usesDeepSpeed {
      var reading = ScheduleReading(nil)
      reading.notSimulated = ["DeepSpeed's own scheduler (WarmupLR, if its config names none)"]
      ignore(
        ["lr_scheduler", "lr_end", "lr_power"], because: "DeepSpeed has its own", in: &reading)
      return reading
    }
    var reading =
      switch name {
      case "cosine", "sine", "cosine_with_restarts": try wave(name, warmup: warmup)
      default: try curve(name, warmup: warmup)
      }
    let isWave = ["cosine", "sine"].contains(name)
    let idle =
      (name == "polynomial" ? [] : ["lr_power"])
      + (isWave || name == "polynomial" ? [] : ["lr_end"]) + ["lr_num_cycles"]
    ignore(idle, because: "\(name) does not read it", in: &reading)
    if name == "cosine_with_restarts" { noteRestarts(in: &reading) }
    return reading
  }

  /// Such an optimizer warms up by itself.
  private func scheduleFree(warmup: Int) -> ScheduleReading {
    var reading = ScheduleReading(Schedule(.constant))
    reading.optimizerWarmup = Double(warmup)
    ignore(
      ["lr_scheduler", "lr_end", "lr_power", "lr_num_cycles"],
      because: "\(optimizer) has no schedule", in: &reading)
    return reading
  }

  private func wave(_ name: String, warmup: Int) throws(ScheduleError) -> ScheduleReading {
    var half = Int.product(warmup, processes)
    if half <= 0 {
      guard name == "cosine" else {
        throw ScheduleError(
          .valueError, .afterCaching, "lr_warmup_steps", self.warmup,
          "\(name) takes it for half its wave, which needs steps")
      }
      // In steps of the scheduler, whatever the number of processes.
      half = 1000
    }
    let shape: WaveCurve.Shape =
      switch name {
      case "cosine": .cosine
      case "sine": .sine
      default: .flat
      }
    var schedule = Schedule(
      .wave(WaveCurve(shape, halfPeriod: half, end: end)), stride: processes)
    // The loop over groups ends at the first: it asks for `verbose`, which torch (2.15.0) no longer
    // sets, and the `with` around it swallows the exception.
    if shape != .sine { schedule.groups = .firstAlone }
    return ScheduleReading(schedule)
  }

  private func curve(_ name: String, warmup: Int) throws(ScheduleError) -> ScheduleReading {
    if name == "polynomial", !(learningRate > end) {
      throw ScheduleError(
        .valueError, .afterCaching, "lr_end", PythonValue(end),
        "it must be below the learning rate of \(learningRate)")
    }
    let shape: HuggingFaceCurve.Shape =
      switch name {
      case "polynomial": .polynomial(end: end, power: power, rate: learningRate)
      case "linear": .linear
      case "constant_with_warmup": .constantWithWarmup
      default: .constant
      }
    let total = Int.product(maxSteps, processes)
    let curve = HuggingFaceCurve(
      shape, warmupSteps: Double(Int.product(warmup, processes)), totalSteps: total)
    var schedule = Schedule(.huggingFace(curve), stride: processes)
    schedule.staysOnFailure = true
    var reading = ScheduleReading(schedule)
    guard let step = curve.failingStep else { return reading }
    let error = ScheduleError(
      .zeroDivisionError, step == 0 ? .afterCaching : .afterStep((step - 1) / max(1, processes)),
      curve.warmupSteps == Double(total) ? "lr_warmup_steps" : "lr_power",
      curve.warmupSteps == Double(total) ? self.warmup : PythonValue(power),
      "\(name) divides by zero at its last step", isOnlyLogged: step != 0)
    if step == 0 { throw error }
    reading.failure = error
    return reading
  }

  /// From the second epoch on the scheduler is stepped with an `epoch` it does not take.
  private func noteRestarts(in reading: inout ScheduleReading) {
    reading.failure = ScheduleError(
      .typeError, .everyStep(fromEpoch: 2), "lr_scheduler", .text(name),
      "it is stepped with an epoch, which it does not take", isOnlyLogged: true)
    reading.ignored.append(
      IgnoredSetting("lr_warmup_steps", warmup, "the rate never moves, whatever its length"))
  }

  private func ignore(
    _ names: [String], because reason: String, in reading: inout ScheduleReading
  ) {
    let all: [(String, PythonValue, Bool)] = [
      ("lr_scheduler", .text(name), name != "constant_with_warmup"),
      ("lr_end", PythonValue(end), end != 4e-7), ("lr_power", PythonValue(power), power != 0.8),
      ("lr_num_cycles", .whole(cycles), cycles != 1),
    ]
    for (setting, value, isSet) in all where isSet && names.contains(setting) {
      reading.ignored.append(IgnoredSetting(setting, value, reason))
    }
  }
}
