import Memory
import Plans
public import Reporting
public import SourceText

/// Every value that holds for a file, and where it comes from.
public struct SettingsListing: Sendable {
  let path: String
  let rows: [Row]

  struct Row: Sendable {
    let key: String
    /// Nil where nothing is known or chosen.
    let value: String?
    let origin: SettingsOrigin
    var note = ""
  }

  public init(_ settings: Settings, path: String) {
    self.path = path
    func row(_ key: String, _ stated: Stated<String>?) -> Row {
      Row(key: key, value: stated?.value, origin: stated?.origin ?? .standard)
    }
    func number(_ key: String, _ stated: Stated<Int>?) -> Row {
      Row(key: key, value: stated.map { "\($0.value)" }, origin: stated?.origin ?? .standard)
    }
    var rows = [
      row("fail-on", settings.failOn),
      Row(
        key: "select", value: settings.select.map { $0.value.sorted().joined(separator: ", ") },
        origin: settings.select?.origin ?? .standard),
      Row(
        key: "hardware.vram", value: settings.vram.map { Size.text($0.value) },
        origin: settings.vram?.origin ?? .standard),
      row("hardware.gpu", settings.gpu),
      number("dataset.images", settings.images), number("dataset.repeats", settings.repeats),
      row("mode.onetrainer", settings.mode), row("backend", settings.backend),
    ]
    rows += Self.levels(settings) + Self.exceptions(settings)
    self.rows = rows
  }

  /// The rules that weigh something else than usual, or are left out altogether.
  private static func levels(_ settings: Settings) -> [Row] {
    let named = Set(
      settings.layers.flatMap { layer in
        Array(layer.levels.keys) + Array(layer.ignored.keys)
          + layer.exceptions.filter { $0.patterns == nil }.map(\.rule)
      })
    return named.sorted().map { rule in
      let verdict = settings.verdict(on: rule)
      let isOff = verdict.isHidden || verdict.exception != nil
      return Row(
        key: "severity.\(rule)", value: isOff ? "off" : verdict.level?.word ?? "as usual",
        origin: verdict.origin, note: verdict.exception?.reason ?? "")
    }
  }

  /// What is left out in this file.
  private static func exceptions(_ settings: Settings) -> [Row] {
    settings.files.flatMap { $0.layers.flatMap(\.exceptions) }.filter { $0.patterns != nil }.map {
      Row(key: "ignore", value: $0.rule, origin: $0.origin, note: $0.reason ?? "")
    }
  }

  public var page: Page {
    Page(
      "settings for \(path)",
      [
        .table(
          ["key", "value", "from", "reason"],
          rows.map { [$0.key, $0.value ?? "-", $0.origin.words, $0.note] })
      ])
  }

  public var json: JSONValue {
    [
      "version": 1, "path": .text(path),
      "settings": .array(
        rows.map { row in
          .object(
            [
              .init("key", .text(row.key)), .init("value", row.value.map { .text($0) } ?? .null),
              .init("from", row.origin.json),
            ] + (row.note.isEmpty ? [] : [.init("reason", .text(row.note))]))
        }),
    ]
  }
}

extension SettingsOrigin {
  var json: JSONValue {
    switch self {
    case .flag(let name): ["source": "option", "name": .text(name)]
    case .environment(let name): ["source": "environment", "name": .text(name)]
    case .file(let kind, let path, let line, let column):
      [
        "source": .text(kind.rawValue), "path": .text(path), "line": .integer(line),
        "column": .integer(column),
      ]
    case .standard: ["source": "default"]
    }
  }
}
