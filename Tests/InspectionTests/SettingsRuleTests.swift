import Foundation
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// The check of `.tuneup.yml` and its JSON Schema, which are made of one table.
@Suite struct SettingsRuleTests {
  static let validator = SchemaValidator(root: EditorSchema.settings)

  static func findings(in text: String) throws -> [Diagnostic] {
    try Inspector().inspect(SourceFile(path: ".tuneup.yml", text: text)).flatMap(\.diagnostics)
  }

  /// A file as a reader of YAML 1.2 hands it to a validator.
  static func value(_ node: DocumentNode) -> JSONValue {
    switch node.kind {
    case .mapping:
      .object(node.entries.map { .init($0.key ?? "", value($0)) })
    case .sequence: .array(node.children.map(value))
    case .plain: Int(node.text).map { .integer($0) } ?? .text(node.text)
    default: .text(node.text)
    }
  }

  static let values = [
    "off", "warning", "never", "12GiB", "12 gb", "0GiB", "4090", "RTX 4090", "40", "0", "-1", "1.5",
    "ui", "onetrainer", "unknown-key", "unkown-key", "[unknown-key]", "[unknown-key, 3]",
    "a/*.json",
    "[a, b/**]", "{unknown-key: off}", "{unkown-key: off}", "{unknown-key: loud}",
    "{unknown-key: {level: off, reason: why}}", "{unknown-key: {reason: why}}",
    "[{rules: unknown-key, paths: a, reason: why}]", "[{paths: a}]", "[{rules: unknown-key, x: 1}]",
    "{vram: 12GiB, gpu: 4090}", "{vram: x}", "{vran: 12GiB}", "{images: 40}", "{onetrainer: ui}",
    "{onetrainer: gui}", "{a/*.json: kohya}", "{a/*.json: khoya}", "[{paths: a, vram: 12GiB}]",
    "[{vram: 12GiB}]", "{paths: [a], severity: {unknown-key: error}}", "{x-y: 1}", "[]", "{}",
    "[[a]]",
  ]

  /// Every key with every value: where the check finds something, the schema does, and only there.
  @Test(arguments: [
    "fail-on", "select", "ignore", "severity", "hardware", "dataset", "mode", "backend",
    "overrides",
    "vram", "gpu", "images", "repeats", "x-anything", "no-such-key",
  ])
  func theSchemaSaysTheSame(_ key: String) throws {
    for value in Self.values {
      let text = "\(key): \(value)\n"
      // That a reason is missing no schema can tell.
      let found = try Self.findings(in: text).filter { $0.rule != "suppression-without-reason" }
      let document = try DocumentReader.read(SourceFile(path: ".tuneup.yml", text: text))
      let mistake = Self.validator.mistake(in: Self.value(document.root))
      // What a card is called, and which patterns are none, is beyond a schema.
      if key == "gpu" || value == "{vram: 12GiB, gpu: 4090}" { continue }
      #expect(
        (mistake != nil) == !found.isEmpty,
        "\(text)\(mistake ?? "valid"); \(found.map(\.message))")
    }
  }

  @Test func everyKeyIsExplained() {
    for (path, schema) in EditorSchemaTests.all(EditorSchema.settings) {
      for property in schema["properties"]?.entries ?? [] {
        #expect(property.value["description"]?.string?.isEmpty == false, "\(path) \(property.key)")
      }
    }
  }

  @Test(arguments: ["", "# nothing yet\n", "severity:\n", "ignore:\noverrides:\n", "{}"])
  func takesFilesThatSayNothing(_ text: String) throws {
    #expect(try Self.findings(in: text).isEmpty)
  }

  /// Bad files of every kind say where they are bad.
  @Test(arguments: [
    ("fail-on: [", 1), ("a: b: c\n", 1), ("- fail-on\n", 1), ("just words\n", 1),
    (
      "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
        + "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
        + "e: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n", 5
    ),
  ])
  func refuses(_ text: String, _ line: Int) throws {
    let error = #expect(throws: ReadFailure.self) { try Self.findings(in: text) }
    let failure = try #require(error)
    let source = try #require(failure.source)
    let bytes = try #require(failure.bytes)
    #expect(LineTable(of: source).position(of: bytes.lowerBound).line == line, "\(failure.message)")
  }
}
