/// kohya sd-scripts' settings for the learning rate over time (48d368fa,
/// `library/train_util.py:5264-5399`, with transformers 4.54.1 and diffusers 0.32.1).
public struct KohyaSchedule: Hashable, Sendable {
  /// `lr_scheduler`.
  public var name = "constant"
  /// `lr_scheduler_type`: a class, which goes before the name.
  public var type = ""
  /// `lr_warmup_steps`: a whole number of scheduler steps, or a fraction of the run.
  public var warmup: PythonValue = 0
  /// `lr_decay_steps`, likewise.
  public var decay: PythonValue = 0
  /// `lr_scheduler_num_cycles`.
  public var cycles = 1.0
  /// `lr_scheduler_power`.
  public var power = 1.0
  /// `lr_scheduler_timescale`.
  public var timescale: Double?
  /// `lr_scheduler_min_lr_ratio`.
  public var minimumRatio: Double?
  /// `lr_scheduler_args`: `key=value`, where the value is a Python literal.
  public var arguments: [String] = []
  /// `optimizer_type`.
  public var optimizer = "AdamW"
  public var adafactor = AdafactorOptions()
  /// `learning_rate`, the optimizer's default even where every group has its own.
  public var learningRate: Double
  /// `max_train_steps`, after `max_train_epochs` has replaced it.
  public var maxSteps: Int
  public var processes = 1

  /// What Adafactor's scheduler depends on, with the optimizer's defaults.
  public struct AdafactorOptions: Hashable, Sendable {
    public var relativeStep = true
    public var scaleParameter = true
    /// The second of `eps`.
    public var floor = 1e-3
    /// The root mean square of the first weight of the first group.
    public var firstWeight = 0.02

    public init() {}
  }

  public init(_ name: String = "constant", learningRate: Double, maxSteps: Int) {
    self.name = name
    self.learningRate = learningRate
    self.maxSteps = maxSteps
  }

  /// What the command line makes of `--lr_warmup_steps` and `--lr_decay_steps`.
  public static func commandLine(
    _ text: String, setting: String
  ) throws(ScheduleError) -> PythonValue {
    if text.hasSuffix("%"), let share = PythonValue.real(from: String(text.dropLast())) {
      return .real(share / 100)
    }
    if let number = PythonValue.real(from: text) {
      if !(number >= 1) { return .real(number) }
      if let count = PythonValue.whole(from: text) { return .whole(count) }
    }
    throw ScheduleError(
      .argumentError, .readingSettings, setting, .text(text),
      "it must be a whole number, a fraction below 1 or a percentage")
  }

  /// T: the scheduler is stepped once for each process.
  var totalSteps: Int { .product(maxSteps, processes) }

  /// A fraction is one of T; 100.0 is a fraction too.
  private func steps(_ value: PythonValue, _ setting: String) throws(ScheduleError) -> Int {
    switch value {
    case .real(let share): return .truncating(share * Double(totalSteps))
    case .whole, .flag: return .product(value.wholeNumber ?? 0, 1)
    case .none, .text, .list:
      throw ScheduleError(
        .typeError, .afterCaching, setting, value, "it is subtracted from the steps of the run")
    }
  }

  var isScheduleFree: Bool { optimizer.lowercased().hasSuffix("schedulefree") }
  var isAdafactor: Bool { optimizer.lowercased() == "adafactor" }

  /// - Throws: What is raised when the scheduler is made.
  public func reading() throws(ScheduleError) -> ScheduleReading {
    if isScheduleFree {
      var reading = ScheduleReading(Schedule(.constant))
      ignore(besides: [], because: "\(optimizer) has no schedule", in: &reading)
      return reading
    }
    let counts = KohyaSteps(
      total: totalSteps, warmup: try steps(warmup, "lr_warmup_steps"),
      decay: try steps(decay, "lr_decay_steps"))
    let arguments = try KohyaArguments(arguments).values
    if !type.isEmpty { return try byClass(arguments, counts) }
    if isAdafactor, adafactor.relativeStep {
      return try mirror("adafactor:\(learningRate)", counts)
    }
    if name.hasPrefix("adafactor") { return try mirror(name, counts) }
    let factory = KohyaFactory(
      settings: self, counts: counts,
      arguments: ScheduleArguments(
        values: arguments, setting: "lr_scheduler_args", moment: .afterCaching,
        firstMove: .afterStep(0)))
    let curve = HuggingFaceCurve(
      try factory.shape(), warmupSteps: Double(counts.warmup), totalSteps: counts.total)
    var reading = ScheduleReading(Schedule(.huggingFace(curve), stride: processes))
    reading.failure = try failure(of: curve)
    ignore(besides: factory.usedSettings, because: "\(name) does not read it", in: &reading)
    return reading
  }

  /// AdafactorSchedule, which says what the optimizer does by itself.
  private func mirror(_ name: String, _ counts: KohyaSteps) throws(ScheduleError) -> ScheduleReading
  {
    func error(_ exception: ScheduleError.Exception, _ reason: String) -> ScheduleError {
      ScheduleError(exception, .afterCaching, "lr_scheduler", .text(name), reason)
    }
    guard isAdafactor else {
      throw error(.assertionError, "it needs Adafactor, and the optimizer is \(optimizer)")
    }
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > 1 else {
      throw error(.indexError, "without relative_step it needs a rate behind a colon")
    }
    guard let rate = PythonValue.real(from: String(parts[1])) else {
      throw error(.valueError, "what stands behind the colon is no number")
    }
    try refuseWarmup(counts, for: name)
    var mirror = AdafactorMirror()
    if !adafactor.relativeStep {
      mirror.start = rate
      if adafactor.scaleParameter {
        mirror.shrinkage = max(adafactor.floor, adafactor.firstWeight)
      }
    }
    var schedule = Schedule(.mirror(mirror), stride: processes)
    schedule.groups = .allAsFirst
    var reading = ScheduleReading(schedule)
    let reason =
      adafactor.relativeStep
      ? "with relative_step Adafactor has its own rate" : "\(name) does not read it"
    ignore(besides: ["lr_warmup_steps"], because: reason, in: &reading)
    return reading
  }

  private func refuseWarmup(_ counts: KohyaSteps, for name: String) throws(ScheduleError) {
    guard counts.warmup != 0 else { return }
    throw ScheduleError(
      .valueError, .afterCaching, "lr_warmup_steps", warmup, "\(name) takes no warm-up")
  }

  /// `lr_scheduler_type`: a class of torch by its bare name, or any class by its path.
  private func byClass(
    _ values: [String: PythonValue], _ counts: KohyaSteps
  ) throws(ScheduleError) -> ScheduleReading {
    let module = "torch.optim.lr_scheduler."
    let bare = type.hasPrefix(module) ? String(type.dropFirst(module.count)) : type
    var reading = ScheduleReading(nil)
    let arguments = ScheduleArguments(
      values: values, setting: "lr_scheduler_args", moment: .afterCaching,
      firstMove: .afterStep(0))
    if TorchScheduler.simulated.contains(bare) {
      let curve = try TorchScheduler(arguments: arguments).curve(bare)
      reading = try torch(curve, arguments)
    } else if bare.contains(".") || TorchScheduler.others.contains(bare) {
      reading.notSimulated = ["the scheduler \(type)"]
    } else {
      throw ScheduleError(
        .attributeError, .afterCaching, "lr_scheduler_type", .text(type),
        "torch.optim.lr_scheduler has no such class")
    }
    if bare == "ReduceLROnPlateau" {
      try arguments.check(
        for: bare,
        accepted: [
          "mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lr", "eps",
          "verbose",
        ])
      reading.failure = ScheduleError(
        .typeError, .afterStep(0), "lr_scheduler_type", .text(type), "its step needs metrics")
    }
    // Its message names lr_scheduler, which is not what is used.
    try refuseWarmup(counts, for: type)
    ignore(besides: ["lr_warmup_steps"], because: "\(type) is made without it", in: &reading)
    if name != "constant" {
      reading.ignored.append(
        IgnoredSetting("lr_scheduler", .text(name), "lr_scheduler_type goes before it"))
    }
    return reading
  }

  private func torch(
    _ curve: TorchCurve, _ arguments: ScheduleArguments
  ) throws(ScheduleError) -> ScheduleReading {
    var schedule = Schedule(.torch(curve), stride: processes)
    // accelerate stops stepping a scheduler that knows its own end.
    if case .oneCycle(let cycle) = curve { schedule.lastPosition = cycle.totalSteps }
    var reading = ScheduleReading(schedule)
    switch curve {
    case .oneCycle, .cyclic:
      if arguments.values["cycle_momentum"] != nil, !arguments.flag("cycle_momentum") { break }
      reading.notSimulated = ["cycle_momentum: \(type) also moves beta1 or momentum"]
    default: break
    }
    guard let step = curve.failingStep(upTo: totalSteps) else { return reading }
    let name = curve.failingArgument
    let value = arguments.values[name] ?? .none
    let error = arguments.error(
      .zeroDivisionError, name, value, "it is divided by", moment(ofPosition: step))
    if step == 0 { throw error }
    reading.failure = error
    return reading
  }

  /// The moment at which the scheduler takes its step `position`.
  private func moment(ofPosition position: Int) -> ScheduleError.Moment {
    position == 0 ? .afterCaching : .afterStep((position - 1) / max(1, processes))
  }

  /// What is raised while the run goes on; throws it where it is raised at once.
  private func failure(of curve: HuggingFaceCurve) throws(ScheduleError) -> ScheduleError? {
    guard let step = curve.failingStep else { return nil }
    let setting =
      switch curve.shape {
      case .inverseSquareRoot: timescale == nil ? "lr_warmup_steps" : "lr_scheduler_timescale"
      case .polynomial(_, let power, _) where power < 0 && Double(totalSteps) != curve.warmupSteps:
        "lr_scheduler_power"
      default: "lr_warmup_steps"
      }
    let value =
      switch setting {
      case "lr_scheduler_timescale": PythonValue(timescale ?? 0)
      case "lr_scheduler_power": PythonValue(power)
      default: warmup
      }
    let error = ScheduleError(
      curve.exception(atStep: step), moment(ofPosition: step), setting, value,
      "\(name) divides by zero there, or takes the root of a negative number")
    if step == 0 { throw error }
    return step <= totalSteps ? error : nil
  }

  /// Notes the settings that are set and that nothing reads.
  private func ignore(
    besides used: Set<String>, because reason: String, in reading: inout ScheduleReading
  ) {
    let all: [(String, PythonValue, Bool)] = [
      ("lr_warmup_steps", warmup, warmup != 0 && warmup != 0.0),
      ("lr_decay_steps", decay, decay != 0 && decay != 0.0),
      ("lr_scheduler_num_cycles", PythonValue(cycles), cycles != 1),
      ("lr_scheduler_power", PythonValue(power), power != 1),
      ("lr_scheduler_timescale", PythonValue(timescale ?? 0), timescale != nil),
      ("lr_scheduler_min_lr_ratio", PythonValue(minimumRatio ?? 0), minimumRatio != nil),
    ]
    for (setting, value, isSet) in all where isSet && !used.contains(setting) {
      reading.ignored.append(IgnoredSetting(setting, value, reason))
    }
    guard isScheduleFree || (isAdafactor && adafactor.relativeStep && type.isEmpty) else { return }
    if name != "constant", !name.hasPrefix("adafactor") {
      reading.ignored.append(IgnoredSetting("lr_scheduler", .text(name), reason))
    }
    if isScheduleFree, !type.isEmpty {
      reading.ignored.append(IgnoredSetting("lr_scheduler_type", .text(type), reason))
    }
  }
}
