import Optimizers

/// Whether an option changes anything, tried out.
enum OptionTrials {
  typealias Options = [String: HyperparameterValue]

  /// Options that the library accepts and that change no number of the weights; why stands in the
  /// algorithm's file.
  private static let inert: [String: Set<String>] = [
    // When the average of the weights begins, which no trainer uses.
    "ASGD": ["t0"],
    // The library's sum cancels to 0.
    "ADAMW_SCHEDULEFREE_KAHAN": ["kahan_sum"],
    // Only compiles; only reshapes what is factored, and these tensors are too small to differ.
    // The rest acts together with others, and was compared with the library in such sets.
    "LION_ADV": ["compile", "vector_reshape"],
    "SIGNSGD_ADV": ["compile", "vector_reshape", "kappa_p"],
    "ADAMW_ADV": ["vector_reshape", "beta2_min", "ema_alpha", "tiny_spike", "k_warmup_steps"],
    "ADOPT_ADV": [
      "vector_reshape", "beta2_min", "ema_alpha", "tiny_spike", "k_warmup_steps", "alpha_grad",
    ],
    "PRODIGY_ADV": [
      "vector_reshape", "beta2_min", "ema_alpha", "tiny_spike", "k_warmup_steps", "alpha_grad",
      "safeguard_warmup",
    ],
    // They act while gradients are accumulated, and on more weights than these.
    "ADAFACTOR_AI_TOOLKIT": ["stochastic_accumulation", "paramiter_swapping_factor"],
    // The constructor of pytorch_optimizer 3.6.0 keeps it, and the step, unlike those of its
    // neighbours, never calls `maximize_gradient` (`optimizer/adamw.py`).
    "STABLE_ADAMW": ["maximize"],
    "YOGI": ["adanorm", "r"], "AIDA": ["adanorm", "r"],
    "ADAGRAD": ["lr_decay", "initial_accumulator_value", "block_wise"],
    "ADAGRAD_8BIT": ["lr_decay", "initial_accumulator_value", "block_wise"],
    "RMSPROP": ["momentum", "centered"], "RMSPROP_8BIT": ["momentum", "centered"],
    "SGD_8BIT": ["dampening", "nesterov"],
    "LARS": ["dampening", "nesterov"], "LARS_8BIT": ["dampening", "nesterov"],
    "LAMB": ["bias_correction", "adam_w_mode", "amsgrad"],
    "LAMB_8BIT": ["bias_correction", "adam_w_mode", "amsgrad"],
    "PRODIGY_PLUS_SCHEDULE_FREE": [
      // They act where groups have rates of their own; the last accepts one value only.
      "split_groups", "split_groups_mean", "fused_back_pass", "slice_p_fixed",
      // A vector is never factored, and what is factored vanishes here; the recorded runs differ.
      "factored", "factored_fp32",
    ],
    "ADAM_8BIT": ["amsgrad"], "ADAMW_8BIT": ["amsgrad"],
    "BNB_ADAM": ["amsgrad"], "BNB_ADAMW": ["amsgrad"],
    // There is only a block-wise form, which clips nothing and is the same in both releases.
    "AdEMAMix": ["min_8bit_size", "block_wise", "percentile_clipping", "library_version"],
    "AdEMAMix_8BIT": ["block_wise", "percentile_clipping", "library_version"],
  ]

  static func isInert(_ option: String, in id: String) -> Bool {
    // Where the state lies, and what is printed.
    option == "is_paged" || option == "log_every" || inert[id]?.contains(option) ?? false
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
    [
      "momentum": .number(0.9), "decoupled_weight_decay": .flag(true), "weight_decay": .number(0.1),
    ],
    ["weight_decay": .number(0.1), "decoupled_decay": .flag(true), "xi": .number(0.1)],
    ["beta2": .number(0.5), "adanorm": .flag(true), "rectify": .flag(true)],
    ["beta2": .number(0.5), "rectify": .flag(false)],
    ["relative_step": .flag(true), "scale_parameter": .flag(true)],
    ["optim_bits": .number(8), "percentile_clipping": .number(5)],
    ["optim_bits": .number(8), "block_wise": .flag(false)],
    ["d0": .number(0.01), "weight_decay": .number(0.1), "growth_rate": .number(1.5)],
    ["d0": .number(0.01), "weight_decay": .number(0.1), "use_bias_correction": .flag(true)],
    ["kourkoutas_beta": .flag(true), "beta2": .number(0.9), "Simplified_AdEMAMix": .flag(true)],
    ["use_AdEMAMix": .flag(true), "nnmf_factor": .flag(true)],
    ["decouple_lr": .flag(true), "weight_decay": .number(0.1)],
  ]

  static func acts(
    _ option: OptimizerFamily.Description, in family: OptimizerFamily, _ context: Options
  ) -> Bool {
    let context = context.filter { $0.key != option.name || family.working[option.name] != nil }
    guard let before = path(family, context) else { return false }
    return trials(option).contains { value in
      let after = path(family, context.merging([option.name: value]) { $1 })
      switch (value, after) {
      // Outside of numbers, whose ranges have a test of their own, refusing is an effect.
      case (.text, nil), (.flag, nil): return true
      default: return after.map { $0 != before } ?? false
      }
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

  /// The weights and what the library keeps as numbers, in two formats; nil where it refuses.
  private static func path(_ family: OptimizerFamily, _ options: Options) -> [Double]? {
    let wide = path(Float.self, family, options)
    let narrow = path(BFloat16.self, family, options)
    return wide == nil && narrow == nil ? nil : (wide ?? []) + (narrow ?? [])
  }

  private static func path<Element: StoredNumber>(
    _: Element.Type, _ family: OptimizerFamily, _ options: Options
  ) -> [Double]? {
    guard let optimizer = try? family.optimizer(storing: Element.self, options) else { return nil }
    var trajectory = Trajectory(optimizer)
    // What finds its own rate multiplies it by a guess that is small at first.
    let rate = family.hyperparameters.contains { $0.name == "d0" } ? 1 : 0.05
    guard (try? trajectory.go(to: 12, rate: rate, decay: 0.8)) != nil else { return nil }
    let averaged = trajectory.run.evaluationParameters(trajectory.parameters) ?? []
    let numbers = trajectory.run.internals.sorted { $0.key < $1.key }.map(\.value)
    return trajectory.values + averaged.flatMap(\.doubles) + numbers
  }
}
