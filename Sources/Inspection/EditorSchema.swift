import Knowledge
public import SourceText

/// JSON Schemas (draft-07) of configs, for editors: completion, hover texts, ranges, names.
///
/// What the trainer reads as it is meant is valid, in files of every version; what an editor marks,
/// `tuneup lint` reports as well.
public enum EditorSchema {
  /// The schema of a trainer's configs; nil if there is none.
  public static func schema(of backend: String) -> JSONValue? {
    switch backend {
    case "onetrainer": oneTrainer
    case "ai-toolkit": aiToolkit
    case "simpletuner": simpleTuner
    case "kohya": kohya
    case "kohya-gui": kohyaGUI
    case "tuneup": settings
    default: nil
    }
  }

  /// OneTrainer's config.
  public static var oneTrainer: JSONValue {
    let facts = Catalogue.oneTrainer
    let kinds = facts.objects.sorted { $0.key < $1.key }
    return .object([
      .init("$schema", "http://json-schema.org/draft-07/schema#"),
      .init("title", "OneTrainer config"),
      .init(
        "description",
        .text("A config or preset of OneTrainer, config version \(facts.configVersion).")),
      .init("type", "object"),
      .init(
        "properties",
        .object(
          [.init("__version", version)] + facts.root.settings.map { .init($0.key, property($0)) })),
      .init("patternProperties", .object(ownKeys + olderKeys)),
      .init("additionalProperties", false),
      .init("allOf", .array([optimizerIsObject] + retiredKeys)),
      .init(
        "definitions",
        .object(kinds.map { .init($0.key, $0.key == "optimizer" ? optimizer : object($0.value)) })),
    ])
  }

  private static var version: JSONValue {
    [
      "description": """
      Version of the config format. Without it the command line takes the file for version 0, the \
      format of early 2024.
      """,
      "type": "number", "multipleOf": 1, "minimum": 0,
      "default": .integer(Catalogue.oneTrainer.configVersion),
    ]
  }

  // MARK: Objects

  private static func object(_ facts: ObjectFacts) -> JSONValue {
    let properties = JSONValue.Entry(
      "properties", .object(facts.settings.map { .init($0.key, property($0)) }))
    // The arguments of a scheduler of one's own are stored unchecked.
    if facts.name == "schedulerParameter" { return .object([properties]) }
    return .object([.init("type", "object"), properties] + noOtherKeys)
  }

  /// The editor's own key, and the version that parts of a config carry along: passed over anywhere.
  private static let ownKeys = [JSONValue.Entry(#"^(__version|\$schema)$"#, .object([]))]

  private static let noOtherKeys: [JSONValue.Entry] = [
    .init("patternProperties", .object(ownKeys)), .init("additionalProperties", false),
  ]

  /// All options, and with each optimizer the values that OneTrainer's interface fills in for it.
  private static var optimizer: JSONValue {
    .object(
      [
        .init("type", "object"),
        .init(
          "properties", .object(Catalogue.options.settings.map { .init($0.key, property($0)) })),
        .init("allOf", .array(Catalogue.optimizers.compactMap(tableDefaults))),
      ] + noOtherKeys)
  }

  /// Nil if they are all the ones that missing options have.
  private static func tableDefaults(_ optimizer: OptimizerFacts) -> JSONValue? {
    guard let use = optimizer.use(in: "onetrainer") else { return nil }
    let own = use.options.filter { option in
      Catalogue.options[option.key].map { $0.defaultValue != option.tableDefault } ?? false
    }
    if own.isEmpty { return nil }
    let properties = own.map { JSONValue.Entry($0.key, ["default": $0.tableDefault.json]) }
    return [
      "if": [
        "properties": ["optimizer": ["const": .text(use.name)]], "required": ["optimizer"],
      ],
      "then": ["properties": .object(properties)],
    ]
  }

  // MARK: Versions

  /// Only version 0 has a name there.
  private static var optimizerIsObject: JSONValue {
    since(1, ["optimizer": ["type": "object"]])
  }

  /// Patterns of the keys that some version had. As patterns they are valid without being proposed.
  private static var olderKeys: [JSONValue.Entry] {
    Catalogue.oneTrainer.retired.map { key in
      // The one star stands for any end.
      let name = key.key.hasSuffix("*") ? String(key.key.dropLast()) : key.key + "$"
      return .init("^" + name, .object([]))
    }
  }

  /// Keys that files of a version no longer have: valid, not proposed, and struck out where the
  /// editor knows `deprecationMessage`.
  private static var retiredKeys: [JSONValue] {
    let keys = Catalogue.oneTrainer.retired.filter { !$0.key.contains("*") }
    return Set(keys.map(\.until)).sorted().map { until in
      since(
        until + 1,
        .object(
          keys.filter { $0.until == until }.map { key in
            let now = key.now.map { "; it is '\($0)' now" } ?? ""
            return .init(
              key.key,
              [
                "description": .text(key.text),
                "deprecationMessage": .text("not read from files of this version\(now)"),
              ])
          }))
    }
  }

  /// Properties of files that say they are of this version or a newer one.
  private static func since(_ version: Int, _ properties: JSONValue) -> JSONValue {
    [
      "if": [
        "properties": ["__version": ["minimum": .integer(version)]], "required": ["__version"],
      ],
      "then": ["properties": properties],
    ]
  }
}
