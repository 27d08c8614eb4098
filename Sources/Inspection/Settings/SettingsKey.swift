import Memory
import Reporting
import SourceText

/// A key of `.tuneup.yml`: what it takes and what it means. The check of such a file, its JSON Schema and
/// the listing of what applies all go by ``all``.
struct SettingsKey: Sendable {
  let name: String
  let shape: Shape
  let meaning: String
  /// The variable of the environment that says the same.
  var variable: String?
  var isRequired = false

  /// What may stand there.
  indirect enum Shape: Sendable {
    case choice([String])
    /// Bytes: `12GiB`.
    case size
    case card
    /// A whole number from 1.
    case count
    case rule
    /// A pattern for paths, as in `.gitignore`.
    case pattern
    case text
    /// Several, or one alone.
    case list(Shape)
    case object([SettingsKey])
    /// A single value, or an object.
    case either(Shape, [SettingsKey])
    /// Anything as a key, as long as it is of the first shape.
    case map(Shape, Shape)
  }

  /// `off` and the severities.
  static let levels = ["off", "info", "warning", "error"]
  static let thresholds = ["error", "warning", "info", "never"]

  private static let reason = SettingsKey(
    name: "reason", shape: .text,
    meaning: "Why; a finding that loses the run is left out only with a reason.")
  private static let paths = SettingsKey(
    name: "paths", shape: .list(.pattern),
    meaning: "The files meant, from the folder of this file, written as in .gitignore.")

  private static let single: [SettingsKey] = [
    SettingsKey(
      name: "fail-on", shape: .choice(thresholds),
      meaning: "The severity from which on the exit code is 1.", variable: "TUNEUP_FAIL_ON"),
    SettingsKey(
      name: "select", shape: .list(.rule), meaning: "Only these rules are reported.",
      variable: "TUNEUP_SELECT"),
    SettingsKey(
      name: "ignore",
      shape: .list(
        .either(
          .rule,
          [
            SettingsKey(
              name: "rules", shape: .list(.rule), meaning: "The rules that are left out.",
              isRequired: true),
            paths, reason,
          ])),
      meaning: "Rules that are not reported, everywhere or in some files.",
      variable: "TUNEUP_IGNORE"),
    SettingsKey(
      name: "severity",
      shape: .map(
        .rule,
        .either(
          .choice(levels),
          [
            SettingsKey(
              name: "level", shape: .choice(levels), meaning: "The severity, or off.",
              isRequired: true),
            reason,
          ])), meaning: "What a finding of a rule weighs here; off leaves it out."),
  ]

  private static let grouped: [SettingsKey] = [
    SettingsKey(
      name: "hardware",
      shape: .object([
        SettingsKey(
          name: "vram", shape: .size, meaning: "The memory of the card.", variable: "TUNEUP_VRAM"),
        SettingsKey(
          name: "gpu", shape: .card, meaning: "The card; its memory, where vram is not given.",
          variable: "TUNEUP_GPU"),
      ]), meaning: "The card on which the runs are meant to fit."),
    SettingsKey(
      name: "dataset",
      shape: .object([
        SettingsKey(
          name: "images", shape: .count, meaning: "Training images.", variable: "TUNEUP_IMAGES"),
        SettingsKey(
          name: "repeats", shape: .count,
          meaning: "How often an epoch shows each image, where the config does not say.",
          variable: "TUNEUP_REPEATS"),
      ]), meaning: "The size of the data set, which most configs do not state."),
    SettingsKey(
      name: "mode",
      shape: .object([
        SettingsKey(
          name: "onetrainer", shape: .choice(["ui", "cli"]),
          meaning: "Whether OneTrainer's interface or its command line reads the files.",
          variable: "TUNEUP_MODE")
      ]), meaning: "How a trainer that has two ways of reading a file reads it."),
  ]

  /// The groups of single values: `hardware`, `dataset`, `mode`.
  static let groups: [(name: String, keys: [SettingsKey])] = grouped.compactMap { key in
    if case .object(let keys) = key.shape { (key.name, keys) } else { nil }
  }

  /// Values of a group that may also stand beside it.
  private static let short: [SettingsKey] =
    groups.filter { $0.name != "mode" }.flatMap { group in
      group.keys.map {
        SettingsKey(
          name: $0.name, shape: $0.shape,
          meaning: "Short for \(group.name).\($0.name). \($0.meaning)")
      }
    }

  /// What may be said for all files and for those of an override.
  private static let common = single + grouped + short

  /// Of the whole file.
  static let all: [SettingsKey] =
    common + [
      SettingsKey(
        name: "backend", shape: .map(.pattern, .choice(Inspector.backends)),
        meaning: "Whose configs some files are, where that cannot be seen.",
        variable: "TUNEUP_BACKEND"),
      SettingsKey(
        name: "overrides", shape: .list(.object(override)),
        meaning: "What is different for some files; of several that match, the last counts."),
    ]

  private static let override: [SettingsKey] =
    [
      SettingsKey(
        name: "paths", shape: paths.shape, meaning: paths.meaning, isRequired: true), reason,
    ] + common + [
      SettingsKey(
        name: "backend", shape: .choice(Inspector.backends), meaning: "Whose configs they are.")
    ]
}

extension SettingsKey.Shape {
  /// What is wrong with a single value; nil if nothing is.
  func mistake(in text: String) -> (message: String, nearest: [String])? {
    switch self {
    case .choice(let words):
      words.contains(text) || text == "false" && words.contains("off")
        ? nil
        : ("can be \(words.joined(separator: ", "))", Suggestion.allNearest(to: text, in: words))
    case .size: Size.bytes(text) == nil ? ("must be a size such as 12GiB", []) : nil
    case .card:
      GPU(named: text) != nil
        ? nil
        : (
          "is no card that is known, such as 4090; vram says the memory of any",
          Suggestion.allNearest(to: text, in: GPU.known.map(\.name))
        )
    case .count:
      Int(text).map { 1...1_000_000_000 ~= $0 } ?? false
        ? nil : ("must be a whole number from 1", [])
    case .pattern:
      PathPattern(text) == nil ? ("is no pattern for paths", []) : nil
    case .text: text.allSatisfy(\.isWhitespace) ? ("is empty", []) : nil
    case .rule, .list, .object, .either, .map: nil
    }
  }

  /// What belongs there, after "must be".
  var words: String {
    switch self {
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .size: "a size such as 12GiB"
    case .card: "a card such as 4090"
    case .count: "a whole number from 1"
    case .rule: "the name of a rule"
    case .pattern: "a pattern for paths"
    case .text: "a text"
    case .list(let shape): "a list, each \(shape.words)"
    case .object(let keys): "a mapping with \(keys.map(\.name).joined(separator: ", "))"
    case .either(let shape, let keys):
      "\(shape.words), or a mapping with \(keys.map(\.name).joined(separator: ", "))"
    case .map(let key, let value): "a mapping from \(key.words) to \(value.words)"
    }
  }
}
