import Foundation
import Inspection
import Knowledge
import Optimizers
import Reporting
import SourceText
import TestSupport
import Testing

@testable import Backends

@Suite struct AIToolkitSchemaTests {
  static let schema = EditorSchema.aiToolkit
  static let validator = SchemaValidator(root: schema)

  /// The file as ai-toolkit has it in memory.
  static func mistake(in text: String, _ path: String = "job.yaml") throws -> String? {
    let document = try DocumentReader.read(SourceFile(path: path, text: text))
    return validator.mistake(in: value(document.root))
  }

  private static func value(_ node: DocumentNode) -> JSONValue {
    switch LoadedValue(node) {
    case .mapping: .object(node.entries.map { .init($0.key ?? "", value($0)) })
    case .list: .array(node.children.map(value))
    case .date, .fromEnvironment: .text(node.text)
    case .scalar(.none): .null
    case .scalar(.flag(let flag)): .boolean(flag)
    case .scalar(.whole(let number)): .integer(number)
    case .scalar(.real(let number)): .number(number)
    case .scalar(.text(let text)): .text(text)
    case .scalar(.list): .array([])
    }
  }

  @Test(arguments: JobBase.all.keys.sorted())
  func takesCleanJobs(_ name: String) throws {
    #expect(try Self.mistake(in: #require(JobBase.all[name]), JobBase.path(name)) == nil)
  }

  @Test(.enabled(if: SharedFiles.arePresent), arguments: AIToolkitCorpusTests.trainings)
  func takesTheTrainersJobs(_ url: URL) throws {
    #expect(try Self.mistake(in: String(contentsOf: url, encoding: .utf8)) == nil)
  }

  @Test(
    arguments: [
      ("flux", "lr: 1e-4", "lr: \"1e-4\"", ".config.process[].train.lr: pattern"),
      (
        "flux", "lr: 1e-4", "learning_rate: 1e-4",
        ".config.process[].train.learning_rate: no schema"
      ),
      ("flux", "\"adamw8bit\"", "\"came\"", ".config.process[].train.optimizer: anyOf"),
      (
        "flux", "quantize: true", "quantize: \"false\"", ".config.process[].model.quantize: pattern"
      ),
      ("flux", "batch_size: 1", "batch_size: 0", ".config.process[].train.batch_size: minimum"),
      (
        "flux", "name_or_path: \"black-forest-labs/FLUX.1-dev\"", "",
        ".config.process[].model: required"
      ),
      ("slider", "resolutions:", "resolution:", ".config.process[].slider.resolution: no schema"),
      (
        "sdxl", "resolution: 1024", "resolution: large",
        ".config.process[].datasets[].resolution: pattern"
      ),
    ])
  func refuses(base: String, old: String, new: String, mistake: String) throws {
    let text = try #require(JobBase.all[base])
    #expect(text.contains(old))
    #expect(try Self.mistake(in: text.replacing(old, with: new)) == mistake)
  }

  @Test(
    arguments: [
      ("lr: 1e-4", "lr: ${LR}"), ("\"adamw8bit\"", "\"AdamW8bit\""),
      ("\"adamw8bit\"", "prodigyopt"),
      ("is_flux: true", "arch: \"wan21:14b\""), ("quantize: true", "qtype: \"uint3|a/b\""),
      ("lr: 1e-4", "lr: 1e-4\n        _note: mine"), ("batch_size: 1", "max_loss: null"),
    ])
  func takesWhatTheTrainerReads(old: String, new: String) throws {
    let text = try #require(JobBase.all["flux"])
    #expect(text.contains(old))
    #expect(try Self.mistake(in: text.replacing(old, with: new)) == nil)
  }

  @Test func defaultsAreValid() {
    for (path, schema) in EditorSchemaTests.all(Self.schema) {
      guard let value = schema["default"] else { continue }
      #expect(Self.validator.mistake(in: value, under: schema) == nil, "\(path)")
    }
  }

  @Test func everySettingHasAHoverText() {
    let kinds = [Self.schema] + (Self.schema["definitions"]?.entries.map(\.value) ?? [])
    for property in kinds.flatMap({ $0["properties"]?.entries ?? [] }) {
      #expect(property.value["description"]?.string?.isEmpty == false, "\(property.key)")
    }
  }

  /// What an editor marks, the linter reports, and the other way round.
  @Test(arguments: ["train", "model", "network", "save", "dataset", "sample", "logging"])
  func agreesWithTheLinter(_ kind: String) throws {
    let facts = try #require(Catalogue.backend("ai-toolkit").object(kind))
    let inspector = Inspector(
      backend: "ai-toolkit", selected: ["unreadable-value", "unknown-name", "number-in-text"])
    let values = ["null", "true", "0", "1", "2.5", "\"x\"", "\"1\"", "[]", "[x]", "{}"]
    // The place has what it needs, so that only what is tried can be wrong.
    let rest = kind == "model" ? ["name_or_path"] : []
    for value in values {
      let tried = facts.settings.filter { !rest.contains($0.key) }
      let entries = rest.map { "\($0): a" } + tried.map { "\($0.key): \(value)" }
      let text = Self.job(kind, entries)
      let source = SourceFile(path: "job.yaml", text: text)
      let found = try inspector.inspect(source).diagnostics
      let json = Self.value(
        try DocumentReader.read(SourceFile(path: "a.yaml", text: "[\(value)]")).root)
      let table = LineTable(of: source)
      let lines = text.split(separator: "\n")
      let placed = Dictionary(grouping: found) { diagnostic in
        table.position(of: diagnostic.span.bytes.lowerBound).line
      }
      for setting in tried {
        let line = try #require(lines.firstIndex { $0.hasSuffix(" \(setting.key): \(value)") })
        let findings = placed[line + 1] ?? []
        let isWrong = findings.contains { $0.severity > .info }
        let isOutside = Double(value).map { setting.range?.contains($0) == false } ?? false
        let schema = try #require(
          Self.schema["definitions"]?[kind]?["properties"]?[setting.key])
        let mistake = Self.validator.mistake(in: json.elements[0], under: schema)
        let isHarmless = !findings.isEmpty && !isWrong
        #expect(
          isHarmless || (mistake != nil) == (isWrong || isOutside),
          "\(kind).\(setting.key): \(value): \(mistake ?? "valid"); \(findings.map(\.message))")
      }
    }
  }

  private static func job(_ kind: String, _ entries: [String]) -> String {
    """
    job: extension
    config:
      name: a
      process:
        - type: sd_trainer
          \(kind == "dataset" ? "datasets:\n        -" : "\(kind):")
    \(entries.map { "          \($0)" }.joined(separator: "\n"))
    """
  }
}
