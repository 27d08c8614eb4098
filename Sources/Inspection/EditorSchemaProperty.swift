import Knowledge
import SourceText

extension EditorSchema {
  /// One setting. Type and bounds stand side by side, not in alternatives, so that an editor can
  /// name the one that is broken: bounds hold for numbers alone, patterns for texts alone.
  static func property(_ facts: SettingFacts) -> JSONValue {
    var entries: [JSONValue.Entry] = []
    if let title = facts.guideTitle ?? (facts.title == facts.key ? nil : facts.title) {
      entries.append(.init("title", .text(title)))
    }
    entries.append(.init("description", .text(description(facts))))
    entries += shape(facts)
    if let value = defaultValue(facts) { entries.append(.init("default", value)) }
    return .object(entries)
  }

  private static func shape(_ facts: SettingFacts) -> [JSONValue.Entry] {
    switch facts.type {
    // OneTrainer stores null in any of them, where it is false.
    case .boolean: [.init("type", ["boolean", "null"])]
    case .integer:
      number(facts, wholeNumberInText, "a whole number in quotes") + [.init("multipleOf", 1)]
    case .number: number(facts, numberInText, "a number in quotes, or \"inf\"")
    // Numbers are turned into text, and "resolution": 512 is common.
    case .text: [types(["string", "number"], facts)]
    case .choice: choice(facts)
    case .object: object(facts)
    case .list: [types(["array"], facts)] + items("items", facts)
    case .map: [types(["object"], facts)] + map(facts)
    }
  }

  private static func types(_ names: [JSONValue], _ facts: SettingFacts) -> JSONValue.Entry {
    let all = facts.isNullable ? names + ["null"] : names
    return .init("type", all.count == 1 ? all[0] : .array(all))
  }

  // MARK: Numbers

  /// What Python's `float()` reads: OneTrainer itself writes infinity as a text.
  private static let numberInText =
    #"^\s*[+-]?((\d(_?\d)*\.?(\d(_?\d)*)?|\.\d(_?\d)*)([eE][+-]?\d(_?\d)*)?|[iI][nN][fF]([iI][nN][iI][tT][yY])?)\s*$"#
  /// What Python's `int()` reads.
  private static let wholeNumberInText = #"^\s*[+-]?\d(_?\d)*\s*$"#

  private static func number(
    _ facts: SettingFacts, _ pattern: String, _ text: String
  ) -> [JSONValue.Entry] {
    [types(["number", "string"], facts)] + (facts.range?.entries ?? []) + [
      .init("pattern", .text(pattern)),
      .init("patternErrorMessage", .text("'\(facts.key)' takes a number; text must be \(text)")),
    ]
  }

  // MARK: Names

  private static func choice(_ facts: SettingFacts) -> [JSONValue.Entry] {
    let null: [JSONValue] = facts.isNullable ? [.null] : []
    var entries = [JSONValue.Entry("enum", .array(facts.choices.map { .text($0) } + null))]
    if let words = meanings(facts) {
      let unset = null.map { _ in JSONValue.text("") }
      entries.append(.init("enumDescriptions", .array(words.map { .text($0) } + unset)))
    }
    return entries
  }

  /// What each name means, for the settings whose names are explained one by one.
  private static func meanings(_ facts: SettingFacts) -> [String]? {
    switch facts.key {
    case "optimizer": facts.choices.map { Catalogue.optimizer($0)?.summary ?? "" }
    case "learning_rate_scheduler":
      facts.choices.map { name in Catalogue.schedulers.first { $0.id == name }?.summary ?? "" }
    case "model_type": facts.choices.map { Catalogue.oneTrainerModel($0)?.title ?? "" }
    default: nil
    }
  }

  // MARK: Objects

  private static func object(_ facts: SettingFacts) -> [JSONValue.Entry] {
    guard let kind = facts.object else {
      // A plain object, stored unchecked: what it may hold is shown, not demanded.
      let shown = facts.key == "muon_adam_config" ? auxiliaryAdam : []
      return [types(["object"], facts)]
        + (shown.isEmpty ? [] : [.init("properties", .object(shown))])
    }
    if facts.key == kind, kind == "optimizer" {
      let names = Catalogue.options["optimizer"]?.choices ?? []
      return [
        .init("type", ["object", "string"]),
        .init("if", ["type": "string"]),
        .init("then", ["enum": .array(names.map { .text($0) })]),
        .init("else", reference(kind)),
      ]
    }
    let own = overridden(facts.key, kind)
    return [
      .init("type", "object"), .init("allOf", .array([reference(kind)])),
      own.isEmpty ? nil : .init("properties", .object(own)),
    ].compactMap(\.self)
  }

  /// Defaults that differ from part to part.
  private static func overridden(_ key: String, _ kind: String) -> [JSONValue.Entry] {
    let facts = Catalogue.oneTrainer
    return facts.objects[kind]?.settings.compactMap { setting in
      facts.defaultOverrides[key]?[setting.key].map {
        .init(setting.key, ["default": $0.json])
      }
    } ?? []
  }

  /// The options that OneTrainer offers for the Adam beside Muon.
  private static var auxiliaryAdam: [JSONValue.Entry] {
    Catalogue.options.settings.filter(\.isOfAuxiliaryAdam).map {
      .init($0.key, ["description": .text(description($0))])
    }
  }

  private static func items(_ key: String, _ facts: SettingFacts) -> [JSONValue.Entry] {
    facts.object.map { [.init(key, reference($0))] } ?? []
  }

  /// Every key is taken; those of optimizers are proposed.
  private static func map(_ facts: SettingFacts) -> [JSONValue.Entry] {
    let names = facts.object == "optimizer" ? Catalogue.options["optimizer"]?.choices ?? [] : []
    let proposed = names.map { name in
      JSONValue.Entry(name, reference("optimizer"))
    }
    return (proposed.isEmpty ? [] : [.init("properties", .object(proposed))])
      + items("additionalProperties", facts)
  }

  private static func reference(_ kind: String) -> JSONValue {
    ["$ref": .text("#/definitions/\(kind)")]
  }

  // MARK: Texts and defaults

  /// A line per paragraph, which editors show as such.
  private static func description(_ facts: SettingFacts) -> String {
    let range = facts.range.map { "Accepted: \($0.words)." }
    return [facts.meaning, facts.more, range, facts.usual.map { "Usual: \($0)." }]
      .compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// Nil for collections, and where null stands for a value that is made anew or has to be given.
  private static func defaultValue(_ facts: SettingFacts) -> JSONValue? {
    switch facts.defaultValue {
    case .collection: nil
    case .null where !facts.isNullable: nil
    default: facts.defaultValue.json
    }
  }
}
