import Knowledge
import Plans
import SourceText
import Testing

@testable import Backends

/// How a setting came to its value, without the places.
enum ValueSource: String, CaseIterable, Sendable {
  case written, bare, table, constructor
  /// Another value than the one that stands there.
  case replaced
  /// What stands there cannot be read.
  case mistaken

  init(_ origin: Origin) {
    self =
      switch origin {
      case .written: .written
      case .defaulted(_, .bare): .bare
      case .defaulted(_, .table): .table
      case .defaulted(_, .constructor): .constructor
      case .replaced(_, _, isMistake: true): .mistaken
      case .replaced: .replaced
      }
  }
}

/// One setting as OneTrainer has it after loading.
struct Expected: Sendable {
  let setting: String
  let value: SettingValue
  let source: ValueSource
  /// Where it stands, if not under its own path.
  let keyPath: String

  init(_ setting: String, _ value: SettingValue, _ source: ValueSource, at keyPath: String? = nil) {
    self.setting = setting
    self.value = value
    self.source = source
    self.keyPath = keyPath ?? setting
  }
}

/// One file, read one way.
struct Reading: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let mode: OneTrainerMode
  let path: String
  let text: String
  let expected: [Expected]

  init(
    _ title: String, _ mode: OneTrainerMode, path: String = "config.json", _ text: String,
    _ expected: Expected...
  ) {
    self.init(title, mode, path, text, expected)
  }

  /// As the command line reads it.
  init(_ title: String, _ text: String, _ expected: Expected...) {
    self.init(title, .cli, "config.json", text, expected)
  }

  private init(
    _ title: String, _ mode: OneTrainerMode, _ path: String, _ text: String, _ expected: [Expected]
  ) {
    testDescription = "\(title), \(mode)"
    self.mode = mode
    self.path = path
    self.text = text
    self.expected = expected
  }

  func read() throws -> OneTrainerConfig {
    let document = try JSONReader.read(SourceFile(path: path, text: text), dialect: .python)
    return OneTrainerConfig(document, mode: mode)
  }
}

@Suite struct OneTrainerReadingTests {
  @Test(
    arguments: Reading.defaults + Reading.rememberedOptimizers + Reading.conversions
      + Reading.migrations)
  func readsAsTheTrainerDoes(_ reading: Reading) throws {
    let config = try reading.read()
    #expect(config.missingForMigration.isEmpty)
    for expected in reading.expected {
      let setting = try #require(config.setting(path: expected.setting), "\(expected.setting)")
      #expect(setting.value == expected.value, "\(expected.setting)")
      #expect(ValueSource(setting.origin) == expected.source, "\(expected.setting)")
      #expect(setting.keyPath == expected.keyPath, "\(expected.setting)")
    }
  }

  @Test(arguments: Refused.all)
  func refusesWhatTheTrainerCannotLoad(_ refused: Refused) throws {
    let document = try JSONReader.read(SourceFile(path: "config.json", text: refused.text))
    for mode in OneTrainerMode.allCases {
      let config = OneTrainerConfig(document, mode: mode)
      #expect(config.missingForMigration == refused.missing)
      // Read as if it were of today all the same.
      #expect(config.migration.renamed.isEmpty && config.migration.overrides.isEmpty)
    }
    let preset = try JSONReader.read(SourceFile(path: "presets/#own.json", text: refused.text))
    #expect(OneTrainerConfig(preset, mode: .ui).missingForMigration.isEmpty)
    #expect(OneTrainerConfig(preset, mode: .cli).missingForMigration == refused.missing)
  }

  @Test(arguments: [
    (#""__version": 11"#, 11), (#""__version": 5.0"#, 5), (#""__version": true"#, 1),
    (#""__version": "5""#, nil), (#""__version": null"#, nil), (#""__version": 10.5"#, nil),
    ("", nil),
  ])
  func readsTheVersion(_ entry: String, _ expected: Int?) throws {
    let document = try JSONReader.read(SourceFile(path: "config.json", text: "{\(entry)}"))
    #expect(OneTrainerConfig(document, mode: .cli).version == expected)
  }

  /// Versions that Python looks up among the migrations, and those it does not find there.
  @Test(arguments: [
    ("5", true), ("5.0", true), ("11", false), ("-1", false), (#""5""#, false), ("null", false),
    ("5.5", false), ("1e30", false),
  ])
  func migratesFromVersionsOfTheTable(_ version: String, _ isMigrated: Bool) throws {
    let text = """
      {"__version": \(version), "model_type": "QWEN", "prior": {"weight_dtype": "NONE"},
       "weight_dtype": "BFLOAT_16", "save_after": 5}
      """
    let document = try JSONReader.read(SourceFile(path: "config.json", text: text))
    let config = OneTrainerConfig(document, mode: .cli)
    #expect(config.setting("save_every").number == (isMigrated ? 5 : 0))
    let format = config.part("transformer", "weight_dtype").text
    #expect(format == (isMigrated ? "BFLOAT_16" : "FLOAT_32"))
  }

  /// The interface takes these from files of their own.
  @Test func interfaceForgetsConceptsAndSamples() throws {
    let text = #"{"__version": 11, "concepts": [{"name": "cat"}], "samples": []}"#
    let document = try JSONReader.read(SourceFile(path: "config.json", text: text))
    for key in ["concepts", "samples"] {
      #expect(OneTrainerConfig(document, mode: .cli).setting(key).value == .collection)
      let setting = OneTrainerConfig(document, mode: .ui).setting(key)
      #expect(setting.isNull && ValueSource(setting.origin) == .replaced)
    }
  }

  @Test func readsAnObjectOfTwoSettingsOnce() throws {
    let text = """
      {"__version": 8, "model_type": "QWEN", "weight_dtype": "FLOAT_32",
       "prior": {"weight_dtype": "NONE"}, "transformer": {"weight_dtype": "NONE"}}
      """
    let document = try JSONReader.read(SourceFile(path: "config.json", text: text))
    #expect(OneTrainerConfig(document, mode: .cli).objects.map(\.path) == ["", "prior"])
  }
}

/// A file that stops the trainer while it is loaded.
struct Refused: CustomTestStringConvertible, Sendable {
  let text: String
  let missing: [String]
  var testDescription: String { missing.joined(separator: ", ") }

  init(_ text: String, _ missing: String...) {
    self.text = text
    self.missing = missing
  }

  /// An old file with nothing to complain of but what is in `rest`.
  private static func old(_ version: Int, _ rest: String, without keys: [String] = []) -> String {
    let entries = [
      "model_type": #""QWEN""#, "prior": #"{"weight_dtype": "FLOAT_32"}"#,
      "weight_dtype": #""FLOAT_32""#,
    ]
    let kept = entries.filter { !keys.contains($0.key) }.map { #""\#($0)": \#($1)"# }.sorted()
    return "{" + (kept + [rest, #""__version": \#(version)"#]).joined(separator: ", ") + "}"
  }

  static let all: [Refused] = [
    Refused(#"{"__version": [], "epochs": 5}"#, "__version as a number"),
    Refused(old(8, #""epochs": 5"#, without: ["model_type"]), "model_type"),
    Refused(old(8, #""epochs": 5"#, without: ["prior"]), "prior"),
    Refused(old(9, #""epochs": 5"#, without: ["weight_dtype"]), "weight_dtype"),
    Refused(old(9, #""vae": {"train": true}"#), "vae.weight_dtype"),
    Refused(old(9, #""vae": "FLOAT_32""#), "vae as an object"),
    Refused(old(10, #""vae": null"#), "vae as an object"),
    Refused(old(3, #""noising_weight": 1, "noising_bias": "0.3""#), "noising_bias as a number"),
    Refused(
      old(2, #""model_type": "SD15", "epochs": 5"#, without: ["model_type"]),
      "model_type as a known name"),
    Refused(
      #"{"__version": 1, "model_type": "QWEN", "weight_dtype": "FLOAT_32", "unet_weight_dtype": "NONE"}"#,
      "prior.weight_dtype", "transformer.weight_dtype", "text_encoder.weight_dtype",
      "text_encoder_2.weight_dtype", "vae.weight_dtype", "effnet_encoder.weight_dtype",
      "decoder.weight_dtype", "decoder_text_encoder.weight_dtype", "decoder_vqgan.weight_dtype"),
  ]
}
