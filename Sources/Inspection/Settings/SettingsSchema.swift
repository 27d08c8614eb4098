import Plans
public import SourceText

extension EditorSchema {
  /// Files of settings, `.tuneup.yml`: made of the table that the check goes by.
  public static var settings: JSONValue {
    .object(
      [
        .init("$schema", "http://json-schema.org/draft-07/schema#"),
        .init("title", "tuneup settings"),
        .init(
          "description",
          "A team's own rules for the configs in a folder: .tuneup.yml, or config.yml of a user."),
      ] + object(SettingsKey.all) + [
        .init(
          "definitions",
          [
            "rule": [
              "type": "string", "enum": .array(Inspector.rules.map { .text($0.id) }),
              "enumDescriptions": .array(Inspector.rules.map { .text($0.summary) }),
            ]
          ])
      ])
  }

  private static func object(_ keys: [SettingsKey]) -> [JSONValue.Entry] {
    let required = keys.filter(\.isRequired).map { JSONValue.text($0.name) }
    return [
      .init("type", "object"),
      .init("properties", .object(keys.map { .init($0.name, property($0)) })),
      .init("patternProperties", ["^x-": .object([])]),
      .init("additionalProperties", false),
    ] + (required.isEmpty ? [] : [.init("required", .array(required))])
  }

  private static func property(_ key: SettingsKey) -> JSONValue {
    .object([.init("description", .text(key.meaning))] + shape(key.shape))
  }

  private static func shape(_ shape: SettingsKey.Shape) -> [JSONValue.Entry] {
    switch shape {
    case .choice(let words):
      // `off` without quotes is false to readers of YAML 1.1.
      [.init("enum", .array(words.map { .text($0) } + (words.contains("off") ? [false] : [])))]
    case .size:
      [
        .init("type", "string"),
        .init("pattern", #"^\s*(?=[0-9.]*[1-9])[0-9]+(\.[0-9]+)?\s*([gG]|[mM])([iI]?[bB])?\s*$"#),
        .init("patternErrorMessage", .text("must be \(shape.words)")),
      ]
    // A number alone is how people call most of them.
    case .card: [.init("type", ["string", "integer"])]
    case .count:
      [.init("type", "integer"), .init("minimum", 1), .init("maximum", 1_000_000_000)]
    case .rule: [.init("$ref", "#/definitions/rule")]
    case .pattern, .text: [.init("type", "string"), .init("pattern", #"\S"#)]
    case .list(let inner):
      [
        .init(
          "anyOf",
          [
            .object(self.shape(inner)),
            ["type": "array", "items": .object(self.shape(inner))],
          ])
      ]
    case .object(let keys): object(keys)
    case .either(let inner, let keys):
      [.init("anyOf", [.object(self.shape(inner)), .object(object(keys))])]
    case .map(.rule, let value):
      [
        .init("type", "object"),
        .init(
          "properties",
          .object(
            Inspector.rules.map { rule in
              .init(
                rule.id, .object([.init("description", .text(rule.summary))] + self.shape(value)))
            })),
        .init("additionalProperties", false),
      ]
    case .map(_, let value):
      [.init("type", "object"), .init("additionalProperties", .object(self.shape(value)))]
    }
  }
}
