/// Makes the schedulers of torch from the arguments that a trainer passes on.
struct TorchScheduler {
  let arguments: ScheduleArguments

  /// The classes that are simulated.
  static let simulated: Set<String> = [
    "ConstantLR", "LinearLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "StepLR",
    "MultiStepLR", "ExponentialLR", "PolynomialLR", "OneCycleLR", "CyclicLR",
  ]

  /// The others of `torch.optim.lr_scheduler`.
  static let others: Set<String> = [
    "LRScheduler", "_LRScheduler", "LambdaLR", "MultiplicativeLR", "SequentialLR",
    "ChainedScheduler", "ReduceLROnPlateau",
  ]

  /// - Parameter name: One of ``simulated``.
  /// - Throws: What the constructor raises.
  func curve(_ name: String) throws(ScheduleError) -> TorchCurve {
    do throws(ScheduleError) {
      let curve = try checkedCurve(name)
      try arguments.checkStart()
      return curve
    } catch {
      // What fails at the first move fails after this.
      if error.moment != arguments.moment { try arguments.checkStart() }
      throw error
    }
  }

  private func checkedCurve(_ name: String) throws(ScheduleError) -> TorchCurve {
    switch name {
    case "ConstantLR": try constant()
    case "LinearLR": try linear()
    case "CosineAnnealingLR": try cosine()
    case "CosineAnnealingWarmRestarts": try warmRestarts()
    case "OneCycleLR": .oneCycle(try oneCycle())
    case "CyclicLR": .cyclic(try cyclic())
    default: try decaying(name)
    }
  }

  private func check(
    _ name: String, _ accepted: Set<String>, required: Set<String> = []
  ) throws(ScheduleError) {
    // torch 2.6 still takes `verbose`, and does nothing with it.
    try arguments.check(for: name, accepted: accepted.union(["verbose"]), required: required)
  }

  private func constant() throws(ScheduleError) -> TorchCurve {
    try check("ConstantLR", ["factor", "total_iters"])
    return .constant(
      factor: try share("factor", 1 / 3, allowsZero: true),
      length: try arguments.number("total_iters", 5))
  }

  private func linear() throws(ScheduleError) -> TorchCurve {
    try check("LinearLR", ["start_factor", "end_factor", "total_iters"])
    return .linear(
      start: try share("start_factor", 1 / 3, allowsZero: false),
      end: try share("end_factor", 1, allowsZero: true),
      length: try arguments.number("total_iters", 5))
  }

  private func share(
    _ name: String, _ standard: Double, allowsZero: Bool
  ) throws(ScheduleError) -> Double {
    let value = try arguments.number(name, standard)
    guard value > 1 || value < 0 || (value == 0 && !allowsZero) else { return value }
    let range = allowsZero ? "between 0 and 1" : "above 0 and at most 1"
    throw arguments.error(.valueError, name, arguments.values[name] ?? .none, "it must be \(range)")
  }

  private func cosine() throws(ScheduleError) -> TorchCurve {
    try check("CosineAnnealingLR", ["T_max", "eta_min"], required: ["T_max"])
    return .cosine(
      length: try arguments.number("T_max", 0, isUsedLater: true),
      end: try arguments.number("eta_min", 0, isUsedLater: true))
  }

  private func warmRestarts() throws(ScheduleError) -> TorchCurve {
    try check("CosineAnnealingWarmRestarts", ["T_0", "T_mult", "eta_min"], required: ["T_0"])
    let first = try arguments.count("T_0", 1, atLeast: 1)
    let growth = try arguments.count("T_mult", 1, atLeast: 1)
    if let end = arguments.values["eta_min"], end.number == nil {
      throw arguments.error(.valueError, "eta_min", end, "it must be a number")
    }
    return .warmRestarts(first: first, growth: growth, end: try arguments.number("eta_min", 0))
  }

  private func decaying(_ name: String) throws(ScheduleError) -> TorchCurve {
    switch name {
    case "StepLR":
      try check(name, ["step_size", "gamma"], required: ["step_size"])
      return .step(size: try wholeSize(), gamma: try arguments.number("gamma", 0.1))
    case "MultiStepLR":
      try check(name, ["milestones", "gamma"], required: ["milestones"])
      guard case .list(let steps)? = arguments.values["milestones"] else {
        throw arguments.error(
          .typeError, "milestones", arguments.values["milestones"] ?? .none, "it must be a list")
      }
      return .milestones(steps.compactMap(\.number), gamma: try arguments.number("gamma", 0.1))
    case "ExponentialLR":
      try check(name, ["gamma"], required: ["gamma"])
      return .exponential(gamma: try arguments.number("gamma", 1, isUsedLater: true))
    default:
      try check("PolynomialLR", ["total_iters", "power"])
      return .polynomial(
        length: try arguments.number("total_iters", 5), power: try arguments.number("power", 1))
    }
  }

  /// A fraction never divides a step, but for its multiples that are whole.
  private func wholeSize() throws(ScheduleError) -> Int {
    let size = try arguments.number("step_size", 1)
    let multiple = (1...1000).first { (size * Double($0)).rounded() == size * Double($0) }
    return Int(exactly: size * Double(multiple ?? 1)) ?? .max
  }

  private func oneCycle() throws(ScheduleError) -> OneCycle {
    try check(
      "OneCycleLR",
      [
        "max_lr", "total_steps", "epochs", "steps_per_epoch", "pct_start", "anneal_strategy",
        "cycle_momentum", "base_momentum", "max_momentum", "div_factor", "final_div_factor",
        "three_phase",
      ], required: ["max_lr"])
    var cycle = OneCycle(peak: 0, totalSteps: try cycleLength())
    if let rise = arguments.values["pct_start"] {
      guard case .real(let share) = rise, share >= 0, share <= 1 else {
        throw arguments.error(
          .valueError, "pct_start", rise, "it must be a fraction between 0 and 1, with a point")
      }
      cycle.rise = share
    }
    cycle.isLinear = try arguments.word("anneal_strategy", Annealing.cosine) == .linear
    cycle.peak = try arguments.number("max_lr", 0)
    cycle.divisor = try arguments.number("div_factor", 25)
    cycle.finalDivisor = try arguments.number("final_div_factor", 1e4)
    cycle.hasThreePhases = arguments.flag("three_phase")
    for name in ["div_factor", "final_div_factor"] where try arguments.number(name, 1) == 0 {
      throw arguments.error(.zeroDivisionError, name, 0, "the rate is divided by it")
    }
    return cycle
  }

  private enum Annealing: String, CaseIterable {
    case cosine = "cos"
    case linear
  }

  private func cycleLength() throws(ScheduleError) -> Int {
    if let total = arguments.values["total_steps"], total != .none {
      return try arguments.count("total_steps", 1, atLeast: 1)
    }
    guard arguments.values["epochs"] != nil, arguments.values["steps_per_epoch"] != nil else {
      throw arguments.error(
        .valueError, "total_steps", .none, "OneCycleLR needs it, or epochs and steps_per_epoch")
    }
    return .product(
      try arguments.count("epochs", 1, atLeast: 1),
      try arguments.count("steps_per_epoch", 1, atLeast: 1))
  }

  private func cyclic() throws(ScheduleError) -> CyclicRate {
    try check(
      "CyclicLR",
      [
        "base_lr", "max_lr", "step_size_up", "step_size_down", "mode", "gamma", "scale_fn",
        "scale_mode", "cycle_momentum", "base_momentum", "max_momentum",
      ], required: ["base_lr", "max_lr"])
    var rate = CyclicRate(
      lowest: try arguments.number("base_lr", 0), highest: try arguments.number("max_lr", 0))
    rate.stepsUp = try arguments.number("step_size_up", 2000)
    rate.stepsDown = arguments.values["step_size_down"]?.number
    if rate.stepsUp + (rate.stepsDown ?? rate.stepsUp) == 0 {
      throw arguments.error(.zeroDivisionError, "step_size_up", 0, "it is divided by")
    }
    rate.mode = try arguments.word("mode", .triangular)
    rate.gamma = try arguments.number("gamma", 1)
    return rate
  }
}
