/// The functions of transformers and diffusers that sd-scripts makes a scheduler with, and what it
/// passes to each.
struct KohyaFactory {
  let settings: KohyaSchedule
  let counts: KohyaSteps
  let arguments: ScheduleArguments

  /// - Throws: What is raised when the scheduler is made.
  func shape() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    let shape = try checkedShape()
    try arguments.checkStart()
    return shape
  }

  private func checkedShape() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    switch settings.name {
    case "piecewise_constant": try piecewise()
    case "constant": try constant()
    case "constant_with_warmup": try constantWithWarmup()
    case "linear": try linear()
    case "cosine": try cosine()
    case "cosine_with_restarts": try hardRestarts()
    case "polynomial": try polynomial()
    case "inverse_sqrt": try inverseSquareRoot()
    case "cosine_with_min_lr": try cosineWithFloor()
    case "warmup_stable_decay": .warmupStableDecay(try warmupStableDecay())
    case "reduce_lr_on_plateau":
      throw refusal("it is given num_warmup_steps, which it does not take", .typeError)
    case "cosine_warmup_with_min_lr":
      throw refusal("it is given num_decay_steps, which it does not take", .typeError)
    default: throw refusal("it is no scheduler", .valueError)
    }
  }

  private func refusal(_ reason: String, _ exception: ScheduleError.Exception) -> ScheduleError {
    ScheduleError(exception, .afterCaching, "lr_scheduler", .text(settings.name), reason)
  }

  /// The settings that the function is given.
  var usedSettings: Set<String> {
    switch settings.name {
    case "piecewise_constant": []
    case "cosine_with_restarts": ["lr_warmup_steps", "lr_scheduler_num_cycles"]
    case "polynomial": ["lr_warmup_steps", "lr_scheduler_power"]
    case "inverse_sqrt": ["lr_warmup_steps", "lr_scheduler_timescale"]
    case "cosine_with_min_lr":
      ["lr_warmup_steps", "lr_scheduler_num_cycles", "lr_scheduler_min_lr_ratio"]
    case "warmup_stable_decay":
      Set(["lr_warmup_steps", "lr_decay_steps", "lr_scheduler_min_lr_ratio"])
        .union(fallsInWaves ? ["lr_scheduler_num_cycles"] : [])
    default: ["lr_warmup_steps"]
    }
  }

  private var fallsInWaves: Bool {
    arguments.values["decay_type"].map { $0 == .text(WarmupStableDecay.Slope.cosine.rawValue) }
      ?? true
  }

  private static let lengths: Set<String> = ["num_warmup_steps", "num_training_steps"]

  private func piecewise() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    try arguments.check(
      for: "piecewise_constant", accepted: ["step_rules"], required: ["step_rules"])
    let value = arguments.values["step_rules"] ?? .none
    guard case .text(let text) = value else {
      throw arguments.error(.attributeError, "step_rules", value, "it must be text, in quotes")
    }
    guard let rules = StepRules(text) else {
      throw arguments.error(
        .valueError, "step_rules", value, "it must read like 1:10,0.1:20,0.005")
    }
    return .piecewise(rules)
  }

  private func constant() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    try arguments.check(for: "constant", accepted: [])
    try arguments.checkStart()
    guard counts.warmup == 0 else {
      throw ScheduleError(
        .valueError, .afterCaching, "lr_warmup_steps", settings.warmup,
        "constant takes no warm-up; constant_with_warmup does")
    }
    return .constant
  }

  private func constantWithWarmup() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    try arguments.check(for: settings.name, passed: ["num_warmup_steps"], accepted: [])
    return .constantWithWarmup
  }

  private func linear() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    try arguments.check(for: settings.name, passed: Self.lengths, accepted: [])
    return .linear
  }

  /// The setting for cycles is not passed on here, so that the arguments may have it.
  private func cosine() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    try arguments.check(for: settings.name, passed: Self.lengths, accepted: ["num_cycles"])
    return .cosine(cycles: try arguments.number("num_cycles", 0.5))
  }

  private func hardRestarts() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    try arguments.check(
      for: settings.name, passed: Self.lengths.union(["num_cycles"]), accepted: [])
    return .hardRestarts(cycles: settings.cycles)
  }

  private func polynomial() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    try arguments.check(
      for: settings.name, passed: Self.lengths.union(["power"]), accepted: ["lr_end"])
    let end = try arguments.number("lr_end", 1e-7)
    guard settings.learningRate > end else {
      throw ScheduleError(
        .valueError, .afterCaching, "learning_rate", PythonValue(settings.learningRate),
        "it must be above the lr_end of \(end)")
    }
    return .polynomial(end: end, power: settings.power, rate: settings.learningRate)
  }

  private func inverseSquareRoot() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    try arguments.check(
      for: settings.name, passed: ["num_warmup_steps", "timescale"], accepted: [])
    let standard = counts.warmup == 0 ? 10_000 : Double(counts.warmup)
    return .inverseSquareRoot(timescale: settings.timescale ?? standard)
  }

  private func cosineWithFloor() throws(ScheduleError) -> HuggingFaceCurve.Shape {
    try arguments.check(
      for: settings.name, passed: Self.lengths.union(["num_cycles", "min_lr_rate"]),
      accepted: ["min_lr"])
    let lowest =
      arguments.values["min_lr"] == PythonValue.none ? nil : try arguments.number("min_lr")
    if let lowest {
      guard settings.minimumRatio == nil else {
        throw arguments.error(
          .valueError, "min_lr", PythonValue(lowest), "lr_scheduler_min_lr_ratio is set too")
      }
      guard settings.learningRate != 0 else {
        throw ScheduleError(
          .zeroDivisionError, .afterCaching, "learning_rate", 0, "min_lr is divided by it")
      }
      return .cosineWithFloor(
        cycles: settings.cycles / 2, floor: lowest / settings.learningRate)
    }
    guard let ratio = settings.minimumRatio else {
      throw ScheduleError(
        .valueError, .afterCaching, "lr_scheduler_min_lr_ratio", .none,
        "cosine_with_min_lr needs it, or min_lr in lr_scheduler_args")
    }
    return .cosineWithFloor(cycles: settings.cycles / 2, floor: ratio)
  }

  private func warmupStableDecay() throws(ScheduleError) -> WarmupStableDecay {
    try arguments.check(
      for: settings.name,
      passed: [
        "num_warmup_steps", "num_stable_steps", "num_decay_steps", "num_cycles", "min_lr_ratio",
      ], accepted: ["num_training_steps", "warmup_type", "decay_type"])
    var phases = WarmupStableDecay(
      stableSteps: counts.total - counts.warmup - counts.decay, decaySteps: counts.decay)
    phases.cycles = settings.cycles / 2
    phases.floor = settings.minimumRatio ?? 0
    phases.rising = try arguments.word("warmup_type", .linear)
    phases.falling = try arguments.word("decay_type", .cosine)
    return phases
  }
}
