import Knowledge
public import SourceText

extension EditorSchema {
  /// A `config.json` of SimpleTuner. Keys that are no option are marked, as each of them stops the run;
  /// keys with dashes before them are taken and not looked at.
  public static var simpleTuner: JSONValue { SimpleTunerSchema().root }
}

/// The schema of SimpleTuner's configs, from the same data that `tuneup lint` goes by.
private struct SimpleTunerSchema {
  private let facts = Catalogue.backend("simpletuner")

  var root: JSONValue {
    .object([
      .init("$schema", "http://json-schema.org/draft-07/schema#"),
      .init("title", "SimpleTuner config"),
      .init("description", "A config.json of SimpleTuner, with its options as keys."),
      .init("type", "object"),
      .init("properties", .object(properties)),
      .init("patternProperties", .object([.init("^-", .object([]))])),
      // What is nothing is dropped, whatever it is called.
      .init("additionalProperties", ["enum": [.null, ""]]),
    ])
  }

  private var properties: [JSONValue.Entry] {
    let options = facts.root.settings.map { JSONValue.Entry($0.key, property($0)) }
    let others = facts.entries(of: "otherNames").compactMap { name, meant -> JSONValue.Entry? in
      guard let setting = meant.first.flatMap({ facts.root[$0] }) else { return nil }
      return .init(
        name,
        .object([.init("description", .text("Another name of \(setting.key)."))] + shape(setting)))
    }
    let skipped = (facts.names(in: "lists", of: "ofInterface") ?? []).map {
      JSONValue.Entry($0, ["description": "Skipped here."])
    }
    let wrapping: [JSONValue.Entry] = [
      .init("_metadata", ["type": "object", "description": "What the web interface notes."]),
      .init("config", ["type": "object", "description": "The options, in its files."]),
      .init("vae_cache_preprocess", ["description": "The opposite of vae_cache_ondemand."]),
      .init("ignore_final_epochs", ["description": "The opposite of strict_epoch_limit."]),
    ]
    return options + others + skipped + wrapping
  }

  private func property(_ setting: SettingFacts) -> JSONValue {
    let usual = setting.usual.map { "Usual: \($0)." }
    let text = [setting.meaning, usual].compactMap(\.self).joined(separator: "\n")
    var entries = [JSONValue.Entry("description", .text(text))] + shape(setting)
    if setting.defaultValue != .null {
      entries.append(.init("default", setting.defaultValue.json))
    }
    return .object(entries)
  }

  /// What the parser takes as it is meant.
  private func shape(_ setting: SettingFacts) -> [JSONValue.Entry] {
    switch setting.type {
    case .boolean: flag(setting)
    case .integer:
      [.init("type", ["integer", "string", "null"])] + (setting.range?.entries ?? []) + [
        .init("pattern", .text(#"^\s*([+-]?\d(_?\d)*|[fF][aA][lL][sS][eE])?\s*$"#)),
        .init(
          "patternErrorMessage",
          .text("'\(setting.key)' takes whole numbers only, without a point or an exponent")),
      ]
    case .number:
      [.init("type", ["number", "string", "null"])] + (setting.range?.entries ?? [])
    case .choice: names(setting)
    case .text where setting.key == "optimizer":
      [.init("enum", .array(Self.optimizers.map { .text($0) } + [.null, ""]))]
    case .text, .object, .list, .map: text(setting)
    }
  }

  private func flag(_ setting: SettingFacts) -> [JSONValue.Entry] {
    if setting.alsoTakes.contains(.text) {
      return [.init("type", ["boolean", "string", "null"])]
    }
    let words = ["true", "1", "yes", "y", "on", "0", "no", "n", "off", ""]
    // In quotes this one is dropped, and the default stays.
    let no = setting.defaultValue.isTruthy ? [] : ["false"]
    let texts = (words + no).map { JSONValue.text($0) }
    return [.init("enum", .array([true, false, .null, 1, 0] + texts))]
  }

  private func names(_ setting: SettingFacts) -> [JSONValue.Entry] {
    if setting.key == "model_family" {
      let all = setting.choices.map(\.patternInAnyCase).joined(separator: "|")
      return [
        .init("type", ["string", "null"]), .init("pattern", .text("^\\s*(\(all))?\\s*$")),
        .init("examples", .array(setting.choices.map { .text($0) })),
      ]
    }
    var values = setting.choices.map { JSONValue.text($0) }
    if setting.key == "lr_scheduler" { values.append("cosine_with_warmup") }
    // Numbers are turned into text.
    values += setting.choices.compactMap { Int($0).map { .integer($0) } }
    return [.init("enum", .array(values + [.null, ""]))]
  }

  private static var optimizers: [String] { Catalogue.optimizerNames(of: "simpletuner").spellings }

  private func text(_ setting: SettingFacts) -> [JSONValue.Entry] {
    let isSerialized = facts.names(in: "lists", of: "serialized")?.contains(setting.key) ?? false
    // False is passed on as a text.
    let types: [JSONValue] = ["string", "number", "boolean", "null"]
    return [
      .init("type", .array(types + (isSerialized ? ["object", "array"] : []))),
      .init("not", ["const": true]),
    ]
  }
}
