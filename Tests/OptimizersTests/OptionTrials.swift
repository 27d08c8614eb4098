import Optimizers

/// Whether an option changes anything, tried out.
enum OptionTrials {
  typealias Options = [String: HyperparameterValue]

  /// Options that the library accepts and that change no number of the weights; why stands in the
  /// algorithm's file.
  private static let inert: [String: Set<String>] = [
    // When the average of the weights begins, which no trainer uses.
    "ASGD": ["t0"],
    "YOGI": ["adanorm", "r"], "AIDA": ["adanorm", "r"],
    "ADAGRAD": ["lr_decay", "initial_accumulator_value"],
    "ADAGRAD_8BIT": ["lr_decay", "initial_accumulator_value"],
    "RMSPROP": ["momentum", "centered"], "RMSPROP_8BIT": ["momentum", "centered"],
    "SGD_8BIT": ["dampening", "nesterov"],
    "LARS": ["dampening", "nesterov"], "LARS_8BIT": ["dampening", "nesterov"],
    "LAMB": ["bias_correction", "adam_w_mode", "amsgrad"],
    "LAMB_8BIT": ["bias_correction", "adam_w_mode", "amsgrad"],
    "ADAM_8BIT": ["amsgrad"], "ADAMW_8BIT": ["amsgrad"],
    "BNB_ADAM": ["amsgrad"], "BNB_ADAMW": ["amsgrad"],
    // There is only a block-wise form, which clips nothing and is the same in both releases.
    "AdEMAMix": ["block_wise", "percentile_clipping", "library_version"],
    "AdEMAMix_8BIT": ["block_wise", "percentile_clipping", "library_version"],
  ]

  static func isInert(_ option: String, in id: String) -> Bool {
    // Paging says where the state lies.
    option == "is_paged" || inert[id]?.contains(option) ?? false
  }

  /// What an option may need beside it before it does something.
  static func contexts(for family: OptimizerFamily) -> [Options] {
    let names = Set(family.hyperparameters.map(\.name))
    return needs.map { need in
      need.filter { names.contains($0.key) }.merging(family.working) { need, _ in need }
    }
  }

  private static let needs: [Options] = [
    [:],
    ["momentum": .number(0.9), "decoupled_weight_decay": .flag(true), "weight_decay": .number(0.1)],
    ["weight_decay": .number(0.1), "decoupled_decay": .flag(true), "xi": .number(0.1)],
    ["beta2": .number(0.5), "adanorm": .flag(true), "rectify": .flag(true)],
    ["beta2": .number(0.5), "rectify": .flag(false)],
    ["relative_step": .flag(true), "scale_parameter": .flag(true)],
    ["optim_bits": .number(8), "percentile_clipping": .number(5)],
    ["optim_bits": .number(8), "block_wise": .flag(false)],
    ["decouple_lr": .flag(true), "weight_decay": .number(0.1)],
  ]

  static func acts(
    _ option: OptimizerFamily.Description, in family: OptimizerFamily, _ context: Options
  ) -> Bool {
    let context = context.filter { $0.key != option.name || family.working[option.name] != nil }
    guard let before = path(family, context) else { return false }
    return trials(option).contains { value in
      let after = path(family, context.merging([option.name: value]) { $1 })
      if case .text = value, after == nil { return true }
      return after.map { $0 != before } ?? false
    }
  }

  private static func trials(
    _ option: OptimizerFamily.Description
  ) -> [HyperparameterValue] {
    switch option.standard {
    case .flag(let flag): [.flag(!flag)]
    case .text:
      option.range.replacing("one of ", with: "").split(separator: ", ").map { .text(String($0)) }
    case .number, .none:
      [0, 1, 0.5, 0.05, 2, 8, 3, 11, 32, -0.5, 1e-3, 1e-5, 100_000].map { .number($0) }
    }
  }

  /// Nil where the library refuses the options.
  private static func path(_ family: OptimizerFamily, _ options: Options) -> [Double]? {
    let steps = 12
    return path(BFloat16.self, family, options, steps) ?? path(Float.self, family, options, steps)
  }

  private static func path<Element: StoredNumber>(
    _: Element.Type, _ family: OptimizerFamily, _ options: Options, _ steps: Int
  ) -> [Double]? {
    guard let optimizer = try? family.optimizer(storing: Element.self, options) else { return nil }
    var trajectory = Trajectory(optimizer)
    guard (try? trajectory.go(to: steps, rate: 0.05, decay: 0.8)) != nil else { return nil }
    let averaged = trajectory.run.evaluationParameters(trajectory.parameters) ?? []
    return trajectory.values + averaged.flatMap(\.doubles)
  }
}
