import Backends
import Knowledge
public import SourceText

extension EditorSchema {
  /// A job of ai-toolkit, in YAML or JSON. Keys that no block reads are marked: that is the commonest
  /// mistake, and the trainer says nothing of it.
  public static var aiToolkit: JSONValue { AIToolkitSchema().root }
}

/// The schema of ai-toolkit's jobs, from the same data that `tuneup lint` goes by.
private struct AIToolkitSchema {
  private let facts = Catalogue.backend("ai-toolkit")

  var root: JSONValue {
    .object([
      .init("$schema", "http://json-schema.org/draft-07/schema#"),
      .init("title", "ai-toolkit job"),
      .init("description", "A training job of ai-toolkit, for run.py or the web interface."),
      .init("type", "object"),
      .init("required", ["job", "config"]),
      // Beside them stand templates for YAML's aliases.
      .init("properties", properties(facts.root)),
      .init(
        "definitions",
        .object(
          facts.objects.sorted { $0.key < $1.key }.map { .init($0.key, definition($0.value)) })),
    ])
  }

  // MARK: Objects

  private func definition(_ object: ObjectFacts) -> JSONValue {
    let required = object.settings.filter(\.isRequired).map { JSONValue.text($0.key) }
    var entries: [JSONValue.Entry] = [.init("type", "object")]
    // Of a job of the kind train the folder may stand above.
    let always = required.filter { $0 != "training_folder" }
    if !always.isEmpty { entries.append(.init("required", .array(always))) }
    entries.append(.init("properties", properties(object)))
    if object.name == "process" { entries.append(.init("allOf", .array(sliders))) }
    entries += [
      .init("patternProperties", .object([.init(#"^(_|\$|#|//|x-|\.)"#, .object([]))])),
      .init("additionalProperties", false),
    ]
    return .object(entries)
  }

  private func properties(_ object: ObjectFacts) -> JSONValue {
    .object(object.settings.map { .init($0.key, property($0, of: object.name)) })
  }

  /// What the slider block holds depends on the type of the process.
  private var sliders: [JSONValue] {
    let kinds = [
      "conceptSlider": ["concept_slider"],
      "referenceSlider": ["image_reference_slider_trainer"],
      "ultimateSlider": ["ultimate_slider_trainer"], "slider": ["slider", "slider_old"],
    ]
    return kinds.sorted { $0.key < $1.key }.map { kind, types in
      [
        "if": [
          "properties": ["type": ["enum": .array(types.map { .text($0) })]], "required": ["type"],
        ],
        "then": ["properties": ["slider": reference(kind)]],
      ]
    }
  }

  private func reference(_ kind: String) -> JSONValue { ["$ref": .text("#/definitions/\(kind)")] }

  // MARK: Settings

  private func property(_ setting: SettingFacts, of object: String) -> JSONValue {
    var entries = [JSONValue.Entry("description", .text(description(setting)))]
    if object == "process", setting.key == "slider" {
      entries.append(.init("type", ["object", "null"]))
    } else {
      entries += shape(setting)
    }
    switch setting.defaultValue {
    case .null, .collection: break
    default: entries.append(.init("default", setting.defaultValue.json))
    }
    return .object(entries)
  }

  private func shape(_ setting: SettingFacts) -> [JSONValue.Entry] {
    switch setting.type {
    case .boolean: [types(["boolean", "number", "string"], setting)] + replaced("true or false")
    case .integer:
      [
        types(
          setting.alsoTakes.contains(.number) ? ["number", "string"] : ["integer", "string"],
          setting)
      ]
        + (setting.range?.entries ?? []) + replaced("a whole number")
    case .number:
      [types(["number", "string"], setting)] + (setting.range?.entries ?? [])
        + (setting.convertsText ? [.init("pattern", .text(Self.numeric))] : replaced("a number"))
    case .text: [types(["string"], setting)]
    case .choice: [choice(setting)]
    case .object, .map: object(setting)
    case .list: [types(["array"], setting)] + items(setting)
    }
  }

  /// With null where that does no harm: what is off by itself, or has no default.
  private func types(_ names: [String], _ setting: SettingFacts) -> JSONValue.Entry {
    let others = setting.alsoTakes.map { type -> String in
      switch type {
      case .boolean: "boolean"
      case .integer: "integer"
      case .number: "number"
      case .list: "array"
      case .object, .map: "object"
      case .text, .choice: "string"
      }
    }
    let isHarmless = setting.breaks == nil && setting.defaultValue != .boolean(true)
    let all =
      names + others.filter { !names.contains($0) }
      + (setting.isNullable || isHarmless ? ["null"] : [])
    return .init("type", all.count == 1 ? .text(all[0]) : .array(all.map { .text($0) }))
  }

  /// A text can only be what the environment puts in its place.
  private func replaced(_ words: String) -> [JSONValue.Entry] {
    [
      .init("pattern", .text(Self.variable)),
      .init("patternErrorMessage", .text("takes \(words), without quotes")),
    ]
  }

  private static let variable = #"\$\{[^}]+\}"#
  /// What float() takes, or a variable.
  private static let numeric = #"^\s*[-+]?(\.?[0-9]|inf|nan)|\$\{[^}]+\}"#

  private func choice(_ setting: SettingFacts) -> JSONValue.Entry {
    let isHarmless = setting.isNullable || setting.breaks == nil
    let names = (setting.choices + setting.namesJudgedElsewhere).map { JSONValue.text($0) }
    var patterns = [Self.variable]
    switch setting.key {
    case "arch": patterns.append("^(\(joined(setting.choices))):")
    case "qtype", "qtype_te": patterns += ["^$", #"^("# + joined(setting.choices) + #")\|"#]
    case "optimizer": patterns += ["[A-Z]", "^prodigy", "^dadaptation"]
    // Folders of one's own below extensions/ may bring more.
    case "type" where setting.choices.contains("sd_trainer"): patterns.append("^")
    default: break
    }
    return .init(
      "anyOf",
      [
        ["enum": .array(names + (isHarmless ? [.null] : []))],
        ["type": "string", "pattern": .text(patterns.joined(separator: "|"))],
      ])
  }

  private func joined(_ names: [String]) -> String {
    names.map(\.pattern).joined(separator: "|")
  }

  private func object(_ setting: SettingFacts) -> [JSONValue.Entry] {
    let known: [JSONValue.Entry] =
      setting.key == "optimizer_params" ? [.init("properties", arguments)] : []
    guard let kind = setting.object else { return [types(["object"], setting)] + known }
    return setting.isNullable || setting.breaks == nil
      ? [.init("anyOf", [reference(kind), ["type": "null"]])]
      : [.init("allOf", [reference(kind)])]
  }

  /// What the classes of the optimizers take: proposed, not demanded.
  private var arguments: JSONValue {
    var seen: Set<String> = []
    let options = Catalogue.optimizers(of: "ai-toolkit").flatMap { $0.uses(in: "ai-toolkit") }
      .flatMap(\.options).filter { $0.refused == nil && seen.insert($0.argument).inserted }
    return .object(
      options.sorted { $0.argument < $1.argument }.map { option in
        .init(option.argument, ["description": .text(option.facts?.meaning ?? "")])
      })
  }

  private func items(_ setting: SettingFacts) -> [JSONValue.Entry] {
    guard setting.object == nil else {
      return setting.object.map { [.init("items", reference($0))] } ?? []
    }
    switch setting.itemType {
    case "text": return [.init("items", ["type": "string"])]
    case "number", "integer": return [.init("items", ["type": .text(setting.itemType ?? "")])]
    default: return []
    }
  }

  /// A line per paragraph, which editors show as such.
  private func description(_ setting: SettingFacts) -> String {
    [
      setting.meaning, setting.more, setting.range.map { "Accepted: \($0.words)." },
      setting.usual.map { "Usual: \($0)." },
    ].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "\n")
  }
}
