import Knowledge
import Plans
import SourceText

/// The rules whose sentences stand in the data (`Schemas/optimizers/*.json` and
/// `Schemas/backends/onetrainer.json`, "constraints").
extension Rule<OneTrainerConfig> {
  static let optimizerRefusesValue = Rule(
    SharedRule.optimizerRefusesValue.description(
      of: "onetrainer",
      because: "the library checks its arguments and raises an error",
      sources: [Citation("Schemas/optimizers: the library and version stand with each optimizer")],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, "optimizer": {"optimizer": "LARS", "momentum": ⟪0⟫}}"#,
          fixed: #"{"__version": 11, "optimizer": {"optimizer": "LARS", "momentum": 0.9}}"#),
        .flags(
          "onetrainer", #"{"__version": 11, "optimizer": ⟪{"optimizer": "SCHEDULE_FREE_SGD"}⟫}"#,
          fixed:
            #"{"__version": 11, "optimizer": {"optimizer": "SCHEDULE_FREE_SGD", "momentum": 0.9}}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAFACTOR", "warmup_init": ⟪true⟫, "relative_step": ⟦false⟧}}"#,
          fixed:
            #"{"__version": 11, "optimizer": {"optimizer": "ADAFACTOR", "warmup_init": false, "relative_step": false}}"#
        ),
        .allows(
          "onetrainer", #"{"__version": 11, "optimizer": {"optimizer": "LARS", "momentum": 0.9}}"#),
      ])
  ) { config, findings in
    config.reportConstraints("optimizer-refuses-value", into: &findings)
  }

  static let optimizerDropsSetting = Rule(
    SharedRule.optimizerDropsSetting.description(
      of: "onetrainer",
      because: "the library turns one of the two off, at most with a printed line",
      sources: [Citation("Schemas/optimizers: the library and version stand with each optimizer")],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE", "eps": 1e-8, "use_grams": ⟪true⟫, "use_cautious": ⟦true⟧}}"#,
          fixed:
            #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE", "eps": 1e-8, "use_grams": false, "use_cautious": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY_PLUS_SCHEDULE_FREE", "eps": 1e-8, "use_grams": true, "use_cautious": false}}"#
        ),
      ])
  ) { config, findings in
    config.reportConstraints("optimizer-drops-setting", into: &findings)
  }

  static let questionableOption = Rule(
    SharedRule.questionableOption.description(
      of: "onetrainer",
      because: "the optimizer takes the value and trains in a way that is rarely wanted",
      sources: [Citation("Schemas/optimizers: the library and version stand with each optimizer")],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, "optimizer": {"optimizer": "LION", "beta1": ⟪1⟫}}"#,
          fixed: #"{"__version": 11, "optimizer": {"optimizer": "LION", "beta1": 0.9}}"#),
        .allows(
          "onetrainer", #"{"__version": 11, "optimizer": {"optimizer": "LION", "beta1": 0.95}}"#),
      ])
  ) { config, findings in
    config.reportConstraints("questionable-option", into: &findings)
  }

  static let valueOutOfRange = Rule(
    SharedRule.valueOutOfRange.description(
      of: "onetrainer",
      because: "outside of it the run stops, learns nothing, or does something else than it says",
      sources: [Citation("Schemas/backends/onetrainer.json: the source stands with each setting")],
      silencedBy: ["schedule-free-with-schedule"],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, "clip_grad_norm": ⟪0⟫}"#,
          fixed: #"{"__version": 11, "clip_grad_norm": null}"#),
        .flags(
          "onetrainer", #"{"__version": 11, "gradient_accumulation_steps": ⟪0⟫}"#,
          fixed: #"{"__version": 11, "gradient_accumulation_steps": 1}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "clip_grad_norm": null, "gradient_accumulation_steps": 4}"#),
        // The schedule is replaced altogether.
        .allows(
          "onetrainer",
          #"{"__version": 11, "learning_rate_scheduler": "COSINE", "learning_rate_min_factor": -0.5, "optimizer": {"optimizer": "SCHEDULE_FREE_ADAMW"}}"#
        ),
      ])
  ) { config, findings in
    config.reportConstraints("value-out-of-range", into: &findings)
  }
}

extension OneTrainerConfig {
  func reportConstraints(_ rule: String, into findings: inout Findings) {
    if let optimizerFacts, let optimizerUse {
      for constraint in optimizerFacts.constraints(of: optimizerUse, reportedBy: rule) {
        findings.check(constraint) { self.optimizerSetting($0, for: constraint) }
      }
    }
    if rule == "value-out-of-range" { reportConstraintsOfConfig(&findings) }
  }

  private func reportConstraintsOfConfig(_ findings: inout Findings) {
    let facts = Catalogue.oneTrainer
    for constraint in facts.standingConstraints {
      guard case .ofParts = constraint.key else {
        findings.check(constraint) { self.setting(at: $0, part: nil) }
        continue
      }
      for part in parts {
        findings.check(constraint, of: part) { self.setting(at: $0, part: part) }
      }
    }
    // Most settings are not stated, and these can only be broken by a stated value.
    for key in root.statedKeys {
      for constraint in facts.constraintsByKey[key] ?? [] {
        findings.check(constraint) { self.setting(at: $0, part: nil) }
      }
    }
    for name in ["quantization", "embedding"] {
      for key in object(name).statedKeys {
        for constraint in facts.constraintsByKey["\(name).\(key)"] ?? [] {
          findings.check(constraint) { self.setting(at: $0, part: nil) }
        }
      }
    }
    for part in parts {
      for key in object(part).statedKeys {
        for constraint in facts.constraintsByKey["*." + key] ?? [] {
          findings.check(constraint, of: part) { self.setting(at: $0, part: part) }
        }
      }
    }
  }

  private func setting(at path: SettingPath, part: String?) -> Setting? {
    switch path {
    case .plain(let key): root.facts[key] == nil ? nil : setting(key)
    case .ofParts(let key): part.map { self.part($0, key) }
    case .nested("optimizer", let key): option(key)
    case .nested(let object, let key): self.part(object, key)
    }
  }

  /// Constraints on null look at what is written, as do the numbers they depend on; all others at
  /// what the optimizer is built with.
  private func optimizerSetting(_ path: SettingPath, for constraint: Constraint) -> Setting? {
    guard case .plain(let key) = path, optimizer.facts[key] != nil else {
      return setting(at: path, part: nil)
    }
    guard optimizerUse?[key] != nil else { return nil }
    let seesNull = path == constraint.key || optimizer.facts[key]?.type == .number
    return constraint.isAboutNull && seesNull ? optimizer.setting(key) : option(key)
  }
}
