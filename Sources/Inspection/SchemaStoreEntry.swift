import SourceText

/// A schema as the catalogue of SchemaStore lists it: editors choose one by the file's name.
struct SchemaStoreEntry {
  /// The file below `Schemas/editor`, without its ending.
  let schema: String
  let name: String
  let description: String
  /// Names that are these files' own: a pattern that other files match would mark them wrongly.
  let fileMatch: [String]

  /// Where the schemas can be read once there is a public copy; `OWNER` stands for whose it is.
  static let place = "https://raw.githubusercontent.com/OWNER/tuneup/main/Schemas/editor"

  /// In the catalogue's order, which is that of the names.
  static let all = [
    SchemaStoreEntry(
      schema: "ai-toolkit", name: "ai-toolkit job",
      description: "A training job of ostris/ai-toolkit",
      fileMatch: [
        "**/ai-toolkit/config/*.yaml", "**/ai-toolkit/config/*.yml", "*.ai-toolkit.yaml",
        "*.ai-toolkit.yml", "*.ai-toolkit.json",
      ]),
    SchemaStoreEntry(
      schema: "kohya-gui", name: "kohya_ss GUI settings",
      description: "Settings that the interface of bmaltais/kohya_ss saves",
      fileMatch: ["**/kohya_ss/presets/**/*.json", "*.kohya-gui.json"]),
    SchemaStoreEntry(
      schema: "kohya", name: "kohya sd-scripts config",
      description: "A training config or a description of images of kohya-ss/sd-scripts",
      fileMatch: ["*.kohya.toml"]),
    SchemaStoreEntry(
      schema: "onetrainer", name: "OneTrainer config",
      description: "A config or preset of Nerogar/OneTrainer",
      fileMatch: [
        "**/OneTrainer/training_presets/**/*.json", "**/OneTrainer/training_configs/*.json",
        "*.onetrainer.json",
      ]),
    SchemaStoreEntry(
      schema: "simpletuner", name: "SimpleTuner config",
      description: "A config.json of bghira/SimpleTuner",
      fileMatch: [
        "**/SimpleTuner/config/**/config.json", "**/simpletuner/config/**/config.json",
        "**/simpletuner/examples/*/config.json", "*.simpletuner.json",
      ]),
    SchemaStoreEntry(
      schema: "tuneup", name: "tuneup settings",
      description: "A team's own rules for the training configs in a folder",
      fileMatch: [".tuneup.yml"]),
  ]

  /// `Schemas/editor/schemastore.json`.
  static var catalogue: JSONValue {
    .array(
      all.map {
        [
          "name": .text($0.name), "description": .text($0.description),
          "fileMatch": .array($0.fileMatch.map { .text($0) }),
          "url": .text("\(place)/\($0.schema).schema.json"),
        ]
      })
  }
}
