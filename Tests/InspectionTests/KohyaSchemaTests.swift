import Foundation
import Inspection
import Knowledge
import Reporting
import SourceText
import TestSupport
import Testing

@Suite struct KohyaSchemaTests {
  static let trainer = SchemaValidator(root: EditorSchema.kohya)
  static let interface = SchemaValidator(root: EditorSchema.kohyaGUI)

  static func mistake(in text: String, _ path: String = "config.toml") throws -> String? {
    let document = try DocumentReader.read(SourceFile(path: path, text: text))
    let validator = path.hasSuffix(".json") ? interface : trainer
    return validator.mistake(in: JSONValue(document.root))
  }

  /// What a file has no error of, an editor does not mark.
  @Test(.enabled(if: SharedFiles.arePresent), arguments: KohyaCorpusTests.configs)
  func takesWhatIsShipped(_ url: URL) throws {
    let path = url.path(percentEncoded: false)
    guard path.hasSuffix(".toml") || path.hasSuffix(".json") else { return }
    let source = SourceFile(path: path, bytes: Array(try Data(contentsOf: url)))
    let found = try Inspector().inspect(source).diagnostics
    guard found.allSatisfy({ $0.severity != .error && $0.rule != "unknown-key" }) else { return }
    #expect(try Self.mistake(in: String(decoding: source.bytes, as: UTF8.self), path) == nil)
  }

  @Test(arguments: KohyaBase.all.keys.filter { !$0.hasSuffix(".sh") }.sorted())
  func takesCleanFiles(_ name: String) throws {
    #expect(try Self.mistake(in: try #require(KohyaBase.all[name]), name) == nil)
  }

  @Test(arguments: [
    (#"learning_rate = "1e-4""#, ".learning_rate: type"),
    ("[a]\nlearning_rat = 1", ".a.learning_rat: no schema"),
    (#"mixed_precision = "fp8""#, ".mixed_precision: enum"),
    (#"optimizer_type = "AdamW8bt""#, ".optimizer_type: pattern"),
    (#"optimizer_type = "adam""#, ".optimizer_type: pattern"),
    ("resolution = 512", ".resolution: type"),
    (#"optimizer_args = "weight_decay=0.1""#, ".optimizer_args: type"),
    ("seed = 1.5", ".seed: type"),
    ("[general]\nlearning_rate = 1\n[[datasets]]", ".general.learning_rate: no schema"),
    ("[[datasets]]\nresolution = \"512\"", ".datasets[].resolution: type"),
    ("[[datasets]]\nresolution = [512]", ".datasets[].resolution: minItems"),
    ("[general]\nshuffle_caption = true", ": required"),
  ])
  func marksWhatLintReports(_ text: String, _ mistake: String) throws {
    #expect(try Self.mistake(in: text) == mistake)
  }

  @Test(arguments: ["adamw8BIT", "Adam", "my_library.MyOptimizer", "Prodigy", "DAdaptAdan", ""])
  func takesOptimizersOf(_ name: String) throws {
    #expect(try Self.mistake(in: "optimizer_type = \"\(name)\"") == nil)
  }

  @Test(arguments: [
    (#"{"LoRA_type": "Standart"}"#, ".LoRA_type: enum"),
    (#"{"epoch": "ten"}"#, ".epoch: pattern"),
    (#"{"epoch": "1.5"}"#, ".epoch: pattern"),
    (#"{"network_alfa": 8}"#, ".network_alfa: no schema"),
    (#"{"noise_offset": 2}"#, ".noise_offset: maximum"),
    (#"{"sdxl": "true"}"#, ".sdxl: type"),
  ])
  func marksWhatTheInterfaceRefuses(_ text: String, _ mistake: String) throws {
    #expect(try Self.mistake(in: text, "config.json") == mistake)
  }

  @Test func knowsEverySetting() throws {
    let keys = Catalogue.backend("kohya").root.settings.map(\.key)
    let known = EditorSchema.kohya["definitions"]?["training"]?["properties"]?.entries.map(\.key)
    #expect(known == keys)
    let own = Catalogue.backend("kohya-gui").root.settings.map(\.key)
    let all = EditorSchema.kohyaGUI["properties"]?.entries.map(\.key) ?? []
    #expect(Array(all.prefix(own.count)) == own)
  }
}
