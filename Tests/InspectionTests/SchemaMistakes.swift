import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// A mistake of the tests with its whole file, as an editor would see it.
struct SchemaMistake: Sendable, CustomTestStringConvertible {
  let trainer: String
  /// The name tells the format.
  let file: String
  let text: String
  let rule: String
  let keyPath: String

  var testDescription: String { "\(id): \(text.count) characters" }
  var id: String { "\(trainer) \(rule) \(keyPath)" }
  /// Why no schema can see it; nil if one can.
  var unseen: String? { Self.unseen[id] }

  /// Rules about one value by itself: an unknown key, a wrong type, no such name, out of range.
  static let rules: Set = [
    "unknown-key", "unknown-name", "unreadable-value", "value-out-of-range", "number-in-text",
  ]

  static let all = (kohya + jobs + simpleTuner + oneTrainer).filter { rules.contains($0.rule) }

  private static let kohya = KohyaMistake.all.compactMap { mistake -> SchemaMistake? in
    guard let base = KohyaBase.all[mistake.base], !mistake.base.hasSuffix(".sh") else { return nil }
    return SchemaMistake(
      trainer: mistake.base.hasSuffix(".json") ? "kohya-gui" : "kohya", file: mistake.base,
      text: base.replacing(mistake.old, with: mistake.new, maxReplacements: 1), rule: mistake.rule,
      keyPath: mistake.keyPath)
  }

  private static let jobs = JobMistake.all.compactMap { mistake -> SchemaMistake? in
    guard let base = JobBase.all[mistake.base] else { return nil }
    return SchemaMistake(
      trainer: "ai-toolkit", file: JobBase.path(mistake.base),
      text: base.replacing(mistake.old, with: mistake.new, maxReplacements: 1), rule: mistake.rule,
      keyPath: mistake.keyPath)
  }

  private static let simpleTuner = SimpleTunerMistakeTests.mistakes.flatMap { mistake in
    mistake.findings.map { finding in
      let parts = finding.split(separator: " @ ", maxSplits: 1).map(String.init)
      return SchemaMistake(
        trainer: "simpletuner", file: "config.json", text: mistake.text, rule: parts[0],
        keyPath: parts.count > 1 ? parts[1] : "")
    }
  }

  /// The examples of its rules. One that shows two ways of reading is told apart by more than a value.
  private static let oneTrainer = RuleCase.all.filter {
    $0.example.backend == "onetrainer" && $0.example.isFlagged
  }.map { example in
    SchemaMistake(
      trainer: "onetrainer", file: "config.json", text: MarkedText(example.example.marked).text,
      rule: example.rule.id, keyPath: "example \(example.number + 1)")
  }

  private static let wholeFloat = "to JSON Schema a number like 42.0 is a whole number"
  private static let inText = "the value stands within a text"
  private static let otherSetting = "another setting decides"

  /// Each is tried by `Scripts/check-schemas`, which complains of one that a schema does see.
  private static let unseen = [
    "onetrainer number-in-text example 1": "the trainer takes numbers in text as well",
    "kohya number-in-text training.seed": wholeFloat,
    "kohya unreadable-value datasets[0].subsets[0].keep_tokens": wholeFloat,
    "kohya unreadable-value training.optimizer_args[0]": inText,
    "kohya unreadable-value optimizer_args[0]": inText,
    "kohya value-out-of-range blocks_to_swap": otherSetting,
    "kohya unknown-name training.lr_scheduler": otherSetting,
    "ai-toolkit number-in-text config.process[0].train.steps":
      "2e3 is a number in the YAML of editors, and a text in the trainer's",
    "ai-toolkit unreadable-value config.name":
      "2026-01-31 is a text in the YAML of editors, and a date in the trainer's",
    "ai-toolkit unknown-name config.process[0].type": "extensions of one's own bring more names",
    "ai-toolkit unknown-key process": "templates for aliases may stand at the top",
    "ai-toolkit value-out-of-range config.process[0].train.max_grad_norm": otherSetting,
    "ai-toolkit unreadable-value config.process[0].train.optimizer_params.betas": otherSetting,
    "simpletuner unreadable-value lora_rank": wholeFloat,
    "simpletuner value-out-of-range num_train_epochs": otherSetting,
    "simpletuner unknown-name model_flavour": otherSetting,
  ]
}

@Suite struct SchemaMistakeTests {
  private static let simpleTuner = SchemaValidator(root: EditorSchema.simpleTuner)

  private static func found(in mistake: SchemaMistake) throws -> String? {
    switch mistake.trainer {
    case "onetrainer": try EditorSchemaTests.mistake(in: mistake.text)
    case "ai-toolkit": try AIToolkitSchemaTests.mistake(in: mistake.text, mistake.file)
    case "simpletuner": simpleTuner.mistake(in: try JSONValue.reading(mistake.text))
    default: try KohyaSchemaTests.mistake(in: mistake.text, mistake.file)
    }
  }

  @Test(arguments: SchemaMistake.all.filter { $0.unseen == nil })
  func isMarked(_ mistake: SchemaMistake) throws {
    #expect(try Self.found(in: mistake) != nil, "\(mistake.id)\n\(mistake.text)")
  }

  /// For `Scripts/check-schemas`, which shows the same files to a validator of others.
  @Test func areStored() throws {
    let stored = JSONValue.array(
      SchemaMistake.all.map { mistake in
        [
          "trainer": .text(mistake.trainer), "file": .text(mistake.file),
          "rule": .text(mistake.rule), "key": .text(mistake.keyPath),
          "unseen": mistake.unseen.map { .text($0) } ?? .null, "text": .text(mistake.text),
        ]
      })
    let difference = try ExpectedOutput.difference(
      stored.serialized, from: "schema-mistakes.json")
    #expect(difference == nil, "see UPDATE_EXPECTED")
  }
}
