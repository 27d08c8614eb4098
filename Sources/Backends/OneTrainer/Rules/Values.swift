import Knowledge
import Plans
import SourceText

extension Rule<OneTrainerConfig> {
  static let unreadableValue = Rule(
    SharedRule.unreadableValue.description(
      of: "onetrainer",
      because: """
        OneTrainer prints one line and keeps the default; in a boolean it takes every text for true, \
        also "false"
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/config/BaseConfig.py:84-138")],
      covers: ["onetrainer/A4", "onetrainer/A5"],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, "latent_caching": ⟪"false"⟫}"#,
          fixed: #"{"__version": 11, "latent_caching": false}"#),
        .flags("onetrainer", #"{"__version": 11, "learning_rate": ⟪"0,0001"⟫}"#),
        .flags(
          "onetrainer", #"{"__version": 11, "learning_rate": 1, "optimizer": ⟪"PRODIGY"⟫}"#,
          fixed: #"{"__version": 11, "learning_rate": 1, "optimizer": {"optimizer": "PRODIGY"}}"#),
        .flags("onetrainer", #"{"__version": 11, "epochs": ⟪null⟫, "learning_rate": ⟪NaN⟫}"#),
        .flags("onetrainer", #"{"__version": 11, "unet": ⟪true⟫, "epochs": ⟪[10]⟫}"#),
        .allows("onetrainer", #"{"__version": 11, "clip_grad_norm": null, "resolution": 512}"#),
      ])
  ) { config, findings in
    for object in config.objects {
      for (facts, node, conversion) in object.misfits {
        config.reportUnreadable(node, facts, conversion, object, &findings)
      }
    }
  }

  static let unknownName = Rule(
    SharedRule.unknownName.description(
      of: "onetrainer",
      because: """
        names must be spelled exactly, letter case included; OneTrainer prints one line and keeps the \
        default
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/config/BaseConfig.py:110-118")],
      covers: ["onetrainer/A4"],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, "optimizer": {"optimizer": ⟪"DADATP_SGD"⟫}}"#,
          fixed: #"{"__version": 11, "optimizer": {"optimizer": "DADAPT_SGD"}}"#),
        .flags(
          "onetrainer", #"{"__version": 11, "learning_rate_scheduler": ⟪"cosine"⟫}"#,
          fixed: #"{"__version": 11, "learning_rate_scheduler": "COSINE"}"#),
        .flags("onetrainer", #"{"__version": 11, "learning_rate_scheduler": ⟪"WAVE"⟫}"#),
        .allows("onetrainer", #"{"__version": 11, "learning_rate_scheduler": "COSINE"}"#),
      ])
  ) { config, findings in
    for object in config.objects {
      for (facts, node, conversion) in object.misfits where facts.type == .choice {
        config.reportUnknownName(node, facts, conversion, object, &findings)
      }
    }
  }

  static let numberInText = Rule(
    SharedRule.numberInText.description(
      of: "onetrainer",
      because: "OneTrainer converts it: what runs may not be what the file seems to say",
      sources: [Citation("OneTrainer 23df3832 modules/util/config/BaseConfig.py:121-132")],
      covers: ["onetrainer/A4"],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, "learning_rate": ⟪"1e-4"⟫}"#,
          fixed: #"{"__version": 11, "learning_rate": 1e-4}"#),
        .flags(
          "onetrainer", #"{"__version": 11, "epochs": ⟪2.7⟫}"#,
          fixed: #"{"__version": 11, "epochs": 2}"#),
        .allows("onetrainer", #"{"__version": 11, "learning_rate": 1e-4, "epochs": 2.0}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY", "growth_rate": "inf"}}"#),
      ])
  ) { config, findings in
    for object in config.objects {
      for (facts, node, conversion) in object.misfits
      where facts.type == .number || facts.type == .integer {
        guard case .coerced(let value, let coercion) = conversion,
          coercion == .numberInText || coercion == .truncated, let number = value.number
        else { continue }
        // The user's own digits, where JSON takes them as they are.
        let isJSON =
          node.kind == .string
          && (try? JSONReader.read(SourceFile(path: "", text: node.text))) != nil
        let literal = isJSON ? node.text : Number.literal(number)
        let edits = config.document.editor.replace(node, with: .numeral(literal))
        let fix = edits.map { Fix(title: "write \(literal)", safety: .safe, edits: $0) }
        findings.report(
          "\(node.sourceText) is read as \(literal)", at: Place(node),
          why: coercion == .truncated
            ? "'\(facts.key)' is a whole number: the fraction is cut off" : nil,
          fixes: number.isFinite ? [fix] : [])
      }
    }
  }
}

extension OneTrainerConfig {
  /// A name, a number or a boolean that was not read, with the value that is used instead.
  fileprivate func reportUnreadable(
    _ node: DocumentNode, _ facts: SettingFacts, _ conversion: PythonConversion,
    _ object: ConfigObject, _ findings: inout Findings
  ) {
    let place = Place(node)
    func report(_ message: String, _ fix: Fix? = nil) {
      findings.reportMistake(message, at: place, fixes: [fix])
    }
    switch conversion {
    case .taken: return
    // The interface saves these lists as null: what they hold is in files of their own.
    case .coerced(.null, .keptAsIs) where facts.isNullable: return
    case .coerced(_, .truthyText):
      // Only a text that says what was meant can be repaired, and that changes the run.
      let meant = [
        "false": "false", "no": "false", "0": "false", "true": "true", "yes": "true", "1": "true",
      ][
        node.text.lowercased()]
      let fix = meant.flatMap { literal in
        document.editor.replace(node, with: .boolean(literal == "true")).map {
          Fix(
            title: "write \(literal)", safety: literal == "true" ? .safe : .unsafe, edits: $0)
        }
      }
      let effect = node.text.isEmpty ? "counts as false" : "counts as true"
      report("\(node.sourceText) is a text and \(effect): '\(facts.key)' takes true or false", fix)
    case .coerced(_, .truthyOther):
      report("\(shown(node)) is neither true nor false: '\(facts.key)' takes one of them")
    case .coerced(_, .stringified):
      report("\(shown(node)) becomes a text: '\(facts.key)' takes text in double quotes")
    case .coerced(_, .notANumber):
      report(
        "\(shown(node)) is read, and turns all it is computed with into NaN: '\(facts.key)' takes a number"
      )
    case .coerced(_, .keptAsIs):
      report("\(shown(node)) is kept for '\(facts.key)', which takes \(facts.type.words)")
    case .coerced: return
    case .refused(.unknownName): return
    case .refused(.null):
      report("'\(facts.key)' must not be null: \(fallback(facts, object)) stays")
    case .refused(.notANumber):
      report("\(shown(node)) is no number: '\(facts.key)' stays at \(fallback(facts, object))")
    case .refused(.wrongShape) where facts.key == "optimizer" && node.kind == .string:
      let choices = Catalogue.options["optimizer"]?.choices ?? []
      let name =
        choices.contains(node.text) ? node.text : Suggestion.nearest(to: node.text, in: choices)
      let object = name.map { "{\"optimizer\": \(JSONText.quoted($0))}" }
      let edits = name.flatMap {
        document.editor.replace(node, with: .entry("optimizer", .text($0)))
      }
      let fix = edits.map {
        Fix(title: "write \(object ?? "")", safety: .unsafe, edits: $0)
      }
      report(
        "\(shown(node)) does not fit 'optimizer', which takes an object such as "
          + "\(object ?? "{\"optimizer\": \"ADAMW\"}"): it is not read", fix)
    case .refused(.wrongShape):
      report(
        "\(shown(node)) does not fit '\(facts.key)', which takes \(facts.type.words): it is not read"
      )
    case .refused(.unreadableElement):
      report("'\(facts.key)' holds something that is no object: none of it is read")
    }
  }

  fileprivate func reportUnknownName(
    _ node: DocumentNode, _ facts: SettingFacts, _ conversion: PythonConversion,
    _ object: ConfigObject, _ findings: inout Findings
  ) {
    let place = Place(node)
    switch conversion {
    case .refused(.unknownName):
      let nearest = Suggestion.allNearest(to: node.text, in: facts.choices)
      let accepted =
        nearest.isEmpty
        ? "it takes " + facts.choices.prefix(8).joined(separator: ", ")
          + (facts.choices.count > 8 ? " and \(facts.choices.count - 8) more" : "")
        : "did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
      let fix = nearest.first.flatMap { name in
        document.editor.replace(node, with: .text(name)).map {
          Fix(
            title: "write \(JSONText.quoted(name))", safety: nearest.count == 1 ? .safe : .unsafe,
            edits: $0)
        }
      }
      findings.reportMistake(
        "'\(node.text)' is no value of '\(facts.key)', \(fallback(facts, object)) is used: \(accepted)",
        at: place, fixes: [fix])
    case .coerced(_, .notAName):
      findings.reportMistake(
        "\(shown(node)) is no name: '\(facts.key)' takes one of \(facts.choices.prefix(4).joined(separator: ", "))…",
        at: place)
    default: return
    }
  }

  private func shown(_ node: DocumentNode) -> String {
    node.isCollection ? (node.kind == .mapping ? "an object" : "a list") : node.sourceText
  }

  private func fallback(_ facts: SettingFacts, _ object: ConfigObject) -> String {
    let value = object.setting(facts.key).value
    return value == .collection ? "the default" : value.words
  }
}

extension SettingType {
  /// After "takes ".
  var words: String {
    switch self {
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .text: "text"
    case .choice: "a name"
    case .object: "an object"
    case .list: "a list"
    case .map: "an object"
    }
  }
}
