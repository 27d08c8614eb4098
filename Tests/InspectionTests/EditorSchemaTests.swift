import Foundation
import Inspection
import Knowledge
import Reporting
import SourceText
import TestSupport
import Testing

@Suite struct EditorSchemaTests {
  static let schema = EditorSchema.oneTrainer
  static let validator = SchemaValidator(root: schema)

  static func mistake(in text: String) throws -> String? {
    validator.mistake(in: try JSONValue.reading(text))
  }

  // MARK: Files

  @Test(
    arguments: Repository.files(below: "Presets/onetrainer", ending: ".json").filter {
      !$0.hasSuffix("recipe.json")
    } + ["Examples/ci/configs/style-sdxl.json", "Examples/prodigy-cosine.json"])
  func takesOurPresets(_ path: String) throws {
    #expect(try Self.mistake(in: Repository.text(path)) == nil)
  }

  /// As presets, which have no version, and as files of every version.
  @Test(.enabled(if: SharedFiles.arePresent), arguments: CorpusTests.configs)
  func takesTheTrainersPresets(_ url: URL) throws {
    let preset = try JSONValue.reading(String(contentsOf: url, encoding: .utf8))
    #expect(Self.validator.mistake(in: preset) == nil)
    for version in 0...Catalogue.oneTrainer.configVersion {
      let config = JSONValue.object([.init("__version", .integer(version))] + preset.entries)
      #expect(Self.validator.mistake(in: config) == nil, "version \(version)")
    }
  }

  @Test(arguments: [
    "{}", #"{"__version": 11}"#, #"{"__version": 11.0, "epochs": 2.0}"#,
    #"{"learning_rate": "1e-4", "epochs": "10", "resolution": 512}"#,
    #"{"learning_rate": " +1_0.5E-3\n"}"#, #"{"learning_rate": "inf"}"#,
    #"{"learning_rate": ".5"}"#,
    #"{"optimizer": {"optimizer": "PRODIGY", "growth_rate": "inf", "beta3": null}}"#,
    #"{"optimizer_defaults": {"ADAMW": {"beta1": 0.9}, "RETIRED": {"beta1": 0.9}}}"#,
    // Of earlier versions.
    #"{"optimizer": "PRODIGY", "optimizer_beta1": 0.9, "train_unet": true, "unet_learning_rate": null}"#,
    #"{"__version": 0, "optimizer": "ADAMW", "min_snr_gamma": 5, "embedding_model_names": ["a"]}"#,
    #"{"__version": 4, "gradient_checkpointing": true, "save_after": 1, "lora_layer_preset": null}"#,
    #"{"__version": 10, "gradient_checkpointing": "ON", "weight_dtype": "FLOAT_16"}"#,
    #"{"$schema": "onetrainer.schema.json", "optimizer": {"__version": 0, "optimizer": "LION"}}"#,
    // Of earlier versions, and not read any more.
    #"{"__version": 11, "weight_dtype": "FLOAT_16"}"#,
  ])
  func takesWhatTheTrainerReads(_ text: String) throws {
    #expect(try Self.mistake(in: text) == nil)
  }

  @Test(arguments: [
    (#"{"model_type": "SDXL"}"#, ".model_type: enum"),
    (#"{"learning_rate_scheduler": "cosine"}"#, ".learning_rate_scheduler: enum"),
    (#"{"model_type": null}"#, ".model_type: enum"),
    (#"{"latent_caching": "false"}"#, ".latent_caching: type"),
    (#"{"unet": {"train": 1}}"#, ".unet.train: type"),
    (#"{"learning_rate": null}"#, ".learning_rate: type"),
    (#"{"learning_rate": "fast"}"#, ".learning_rate: pattern"),
    (#"{"learning_rate": "1e"}"#, ".learning_rate: pattern"),
    (#"{"epochs": "inf"}"#, ".epochs: pattern"),
    (#"{"epochs": ""}"#, ".epochs: pattern"),
    (#"{"epochs": 2.5}"#, ".epochs: multipleOf"),
    (#"{"epochs": 0}"#, ".epochs: minimum"),
    (#"{"clip_grad_norm": 0}"#, ".clip_grad_norm: exclusiveMinimum"),
    (#"{"base_model_name": null}"#, ".base_model_name: type"),
    (#"{"unet": []}"#, ".unet: type"),
    (#"{"learning_rat": 1}"#, ".learning_rat: no schema"),
    (#"{"__version": 11, "comment": [1, {"a": null}]}"#, ".comment: no schema"),
    (#"{"unet": {"colour": 1}}"#, ".unet.colour: no schema"),
    (#"{"optimizer": {"beta": 1}}"#, ".optimizer.beta: no schema"),
    (#"{"optimizer": {"optimizer": "DADATP_SGD"}}"#, ".optimizer.optimizer: enum"),
    (#"{"optimizer": {"beta1": 1}}"#, ".optimizer.beta1: exclusiveMaximum"),
    (#"{"optimizer": "adamw"}"#, ".optimizer: enum"),
    (#"{"__version": 11, "optimizer": "ADAMW"}"#, ".optimizer: type"),
    (
      #"{"optimizer_defaults": {"ADAMW": {"optimizer": "adamw"}}}"#,
      ".optimizer_defaults.ADAMW.optimizer: enum"
    ),
    (
      #"{"optimizer_defaults": {"RETIRED": {"beta1": -1}}}"#,
      ".optimizer_defaults.RETIRED.beta1: minimum"
    ),
    (
      #"{"concepts": [{"text": {"tag_dropout_probability": 2}}]}"#,
      ".concepts[].text.tag_dropout_probability: maximum"
    ),
  ])
  func refuses(_ text: String, _ mistake: String) throws {
    #expect(try Self.mistake(in: text) == mistake)
  }

  // MARK: The schema and the linter say the same

  /// Where each kind of object stands: `$` is its place.
  static let places: [(kind: String, file: String)] = [
    ("config", "$"), ("modelPart", #"{"unet": $}"#), ("optimizer", #"{"optimizer": $}"#),
    ("quantization", #"{"quantization": $}"#), ("embedding", #"{"embedding": $}"#),
    ("concept", #"{"concepts": [$]}"#), ("conceptImage", #"{"concepts": [{"image": $}]}"#),
    ("conceptText", #"{"concepts": [{"text": $}]}"#), ("sample", #"{"samples": [$]}"#),
    ("cloud", #"{"cloud": $}"#), ("cloudSecrets", #"{"secrets": {"cloud": $}}"#),
    ("secrets", #"{"secrets": $}"#),
  ]

  static let values = [
    "null", "true", "0", "-1", "1", "2.5", "1e300", #""""#, #""true""#, #""1e-4""#, #""7""#,
    #""inf""#,
    #""adamw""#, #""COSINE""#, "[]", "[1]", "{}", #"{"a": 1}"#,
  ]

  @Test(arguments: places.map(\.kind))
  func agreesWithTheLinter(_ kind: String) throws {
    let facts = Catalogue.oneTrainer
    let object = kind == "config" ? facts.root : try #require(facts.objects[kind])
    let file = try #require(Self.places.first { $0.kind == kind }?.file)
    let inspector = Inspector(
      backend: "onetrainer",
      selected: ["unreadable-value", "unknown-name", "number-in-text", "unknown-key"])
    for setting in object.settings {
      for value in Self.values {
        let inner = file.replacing("$", with: "{\"\(setting.key)\": \(value)}")
        let text = #"{"__version": 11, "# + inner.dropFirst()
        let found = try inspector.inspect(SourceFile(path: "config.json", text: text)).diagnostics
        let config = try JSONValue.reading(text)
        let isDefault = value == "null" && setting.isNullable
        let isWrong =
          !isDefault && found.contains { $0.rule != "number-in-text" || !value.hasPrefix("\"") }
        let number = Double(value)
        let isOutside = number.map { setting.range?.contains($0) == false } ?? false
        let mistake = Self.validator.mistake(in: config)
        #expect(
          (mistake != nil) == (isWrong || isOutside),
          "\(text): \(mistake ?? "valid"); \(found.map(\.message))")
      }
    }
  }

  // MARK: What it offers

  /// Every schema within, with its path.
  static func all(_ schema: JSONValue, _ path: String = "#") -> [(path: String, schema: JSONValue)]
  {
    var found = [(path, schema)]
    for entry in schema.entries {
      switch entry.key {
      case "properties", "definitions":
        found += entry.value.entries.flatMap { all($0.value, "\(path)/\(entry.key)/\($0.key)") }
      case "allOf", "anyOf":
        found += entry.value.elements.flatMap { all($0, "\(path)/\(entry.key)") }
      case "items", "additionalProperties", "if", "then", "else":
        found += all(entry.value, "\(path)/\(entry.key)")
      default: break
      }
    }
    return found
  }

  @Test func defaultsAreValid() {
    for (path, schema) in Self.all(Self.schema) {
      guard let value = schema["default"] else { continue }
      #expect(Self.validator.mistake(in: value, under: schema) == nil, "\(path)")
    }
  }

  @Test func enumDescriptionsMatchTheNames() {
    let described = Self.all(Self.schema).filter { $0.schema["enumDescriptions"] != nil }
    #expect(described.count == 3)
    for (path, schema) in described {
      let words = schema["enumDescriptions"]?.elements.compactMap(\.string) ?? []
      #expect(words.count == schema["enum"]?.elements.count, "\(path)")
      #expect(!words.contains(""), "\(path)")
    }
  }

  @Test func everySettingHasAHoverText() {
    let kinds = [Self.schema] + (Self.schema["definitions"]?.entries.map(\.value) ?? [])
    for property in kinds.flatMap({ $0["properties"]?.entries ?? [] }) {
      #expect(property.value["description"]?.string?.isEmpty == false, "\(property.key)")
    }
    let options = Self.schema["definitions"]?["optimizer"]?["properties"]?.entries.map(\.key)
    #expect(options == Catalogue.options.settings.map(\.key))
  }

  /// What the interface fills in for an optimizer, an editor fills in too, and it is valid.
  @Test(arguments: Catalogue.optimizers(of: "onetrainer").map(\.id))
  func knowsTheTableOf(_ id: String) throws {
    let use = try #require(Catalogue.optimizer(id)?.use(in: "onetrainer"))
    let branches = Self.schema["definitions"]?["optimizer"]?["allOf"]?.elements ?? []
    let own = branches.first {
      $0["if"]?["properties"]?["optimizer"]?["const"]?.string == use.name
    }?["then"]?["properties"]
    for option in use.options {
      let bare = try #require(Catalogue.options[option.key]).defaultValue
      #expect((own?[option.key] != nil) == (bare != option.tableDefault), "\(option.key)")
    }
    let values = own?.entries.map { JSONValue.Entry($0.key, $0.value["default"] ?? .null) } ?? []
    let config = JSONValue.object([
      .init("optimizer", .object([.init("optimizer", .text(use.name))] + values))
    ])
    #expect(Self.validator.mistake(in: config) == nil)
  }
}
