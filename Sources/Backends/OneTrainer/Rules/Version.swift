import Knowledge
import Plans
import SourceText

extension Rule<OneTrainerConfig> {
  static let missingVersion = Rule(
    RuleDescription(
      "missing-version", .error, .crashesAtLoad, .file,
      "A file without `__version`, or of an old version, that does not have the keys of that version.",
      because: """
        without __version OneTrainer takes the file for version 0, the format of early 2024, and \
        stops while bringing it up to date
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/config/BaseConfig.py:68-76"),
        Citation("OneTrainer 23df3832 modules/util/config/TrainConfig.py:621-866"),
      ],
      covers: ["onetrainer/A1", "onetrainer/A2"],
      examples: [
        .flags(
          "onetrainer",
          """
          ⟪{
              "training_method": "LORA",
              "model_type": "FLUX_DEV_1"
          }⟫
          """,
          fixed: """
            {
                "training_method": "LORA",
                "model_type": "FLUX_DEV_1",
                "__version": 11
            }
            """),
        .flags(
          "onetrainer",
          #"{"__version": ⟪9⟫, "training_method": "LORA", "model_type": "FLUX_DEV_1"}"#,
          fixed: #"{"__version": 11, "training_method": "LORA", "model_type": "FLUX_DEV_1"}"#),
        .allows("onetrainer", #"{"__version": 11}"#),
        .allows(
          "onetrainer", #"{"training_method": "LORA", "model_type": "FLUX_DEV_1"}"#,
          path: "training_presets/#flux LoRA.json"),
      ])
  ) { config, findings in
    guard config.isMigrated, !config.missingForMigration.isEmpty else { return }
    let lacking = config.missingForMigration.prefix(2).map(\.withQuotedKey).joined(
      separator: " and ")
    let newest = Catalogue.oneTrainer.configVersion
    let version = config.root.node?["__version"].map { Place($0) }
    let place = version ?? Place(keyPath: "__version", span: config.document.root.span)
    let message =
      if let number = config.version {
        "a file of version \(number) must have \(lacking): OneTrainer stops while loading it"
      } else if version != nil {
        "'__version' must be a number: OneTrainer stops while loading the file"
      } else {
        "'__version' is missing: OneTrainer takes the file for version 0 and stops while loading it"
      }
    findings.report(
      message, at: place,
      why: """
        bringing a file of version \(config.version ?? 0) up to date needs \(lacking); files written \
        for today's OneTrainer say "__version": \(newest)
        """,
      fixes: [
        findings.fix("set __version to \(newest)", .safe, .set(place, .number(Double(newest))))
      ])
  }

  static let newerVersion = Rule(
    RuleDescription(
      "newer-version", .warning, .silentlyIgnored, .file,
      "A `__version` newer than the trainer's, or one that is no whole number.",
      because: """
        OneTrainer accepts any newer version without a message and ignores the settings it does not \
        know yet
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/config/BaseConfig.py:70-76")],
      covers: ["onetrainer/A7"],
      examples: [
        .flags("onetrainer", #"{"__version": ⟪12⟫, "training_method": "LORA"}"#),
        .flags("onetrainer", #"{"__version": ⟪"11"⟫, "training_method": "LORA"}"#),
        .allows("onetrainer", #"{"__version": 11, "training_method": "LORA"}"#),
      ])
  ) { config, findings in
    guard let node = config.root.node?["__version"] else { return }
    let newest = Catalogue.oneTrainer.configVersion
    guard let version = config.version else {
      findings.report(
        "\(node.sourceText) is no version: a whole number such as \(newest) belongs here",
        at: Place(node),
        why: "only whole numbers are looked up, so nothing is brought up to date")
      return
    }
    guard version > newest else { return }
    findings.report(
      "version \(version) is newer than what is known here: OneTrainer's newest was \(newest)",
      at: Place(node))
  }

  static let byteOrderMark = Rule(
    SharedRule.byteOrderMark.description(
      of: "onetrainer",
      because: "Python's JSON reader refuses a byte-order mark; some Windows editors write one",
      sources: [Citation("Python 3 library, json: RFC 8259 section 8.1 forbids adding it")],
      examples: [
        .flags("onetrainer", "⟪\u{FEFF}⟫{\"__version\": 11}", fixed: "{\"__version\": 11}"),
        .allows("onetrainer", #"{"__version": 11}"#),
      ])
  ) { config, findings in
    config.document.reportByteOrderMark("OneTrainer", into: &findings)
  }
}

extension String {
  /// `unet as an object` with its first word in quotes.
  fileprivate var withQuotedKey: String {
    let key = prefix { $0 != " " }
    return "'\(key)'\(dropFirst(key.count))"
  }
}
