import Backends
import Knowledge
public import SourceText

extension EditorSchema {
  /// The files of sd-scripts: a training config, or a description of images.
  public static var kohya: JSONValue { KohyaSchema().root }
  /// The JSON files of its interface.
  public static var kohyaGUI: JSONValue { KohyaGUISchema().root }
}

/// The schema of sd-scripts' TOML files, from the same data that `tuneup lint` goes by. Tables at the
/// top are dissolved, so that every setting may stand at the top and in a table.
private struct KohyaSchema {
  private let facts = Catalogue.backend("kohya")

  var root: JSONValue {
    .object([
      .init("$schema", "http://json-schema.org/draft-07/schema#"),
      .init("title", "sd-scripts config"),
      .init(
        "description",
        "What --config_file names, a training config, or --dataset_config, a description of images."
      ),
      .init("type", "object"),
      .init("if", ["anyOf": [["required": ["datasets"]], ["required": ["general"]]]]),
      .init("then", reference("images")),
      .init("else", reference("training")),
      .init(
        "definitions",
        .object(
          [
            .init("training", training), .init("table", table), .init("images", images),
            .init("set", object("dataset", with: [.init("subsets", list(of: "subset"))])),
            .init("subset", object("subset")),
          ] + facts.root.settings.map { .init(name($0), setting($0)) })),
    ])
  }

  private func reference(_ name: String) -> JSONValue { ["$ref": .text("#/definitions/\(name)")] }

  private func list(of name: String) -> JSONValue { ["type": "array", "items": reference(name)] }

  // MARK: Training

  private func name(_ setting: SettingFacts) -> String { "training.\(setting.key)" }

  private var properties: JSONValue {
    .object(facts.root.settings.map { .init($0.key, reference(name($0))) })
  }

  private var training: JSONValue {
    ["properties": properties, "additionalProperties": reference("table")]
  }

  private var table: JSONValue {
    ["type": "object", "properties": properties, "additionalProperties": false]
  }

  private func setting(_ setting: SettingFacts) -> JSONValue {
    var entries = [JSONValue.Entry("description", .text(description(setting)))]
    entries += shape(setting)
    entries += setting.range?.entries ?? []
    switch setting.defaultValue {
    case .collection, .null: break
    default: entries.append(.init("default", setting.defaultValue.json))
    }
    return .object(entries)
  }

  private func description(_ setting: SettingFacts) -> String {
    let scripts = setting.scripts.joined(separator: ", ")
    let readers = scripts.isEmpty ? nil : "Scripts: \(scripts)."
    return [setting.meaning, setting.more, readers].compactMap(\.self).joined(separator: "\n")
  }

  private func shape(_ setting: SettingFacts) -> [JSONValue.Entry] {
    switch setting.type {
    // 1 and 0 do what they say.
    case .boolean: [.init("type", ["boolean", "integer"])]
    case .integer: [.init("type", setting.takesFraction ? "number" : "integer")]
    case .number: [.init("type", "number")]
    case .text where setting.key == "optimizer_type": optimizers
    case .text where setting.key == "lr_scheduler": schedulers
    case .text: [.init("type", "string")]
    case .choice:
      [.init("type", "string"), .init("enum", .array(setting.choices.map { .text($0) }))]
    case .list where setting.itemType == "number":
      [.init("type", ["array", "number"]), .init("items", ["type": "number"])]
    case .list: [.init("type", "array"), .init("items", ["type": "string"])]
    case .object, .map: [.init("type", "object")]
    }
  }

  /// Built-in names in any case, names of torch.optim, and the path of a class of one's own.
  private var optimizers: [JSONValue.Entry] {
    let names = Catalogue.optimizerNames(of: "kohya")
    let patterns =
      names.anyCase.map { "^\($0.patternInAnyCase)$" } + names.exact.map { "^\($0.pattern)$" }
      + ["^$", #"\."#]
    let usable = Catalogue.optimizers(of: "kohya").flatMap { $0.uses(in: "kohya") }
      .filter { $0.isBroken == nil }
    return [
      .init("type", "string"), .init("pattern", .text(patterns.joined(separator: "|"))),
      .init(
        "patternErrorMessage", "no optimizer of sd-scripts or torch.optim, and no path of a class"),
      .init("examples", .array(usable.map { .text($0.name) })),
    ]
  }

  /// Proposed, not demanded: what optimizers without a schedule are given here is not looked at.
  private var schedulers: [JSONValue.Entry] {
    let names = Catalogue.schedulers.flatMap { $0.uses(in: "kohya") }.map(\.name)
    return [.init("type", "string"), .init("examples", .array(names.map { .text($0) }))]
  }

  // MARK: Images

  private var images: JSONValue {
    [
      "properties": ["general": object("general"), "datasets": list(of: "set")],
      "required": ["datasets"],
      "additionalProperties": false,
    ]
  }

  /// One level of the description. The trainer's own schema is as strict.
  private func object(_ level: String, with more: [JSONValue.Entry] = []) -> JSONValue {
    let own = (facts.object("data")?.settings ?? []).filter {
      // What stands outside holds for all within.
      $0.levels.isEmpty || $0.levels.contains(level)
    }
    return .object([
      .init("type", "object"),
      .init("properties", .object(more + own.map { .init($0.key, image($0)) })),
      .init("additionalProperties", false),
    ])
  }

  private func image(_ setting: SettingFacts) -> JSONValue {
    .object([.init("description", .text(setting.meaning))] + imageShape(setting))
  }

  private func imageShape(_ setting: SettingFacts) -> [JSONValue.Entry] {
    switch setting.type {
    case .boolean: [.init("type", "boolean")]
    case .integer: [.init("type", "integer")]
    case .number: [.init("type", "number")]
    case .list where setting.itemType == "integer":
      [
        .init("type", ["integer", "array"]), .init("items", ["type": "integer"]),
        .init("minItems", 2), .init("maxItems", 2),
      ]
    case .list:
      [
        .init("type", "array"), .init("items", ["type": "number"]), .init("minItems", 2),
        .init("maxItems", 2),
      ]
    case .object, .map: [.init("type", "object")]
    case .text, .choice: [.init("type", "string")]
    }
  }
}

/// The schema of the interface's files. All tabs share one: a file does not say which it is of.
private struct KohyaGUISchema {
  private let facts = Catalogue.backend("kohya-gui")

  var root: JSONValue {
    .object([
      .init("$schema", "http://json-schema.org/draft-07/schema#"),
      .init("title", "kohya_ss settings"),
      .init("description", "Settings that the kohya_ss GUI saves and loads, of any of its tabs."),
      .init("type", "object"),
      .init(
        "properties",
        .object(
          facts.root.settings.map { .init($0.key, setting($0)) }
            + facts.retired.map {
              .init(
                $0.key,
                ["description": .text($0.text), "deprecationMessage": "of an earlier version"])
            })),
      .init("additionalProperties", false),
    ])
  }

  private func setting(_ setting: SettingFacts) -> JSONValue {
    let tabs = setting.tabs.joined(separator: ", ")
    let description =
      tabs.isEmpty ? setting.meaning : "\(setting.meaning)\nTabs: \(tabs)."
    return .object(
      [.init("description", .text(description))] + shape(setting) + (setting.range?.entries ?? [])
        + [.init("default", setting.defaultValue.json)])
  }

  private func shape(_ setting: SettingFacts) -> [JSONValue.Entry] {
    switch setting.type {
    case .boolean: [.init("type", ["boolean", "null"])]
    // Older versions saved numbers as text, and nothing for those that were not set.
    case .integer where !setting.takesFraction:
      [
        .init("type", ["number", "string", "null"]), .init("pattern", #"^\s*([+-]?\d+)?\s*$"#),
      ]
    case .integer, .number:
      [
        .init("type", ["number", "string", "null"]),
        .init("pattern", #"^\s*([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)?\s*$"#),
      ]
    case .choice where setting.key == "xformers": [.init("type", ["string", "boolean"])]
    case .choice:
      [.init("enum", .array((setting.choices + older(setting)).map { .text($0) } + [.null]))]
    default: [.init("type", ["string", "number", "null"])]
    }
  }

  /// Names that loading turns into others.
  private func older(_ setting: SettingFacts) -> [String] {
    switch setting.key {
    case "LoRA_type": ["LoCon"]
    default: setting.defaultValue == .text("") ? [""] : []
    }
  }
}
