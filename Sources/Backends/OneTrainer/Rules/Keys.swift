import Knowledge
import Plans
import SourceText

extension Rule<OneTrainerConfig> {
  static let repeatedKey = Rule(
    SharedRule.repeatedKey.description(
      of: "onetrainer",
      because: "Python's JSON reader keeps the last of them and drops the others without a word",
      sources: [Citation("Python 3 library, json: repeated names within an object")],
      examples: [
        .flags("onetrainer", #"{"__version": 11, ⟪"epochs"⟫: 10, ⟦"epochs"⟧: 20}"#),
        .allows("onetrainer", #"{"__version": 11, "epochs": 10, "batch_size": 20}"#),
      ])
  ) { config, findings in
    for repeated in config.document.repeatedKeys {
      let key = repeated.first.key ?? ""
      findings.report(
        "'\(key)' stands twice: this one is not read", at: Place(keyOf: repeated.first),
        related: [(Place(keyOf: repeated.second), "the last one counts")])
    }
  }

  static let unknownKey = Rule(
    SharedRule.unknownKey.description(
      of: "onetrainer",
      because:
        "OneTrainer looks up the keys it knows and ignores every other one without a message",
      sources: [Citation("OneTrainer 23df3832 modules/util/config/BaseConfig.py:78-138")],
      covers: ["onetrainer/A6"],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, ⟪"learning_rat"⟫: 0.0001}"#,
          fixed: #"{"__version": 11, "learning_rate": 0.0001}"#),
        .flags("onetrainer", #"{"__version": 11, "unet": {⟪"colour"⟫: 1}}"#),
        .allows(
          "onetrainer",
          #"{"$schema": "onetrainer.schema.json", "__version": 11, "learning_rate": 0.0001}"#),
      ])
  ) { config, findings in
    // A file with more strangers than that is not helped by guesses.
    var guesses = 100
    for object in config.objects where !object.unknown.isEmpty {
      lazy var free = object.facts.settings.map(\.key).filter { object.entry($0) == nil }
      let isRoot = object.path.isEmpty
      for node in object.unknown {
        let key = node.key ?? ""
        if isRoot,
          config.migration.consumed.contains(key)
            || Catalogue.oneTrainer.retiredKey(key) != nil
        {
          continue
        }
        if isRoot, config.isOldOptimizerKey(key) { continue }
        guesses -= 1
        let nearest = guesses < 0 ? nil : Suggestion.nearest(to: key, in: free)
        let hint = nearest.map { ": did you mean '\($0)'?" } ?? ""
        let fix = nearest.flatMap { nearest in
          config.document.editor.rename(node, to: nearest).map {
            Fix(title: "rename it to '\(nearest)'", safety: .unsafe, edits: $0)
          }
        }
        let place = isRoot ? "" : " in \(object.facts.title.lowercased())"
        findings.report(
          "'\(key)' is no setting of OneTrainer\(place) and is not read\(hint)",
          at: Place(keyOf: node), fixes: [fix])
      }
    }
  }

  static let retiredKey = Rule(
    SharedRule.retiredKey.description(
      of: "onetrainer",
      because: "OneTrainer reads old keys only in files whose __version is old enough",
      sources: [Citation("OneTrainer 23df3832 modules/util/config/TrainConfig.py:621-866")],
      covers: ["onetrainer/A3", "onetrainer/A8", "onetrainer/A9"],
      examples: [
        .flags("onetrainer", #"{"__version": 11, ⟪"layer_offload_fraction"⟫: 0.5}"#),
        .flags(
          "onetrainer",
          #"{"training_method": "LORA", "model_type": "QWEN", ⟪"weight_dtype"⟫: "BFLOAT_16"}"#,
          path: "training_presets/#qwen LoRA.json"),
        .flags(
          "onetrainer",
          #"{"__version": 10, "model_type": "QWEN", "transformer": {⟪"gradient_checkpointing"⟫: false}}"#
        ),
        .allows("onetrainer", #"{"__version": 10, "gradient_checkpointing": "ON"}"#),
      ])
  ) { config, findings in
    for node in config.root.unknown {
      let key = node.key ?? ""
      if config.migration.consumed.contains(key) { continue }
      let retired = Catalogue.oneTrainer.retiredKey(key)
      guard retired != nil || config.isOldOptimizerKey(key) else { continue }
      let now = retired?.now.map { ": it is '\($0)' now" } ?? ""
      let version =
        config.isMigrated ? "in a file of version \(config.version ?? 0)" : "in a preset"
      findings.report(
        "'\(key)' is not read \(version)\(now)", at: Place(keyOf: node),
        why: retired.map { $0.text.trimmingFullStop } ?? nil)
    }
    // A part's own checkpointing settings in a file whose version has a global one.
    for (part, overrides) in config.migration.partOverrides {
      guard let object = config.root.entry(part), object.kind == .mapping else { continue }
      for key in ["gradient_checkpointing", "activation_offloading", "offload_fraction"] {
        guard let node = object[key], let override = overrides[key],
          override.value != SettingValue(node)
        else { continue }
        findings.report(
          "'\(part).\(key)' is overwritten with \(override.value.words) while loading",
          at: Place(keyOf: node),
          why: "in files up to version 10 the global setting decides, and is ON where it is missing"
        )
      }
    }
  }
}

extension OneTrainerConfig {
  /// `optimizer_beta1` and its like, the options of config version 0.
  fileprivate func isOldOptimizerKey(_ key: String) -> Bool {
    key.hasPrefix("optimizer_")
      && Catalogue.options[String(key.dropFirst("optimizer_".count))] != nil
  }
}

extension String {
  var trimmingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
