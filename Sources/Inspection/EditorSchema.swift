import Knowledge
public import SourceText

/// JSON Schemas (draft-07) of configs, for editors: completion, hover texts, ranges, names.
public enum EditorSchema {
  /// OneTrainer's config.
  public static var oneTrainer: JSONValue {
    let facts = Catalogue.oneTrainer
    var definitions: [JSONValue.Entry] = []
    for (name, object) in facts.objects.sorted(by: { $0.key < $1.key }) {
      definitions.append(.init(name, self.object(object, name)))
    }
    return .object([
      .init("$schema", "http://json-schema.org/draft-07/schema#"),
      .init("title", "OneTrainer config"),
      .init("description", .text("A config or preset of OneTrainer, config version \(facts.configVersion).")),
      .init("type", "object"),
      .init(
        "properties",
        .object([.init("__version", version)] + facts.root.settings.map { .init($0.key, property($0)) })),
      .init("additionalProperties", .boolean(true)),
      .init("definitions", .object(definitions)),
    ])
  }

  private static var version: JSONValue {
    [
      "description": "Version of the config format. Without it the command line takes the file for version 0 and stops.",
      "type": "integer", "minimum": 0,
    ]
  }

  private static func object(_ facts: ObjectFacts, _ name: String) -> JSONValue {
    .object([
      .init("title", .text(facts.title.capitalizedFirst)),
      .init("type", "object"),
      .init(
        "properties",
        .object([.init("__version", ["type": "integer"])] + facts.settings.map { .init($0.key, property($0)) })),
    ])
  }

  /// Numbers may be texts: OneTrainer writes infinity so.
  private static func property(_ facts: SettingFacts) -> JSONValue {
    var entries: [JSONValue.Entry] = []
    if let title = facts.guideTitle ?? (facts.title == facts.key ? nil : facts.title) {
      entries.append(.init("title", .text(title)))
    }
    entries.append(.init("description", .text(description(facts))))
    switch facts.type {
    case .boolean: entries.append(.init("type", type("boolean", facts)))
    case .integer: entries += [.init("type", type("integer", facts))] + bounds(facts)
    case .number:
      entries += [
        .init(
          "anyOf",
          .array(
            [.object([.init("type", "number")] + bounds(facts)), ["enum": ["inf", "-inf"]]]
              + (facts.isNullable ? [["type": "null"]] : [])))
      ]
    case .text:
      // Numbers are turned into text, and "resolution": 512 is common.
      entries.append(.init("type", .array([.text("string"), .text("number")] + (facts.isNullable ? [.text("null")] : []))))
    case .choice:
      entries.append(
        .init("enum", .array(facts.choices.map { .text($0) } + (facts.isNullable ? [.null] : []))))
    case .object:
      if let object = facts.object { entries.append(.init("allOf", [["$ref": .text("#/definitions/\(object)")]])) }
    case .list:
      entries.append(.init("type", type("array", facts)))
      if let object = facts.object { entries.append(.init("items", ["$ref": .text("#/definitions/\(object)")])) }
    case .map:
      entries.append(.init("type", type("object", facts)))
      if let object = facts.object {
        entries.append(.init("additionalProperties", ["$ref": .text("#/definitions/\(object)")]))
      }
    }
    if facts.defaultValue != .collection, facts.type != .object {
      entries.append(.init("default", facts.defaultValue.json))
    }
    return .object(entries)
  }

  private static func description(_ facts: SettingFacts) -> String {
    [facts.meaning, facts.more, facts.usual.map { "Usual: \($0)." }].compactMap(\.self)
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func type(_ name: String, _ facts: SettingFacts) -> JSONValue {
    facts.isNullable ? [.text(name), "null"] : .text(name)
  }

  private static func bounds(_ facts: SettingFacts) -> [JSONValue.Entry] {
    guard let range = facts.range else { return [] }
    return [
      range.minimum.map { .init("minimum", .number($0)) },
      range.maximum.map { .init("maximum", .number($0)) },
      range.exclusiveMinimum.map { .init("exclusiveMinimum", .number($0)) },
      range.exclusiveMaximum.map { .init("exclusiveMaximum", .number($0)) },
    ].compactMap(\.self)
  }
}
