import Knowledge
import Plans
import SourceText

extension Rule<OneTrainerConfig> {
  static let fusedKernelConflict = Rule(
    RuleDescription(
      "fused-kernel-conflict", .error, .crashesAtStart, .optimizer,
      "Adam or AdamW with `fused` or `foreach` next to `stochastic_rounding` or `fused_back_pass`.",
      because: """
        stochastic rounding and the fused back pass replace the optimizer's step, which PyTorch's \
        fused and foreach kernels would bypass; stochastic_rounding is on where the file leaves it out
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:178-184, 206-212")],
      covers: ["onetrainer/C5"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAMW", "fused": ⟪true⟫, "stochastic_rounding": ⟦true⟧}}"#,
          fixed:
            #"{"__version": 11, "optimizer": {"optimizer": "ADAMW", "fused": false, "stochastic_rounding": true}}"#
        ),
        .flags(
          "onetrainer", #"{"__version": 11, "optimizer": {"optimizer": "ADAM", "fused": ⟪true⟫}}"#,
          fixed: #"{"__version": 11, "optimizer": {"optimizer": "ADAM", "fused": false}}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAMW", "foreach": ⟪true⟫, "stochastic_rounding": false, "fused_back_pass": ⟦true⟧}}"#,
          fixed:
            #"{"__version": 11, "optimizer": {"optimizer": "ADAMW", "foreach": false, "stochastic_rounding": false, "fused_back_pass": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAMW", "fused": true, "stochastic_rounding": false}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAMW_ADV", "fused": true}}"#),
        // The interface fills in fused with stochastic_rounding off.
        .allows(
          "onetrainer", #"{"__version": 11, "optimizer": {"optimizer": "ADAMW"}}"#, mode: "ui"),
      ])
  ) { config, findings in
    guard let id = config.optimizerFacts?.id, id == "ADAM" || id == "ADAMW" else { return }
    let kernels = ["fused", "foreach"].map { config.option($0) }.filter(\.isOn)
    let steps = ["stochastic_rounding", "fused_back_pass"].map { config.option($0) }.filter(\.isOn)
    guard let kernel = kernels.first, let step = steps.first else { return }
    let fix =
      kernels.count == 1
      ? findings.fix("set \(kernel.keyPath) to false", .unsafe, .set(kernel, .boolean(false)))
      : findings.fix(
        "set fused and foreach to false", .unsafe, .set(kernels[0], .boolean(false)),
        .set(kernels[1], .boolean(false)))
    findings.report(
      "\(kernel.name) is on together with \(step.name)\(step.defaultNote): OneTrainer takes only one of them",
      at: kernel,
      related: steps.filter(\.isWritten).map { ($0, "\($0.name) brings its own step") }
        + kernels.dropFirst().map { ($0, "\($0.name) is on too") },
      fixes: [fix])
  }

  static let adam8BitIsNot = Rule(
    RuleDescription(
      "adam-8bit-without-8-bits", .warning, .wastesMemory, .optimizer,
      "ADAM_8BIT, which keeps its state in 32 bits.",
      because: """
        OneTrainer builds the 32-bit Adam of bitsandbytes under this name: 8 bytes of state for every \
        trained weight, where ADAMW_8BIT takes about 2
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:233-246"),
        Citation("bitsandbytes 0.49.1 optim/adam.py:18-61"),
      ],
      covers: ["onetrainer/C29"],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, "optimizer": {"optimizer": ⟪"ADAM_8BIT"⟫}}"#,
          fixed: #"{"__version": 11, "optimizer": {"optimizer": "ADAMW_8BIT"}}"#),
        .allows("onetrainer", #"{"__version": 11, "optimizer": {"optimizer": "ADAMW_8BIT"}}"#),
      ])
  ) { config, findings in
    guard config.optimizerFacts?.id == "ADAM_8BIT" else { return }
    findings.report(
      "ADAM_8BIT is not an 8-bit optimizer here: ADAMW_8BIT is", at: config.optimizerName,
      fixes: [
        findings.fix(
          "use ADAMW_8BIT", .unsafe, .set(config.optimizerName, .text("ADAMW_8BIT")))
      ])
  }

  static let optionWithoutEffect = Rule(
    RuleDescription(
      "option-without-effect", .warning, .silentlyIgnored, .optimizer,
      "An option that the interface offers for this optimizer and that never reaches it.",
      because: "the value is lost on the way to the optimizer's formula",
      sources: [Citation("Schemas/optimizers: the reason and the library stand with each option")],
      covers: ["onetrainer/C30"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAMW_8BIT", "optim_bits": ⟪8⟫, "beta1": 0.9}}"#,
          fixed: #"{"__version": 11, "optimizer": {"optimizer": "ADAMW_8BIT", "beta1": 0.9}}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAMW_ADV", "use_AdEMAMix": true, "beta3_ema": ⟪0.999⟫}}"#,
          fixed:
            #"{"__version": 11, "optimizer": {"optimizer": "ADAMW_ADV", "use_AdEMAMix": true}}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAMW_8BIT", "optim_bits": 32}}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "AdEMAMix", "optim_bits": 8}}"#),
      ])
  ) { config, findings in
    guard let facts = config.optimizerFacts, let use = config.optimizerUse else { return }
    for option in use.options where option.key != "fused_back_pass" {
      let setting = config.optimizer.setting(option.key)
      guard let reason = option.ignored, setting.isWritten,
        !setting.value.sameAs(option.tableDefault),
        // A complete object may hold what another optimizer left in it.
        !config.optimizer.isComplete || !config.isBareDefault(setting, option.key)
      else { continue }
      findings.report(
        "\(option.key) has no effect on \(facts.id): \(reason)", at: setting,
        fixes: [findings.fix("remove \(option.key)", .safe, .remove(setting))])
    }
  }

  static let unreadOption = Rule(
    RuleDescription(
      "unread-option", .info, .silentlyIgnored, .optimizer,
      "Options that belong to other optimizers.",
      because:
        "OneTrainer hands an optimizer only the options it knows and drops the rest without a word",
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:128-1015")],
      covers: ["onetrainer/C30"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAMW", "d_coef": ⟪2⟫, "beta1": 0.9}}"#,
          fixed: #"{"__version": 11, "optimizer": {"optimizer": "ADAMW", "beta1": 0.9}}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY", "bias_correction": ⟪true⟫}}"#,
          fixed: #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY"}}"#),
        .allows(
          "onetrainer", #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY", "d_coef": 2}}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAMW", "d_coef": null, "nesterov": false}}"#
        ),
      ])
  ) { config, findings in
    // What the interface saves holds every option of every optimizer.
    guard let facts = config.optimizerFacts, let use = config.optimizerUse,
      !config.optimizer.isComplete
    else { return }
    // Reported by rules of their own.
    let others: Set = ["optimizer", "fused_back_pass", "MuonWithAuxAdam"]
    let unread = config.optimizer.known.map(\.facts.key).filter { key in
      let setting = config.optimizer.setting(key)
      return use[key] == nil && !others.contains(key) && setting.value.isTruthy
        && !setting.isMistaken && !config.isBareDefault(setting, key)
    }.map { config.optimizer.setting($0) }
    guard let first = unread.first else { return }
    let more = unread.count > 1 ? " (and \(unread.count - 1) more)" : ""
    findings.report(
      "\(first.name) is not read by \(facts.id)\(more)", at: first,
      related: unread.dropFirst().map { ($0, "\($0.name) is not read either") },
      fixes: [findings.fix("remove \(first.name)", .safe, .remove(first))])
  }
}

extension OneTrainerConfig {
  /// Whether a file that leaves the option out would say the same.
  fileprivate func isBareDefault(_ setting: Setting, _ key: String) -> Bool {
    Catalogue.options[key].map { $0.defaultValue.sameAs(setting.value) } ?? false
  }
}

extension ConfigObject {
  /// Whether a program wrote it: nobody types most of a hundred options.
  fileprivate var isComplete: Bool { known.count > settingsTyped }
}

/// More options than anybody writes by hand.
private let settingsTyped = 60

extension SettingValue {
  /// Equal, infinity as a number or as text alike.
  fileprivate func sameAs(_ other: SettingValue) -> Bool {
    self == other || number != nil && number == other.number
  }
}

extension Traced {
  /// The key without the objects it stands in.
  fileprivate var name: String { keyPath.split(separator: ".").last.map(String.init) ?? keyPath }
}
