/// OneTrainer's settings for the learning rate over time (23df3832,
/// `modules/util/create.py:1111-1229`).
public struct OneTrainerSchedule: Hashable, Sendable {
  /// `learning_rate_scheduler`; a name that OneTrainer does not know counts as CONSTANT.
  public var name: String
  /// w, `learning_rate_warmup_steps`: batches, or a share up to 1.
  public var warmup: Double
  /// n, `learning_rate_cycles`.
  public var cycles = 1.0
  /// m, `learning_rate_min_factor`.
  public var floor = 0.0
  /// `custom_learning_rate_scheduler`.
  public var customClass: String?
  public var optimizer = Optimizer()
  /// L, E and G.
  public var length: OneTrainerLength

  /// What the schedule depends on in the optimizer.
  public struct Optimizer: Hashable, Sendable {
    /// `ADAMW`.
    public var name = "ADAMW"
    /// Adafactor's.
    public var relativeStep = false
    /// Adafactor's.
    public var scaleParameter = false
    /// Adafactor's `eps2`.
    public var floor = 1e-3
    /// The root mean square of the first weight of the first group, which ADAFACTOR multiplies the
    /// rate with.
    public var firstWeight = 0.02
    public var fusedBackPass = false

    public init(_ name: String = "ADAMW") { self.name = name }

    /// The optimizers whose schedule is CONSTANT whatever the config says.
    public var isScheduleFree: Bool {
      ["SCHEDULE_FREE_ADAMW", "SCHEDULE_FREE_SGD", "PRODIGY_PLUS_SCHEDULE_FREE"].contains(name)
    }
  }

  public init(_ name: String, warmup: Double = 0, length: OneTrainerLength) {
    self.name = name
    self.warmup = warmup
    self.length = length
  }

  /// T: optimizer steps planned.
  public var totalSteps: Int { length.plannedSteps }

  /// W: the warm-up in optimizer steps.
  public var warmupSteps: Int {
    if warmup > 1 { return .truncating(warmup / Double(length.accumulation)) }
    return warmup > 0 ? .truncating(warmup * Double(totalSteps)) : 0
  }

  /// - Throws: What is raised when the scheduler is made.
  public func reading() throws(ScheduleError) -> ScheduleReading {
    if length.epochs > 0, length.accumulation == 0 {
      throw ScheduleError(
        .zeroDivisionError, .afterCaching, "gradient_accumulation_steps", 0,
        "the steps of the run are divided by it")
    }
    if optimizer.isScheduleFree { return scheduleFree() }
    switch name {
    case "ADAFACTOR": return adafactor()
    case "CUSTOM": return try custom()
    default: return try curve()
    }
  }

  private static let shapes: [String: OneTrainerCurve.Shape] = [
    "LINEAR": .linear, "COSINE": .cosine, "COSINE_WITH_RESTARTS": .cosineWithRestarts,
    "COSINE_WITH_HARD_RESTARTS": .cosineWithHardRestarts, "REX": .rex,
  ]

  private func curve() throws(ScheduleError) -> ScheduleReading {
    let curve = OneTrainerCurve(
      Self.shapes[name] ?? .constant, warmupSteps: warmupSteps, totalSteps: totalSteps,
      cycles: cycles, floor: floor)
    var reading = ScheduleReading(Schedule(.oneTrainer(curve)))
    if curve.shape.dividesBySteps, curve.decaySteps == 0, length.epochs > 0 {
      if curve.warmupSteps <= 0 {
        throw ScheduleError(
          .zeroDivisionError, .afterCaching, "learning_rate_scheduler", .text(name),
          "it divides by the optimizer steps of the run, and there are none")
      }
      reading.failure = ScheduleError(
        .zeroDivisionError, .afterStep(totalSteps - 1), "learning_rate_warmup_steps",
        PythonValue(warmup), "it leaves no steps, which \(name) divides by")
    }
    if !curve.shape.usesCycles { ignore(cyclesBecause: "\(name) has no cycles", in: &reading) }
    if !curve.shape.usesFloor { ignore(floorBecause: "\(name) does not fall", in: &reading) }
    if optimizer.name == "ADAFACTOR", optimizer.relativeStep {
      reading.ignored.append(
        IgnoredSetting(
          "learning_rate_scheduler", .text(name), "with relative_step Adafactor has its own rate"))
    }
    return reading
  }

  private func scheduleFree() -> ScheduleReading {
    var reading = ScheduleReading(Schedule(.constant))
    let reason = "\(optimizer.name) has no schedule"
    if name != "CONSTANT" {
      reading.ignored.append(IgnoredSetting("learning_rate_scheduler", .text(name), reason))
    }
    if optimizer.name == "PRODIGY_PLUS_SCHEDULE_FREE" {
      ignore(warmupBecause: "\(optimizer.name) has no warm-up", in: &reading)
    } else {
      // As it stands in the file: not divided by the accumulation, and never a share.
      reading.optimizerWarmup = warmup
    }
    ignore(cyclesBecause: reason, in: &reading)
    ignore(floorBecause: reason, in: &reading)
    return reading
  }

  /// Returned before the warm-up is put around it. It looks at gradients, which a fused back pass
  /// has taken away by then.
  private func adafactor() -> ScheduleReading {
    var schedule = Schedule(.mirror(AdafactorMirror()))
    schedule.groups = .allAsFirst
    var reading = ScheduleReading(schedule)
    if optimizer.name != "ADAFACTOR", !optimizer.fusedBackPass {
      reading.failure = ScheduleError(
        .attributeError, .afterStep(0), "learning_rate_scheduler", .text(name),
        "\(optimizer.name) has no _get_lr")
    } else if !optimizer.relativeStep, optimizer.scaleParameter, !optimizer.fusedBackPass {
      let mirror = AdafactorMirror(shrinkage: max(optimizer.floor, optimizer.firstWeight))
      reading.schedule?.curve = .mirror(mirror)
    }
    ignore(warmupBecause: "ADAFACTOR has no warm-up", in: &reading)
    ignore(cyclesBecause: "ADAFACTOR has no cycles", in: &reading)
    ignore(floorBecause: "ADAFACTOR has no floor", in: &reading)
    return reading
  }

  private func custom() throws(ScheduleError) -> ScheduleReading {
    let name = customClass ?? ""
    guard name.contains(".") else {
      let reason = name.isEmpty ? "CUSTOM needs a class" : "it needs its module, with a dot"
      throw ScheduleError(
        .assertionError, .afterCaching, "custom_learning_rate_scheduler",
        customClass.map { .text($0) } ?? .none, reason)
    }
    var reading = ScheduleReading(nil)
    reading.notSimulated = ["the class \(name) that CUSTOM names"]
    ignore(cyclesBecause: "CUSTOM has its own arguments", in: &reading)
    ignore(floorBecause: "CUSTOM has its own arguments", in: &reading)
    return reading
  }

  private func ignore(warmupBecause reason: String, in reading: inout ScheduleReading) {
    guard warmup > 0 else { return }
    reading.ignored.append(
      IgnoredSetting("learning_rate_warmup_steps", PythonValue(warmup), reason))
  }

  private func ignore(cyclesBecause reason: String, in reading: inout ScheduleReading) {
    guard cycles != 1 else { return }
    reading.ignored.append(IgnoredSetting("learning_rate_cycles", PythonValue(cycles), reason))
  }

  private func ignore(floorBecause reason: String, in reading: inout ScheduleReading) {
    guard floor != 0 else { return }
    reading.ignored.append(IgnoredSetting("learning_rate_min_factor", PythonValue(floor), reason))
  }
}
