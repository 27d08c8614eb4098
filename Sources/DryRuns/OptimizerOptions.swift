internal import Knowledge
internal import Optimizers
internal import Plans
internal import Trials

/// The options of a plan's optimizer as the engine takes them.
enum OptimizerOptions {
  /// Options that choose between ways to compute the same.
  private static let ofImplementation: Set<String> = [
    "foreach", "fused_back_pass", "is_paged", "optim_bits", "block_wise", "percentile_clipping",
    "fsdp_in_use", "capturable", "differentiable", "fused", "use_triton", "log_every", "compile",
    "min_8bit_size", "params", "lr", "optimizer",
  ]

  /// - Returns: The values, and what is set and has no counterpart in the engine.
  static func read(
    _ optimizer: OptimizerSettings, _ algorithm: TrialPlan.Algorithm
  ) -> (values: [String: HyperparameterValue], omitted: [String]) {
    var values: [String: HyperparameterValue] = [:]
    var omitted: [String] = []
    for use in optimizer.use?.options ?? [] where use.ignored == nil {
      guard let setting = optimizer.option(use.key), !setting.isMistaken else { continue }
      let value = setting.isNull ? use.whenNull ?? .null : setting.value
      if let own = algorithm.family.hyperparameters.first(where: { $0.name == use.key }) {
        values[use.key] = hyperparameter(value, like: own)
      } else if setting.isWritten, value != use.tableDefault, value != use.libraryDefault,
        !ofImplementation.contains(use.key)
      {
        omitted.append("the option '\(use.key)' of the optimizer")
      }
    }
    fix(&values, algorithm)
    return (values, omitted)
  }

  private static func fix(
    _ values: inout [String: HyperparameterValue], _ algorithm: TrialPlan.Algorithm
  ) {
    for (key, value) in algorithm.fixed {
      guard let own = algorithm.family.hyperparameters.first(where: { $0.name == key }) else {
        continue
      }
      values[key] = hyperparameter(value, like: own)
    }
  }

  /// What the trainer builds the optimizer with where the file says nothing.
  static func standard(
    _ use: OptimizerUse, _ algorithm: TrialPlan.Algorithm
  ) -> [String: HyperparameterValue] {
    var values: [String: HyperparameterValue] = [:]
    for option in use.options where option.ignored == nil {
      guard let own = algorithm.family.hyperparameters.first(where: { $0.name == option.key })
      else { continue }
      let value = option.tableDefault == .null ? option.whenNull ?? .null : option.tableDefault
      values[option.key] = hyperparameter(value, like: own)
    }
    fix(&values, algorithm)
    return values
  }

  /// Python takes numbers for booleans and the other way round; nil leaves the library's own.
  private static func hyperparameter(
    _ value: SettingValue, like own: OptimizerFamily.Description
  ) -> HyperparameterValue? {
    if case .flag = own.standard { return value == .null ? nil : .flag(value.isTruthy) }
    if value == .null { return own.range.hasSuffix("or null") ? HyperparameterValue.none : nil }
    if let number = value.number { return .number(number) }
    return switch value {
    case .boolean(let flag): .number(flag ? 1 : 0)
    case .text(let text): .text(text)
    default: nil
    }
  }

  /// Whether narrow weights are rounded at random.
  static func roundsAtRandom(_ settings: TrialSettings, _ family: OptimizerFamily) -> Bool {
    guard settings.format == .bfloat16 else { return false }
    let standard = family.hyperparameters.first { $0.name == "stochastic_rounding" }?.standard
    return (settings.options["stochastic_rounding"] ?? standard) == .flag(true)
  }

  /// The options for a layer of another size: what depends on the size of a tensor is decided by the
  /// size of the real one.
  static func folded(
    _ settings: TrialSettings, _ family: OptimizerFamily
  ) -> [String: HyperparameterValue] {
    var options = settings.options
    // d is a ratio of two sums over the same weights, whichever are left out; where there are few,
    // leaving some out only adds noise.
    if options["slice_p"] != nil { options["slice_p"] = .number(1) }
    if let own = family.hyperparameters.first(where: { $0.name == "min_8bit_size" }),
      case .number(let least) = options["min_8bit_size"] ?? own.standard
    {
      let real: Double =
        switch settings.method {
        case .full: Double(settings.width) * Double(settings.width)
        case .adapter(let rank, _): Double(rank) * Double(settings.width)
        }
      options["min_8bit_size"] = .number(real >= least ? 1 : 1e9)
    }
    return options
  }
}
