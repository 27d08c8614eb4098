/// ai-toolkit's settings for the learning rate over time (27a03a9, `toolkit/scheduler.py` and
/// `jobs/process/BaseSDTrainProcess.py:2231-2242`).
public struct AIToolkitSchedule: Hashable, Sendable {
  /// `train.lr_scheduler`; nil for null.
  public var name: String? = "constant"
  /// `train.lr_scheduler_params`.
  public var parameters: [String: PythonValue] = [:]
  /// `train.optimizer`.
  public var optimizer = "adamw"
  /// N and the two ways of accumulation.
  public var length: AIToolkitLength
  /// The scheduler is made for one and stepped for all.
  public var processes = 1

  public init(
    _ name: String? = "constant", parameters: [String: PythonValue] = [:], length: AIToolkitLength
  ) {
    self.name = name
    self.parameters = parameters
    self.length = length
  }

  /// The warm-up of a config that names none.
  public static let usualWarmup = 1000

  private static let moment = ScheduleError.Moment.beforeCaching

  /// - Throws: What is raised when the scheduler is made or set to its first step.
  public func reading() throws(ScheduleError) -> ScheduleReading {
    let hasOtherLength = parameters["max_iterations"] != nil
    var reading = ScheduleReading(nil)
    switch name {
    case "constant":
      reading = try torch("ConstantLR", adding: hasOtherLength ? [:] : ["total_iters": steps])
    case "linear":
      reading = try torch("LinearLR", adding: hasOtherLength ? [:] : ["total_iters": steps])
    case "cosine":
      reading = try torch("CosineAnnealingLR", adding: hasOtherLength ? [:] : ["T_max": steps])
    case "cosine_with_restarts":
      reading = try torch(
        "CosineAnnealingWarmRestarts", adding: hasOtherLength ? [:] : ["T_0": steps])
    case "constant_with_warmup": reading = try warmup()
    case "step":
      throw ScheduleError(
        .typeError, Self.moment, "train.lr_scheduler", "step",
        "it is given total_iters, which it does not take")
    default:
      throw ScheduleError(
        .valueError, Self.moment, "train.lr_scheduler", name.map { .text($0) } ?? .none,
        "it is no scheduler that ai-toolkit can make")
    }
    if length.legacyAccumulation == -1, length.batchesPerEpoch == nil {
      reading.notSimulated = ["accumulation over an epoch of unknown length"]
    }
    if optimizer.lowercased().hasPrefix("automagic") {
      reading.ignored.append(
        IgnoredSetting(
          "train.lr_scheduler", name.map { .text($0) } ?? .none,
          "\(optimizer) reads the rate once and then changes it by itself"))
    }
    return reading
  }

  private var steps: PythonValue { .whole(length.steps) }

  /// The schedule of a curve whose steps are those of the loop, not those of the optimizer.
  private func schedule(_ curve: Schedule.Curve) -> Schedule {
    var schedule = Schedule(curve, stride: .product(length.iterationsPerStep, processes))
    schedule.offset = .product(length.iterationsPerStep - 1 + length.delay, processes)
    return schedule
  }

  private func torch(
    _ scheduler: String, adding length: [String: PythonValue]
  ) throws(ScheduleError) -> ScheduleReading {
    var values = parameters
    // A length of the user's own is overwritten.
    var ignored: [IgnoredSetting] = []
    for name in Set(length.keys).union(length.isEmpty ? [] : ["total_iters"]) {
      guard let value = values.removeValue(forKey: name) else { continue }
      ignored.append(
        IgnoredSetting(
          "train.lr_scheduler_params.\(name)", value, "train.steps is used in its place"))
    }
    values.merge(length) { $1 }
    if scheduler == "ConstantLR" { values.merge(["factor": 1.0]) { own, _ in own } }
    let arguments = ScheduleArguments(
      values: values, setting: "train.lr_scheduler_params", moment: Self.moment,
      firstMove: .afterCaching)
    if let verbose = values["verbose"] {
      throw arguments.error(.typeError, "verbose", verbose, "\(scheduler) takes no verbose")
    }
    let curve = try TorchScheduler(arguments: arguments).curve(scheduler)
    if self.length.steps == 0, scheduler != "ConstantLR" {
      throw ScheduleError(
        .zeroDivisionError, .afterCaching, "train.steps", steps, "\(scheduler) divides by it")
    }
    var reading = ScheduleReading(schedule(.torch(curve)))
    reading.ignored = ignored.sorted { $0.setting < $1.setting }
    reading.failure = failure(of: curve, arguments)
    return reading
  }

  private func failure(of curve: TorchCurve, _ arguments: ScheduleArguments) -> ScheduleError? {
    let last = Int.product(length.steps, processes)
    guard length.steps > 0, let step = curve.failingStep(upTo: last) else { return nil }
    let name = curve.failingArgument
    return arguments.error(
      .zeroDivisionError, name, arguments.values[name] ?? .none, "it is divided by",
      .afterStep((step - 1) / max(1, processes)))
  }

  private func warmup() throws(ScheduleError) -> ScheduleReading {
    let arguments = ScheduleArguments(
      values: parameters.filter { $0.key != "total_iters" }, setting: "train.lr_scheduler_params",
      moment: Self.moment, firstMove: .afterCaching)
    if let value = parameters["max_iterations"], parameters["total_iters"] == nil {
      throw arguments.error(.keyError, "max_iterations", value, "total_iters is missing beside it")
    }
    try arguments.check(for: "constant_with_warmup", accepted: ["num_warmup_steps"])
    try arguments.checkStart()
    let warmup = try arguments.number("num_warmup_steps", Double(Self.usualWarmup))
    let curve = HuggingFaceCurve(.constantWithWarmup, warmupSteps: warmup)
    var reading = ScheduleReading(schedule(.huggingFace(curve)))
    if let value = parameters["total_iters"] {
      reading.ignored = [
        IgnoredSetting("train.lr_scheduler_params.total_iters", value, "it has no length")
      ]
    }
    return reading
  }
}
