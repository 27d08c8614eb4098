import SourceText
import TestSupport
import Testing

@testable import Reporting

/// What users read, stored whole: findings are made here, so that no rule's wording changes them.
@Suite struct ReporterTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let report: Report
    var testDescription: String { name }
  }

  /// A finding at each `⟪ ⟫`; the places in `⟦ ⟧` belong to the first.
  static func file(
    _ path: String, _ marked: String, severity: Severity = .warning,
    message: String = "'x' is no value of 'y': it takes a, b", related: [String] = [],
    fixes: [(String, Fix.Safety, String)] = []
  ) -> FileReport {
    let marks = MarkedText(marked)
    let diagnostics = marks.ranges.enumerated().map { place, range in
      Diagnostic(
        rule: "example-rule", severity: severity, consequence: .silentlyIgnored, message: message,
        why:
          "the trainer prints one line and keeps the default, which is hardly what was meant by whoever wrote it",
        keyPath: "a.b[0]", span: SourceSpan(range),
        related: place > 0
          ? []
          : zip(marks.secondary, related).map {
            .init(keyPath: "other", span: SourceSpan($0), message: $1)
          },
        fixes: fixes.map { title, safety, text in
          Fix(title: title, safety: safety, edits: [TextEdit(SourceSpan(range), text)])
        }, url: "https://example.org/rules#example-rule")
    }
    return FileReport(
      source: SourceFile(path: path, text: marks.text), backend: "onetrainer",
      diagnostics: diagnostics)
  }

  static let cases = [
    Case(
      name: "related",
      report: Report(files: [
        file(
          "configs/a.json",
          """
          {
            "learning_rate": ⟪0.0001⟫,
            "epochs": 10,
            "train_dtype": ⟦"FLOAT_16"⟧, "weight_dtype": ⟦"BFLOAT_16"⟧,
            "batch_size": 4,
            "optimizer": {
              "optimizer": ⟦"PRODIGY"⟧
            }
          }

          """, severity: .error,
          message: "a learning rate of 0.0001 scales what Prodigy finds itself",
          related: [
            "a number format",
            "another number format, with more to be said of it than fits beside it",
            "Prodigy",
          ],
          fixes: [("set the learning rate to 1", .unsafe, "1"), ("remove it", .safe, "")])
      ])),
    Case(
      name: "missing-key",
      report: Report(files: [
        file(
          "b.json", "⟪{\n  \"epochs\": 10\n}⟫\n", severity: .info, message: "'__version' is missing"
        )
      ])),
    Case(
      name: "wide-characters",
      report: Report(files: [
        file(
          "日本/ü.json",
          """
          {"a": "日本語", "b": ⟪"full"⟫,
          "c": "e\u{301}\u{327}o\u{308}", "d": ⟪"marks"⟫,
          "e": "🙂👩‍👩‍👧🇩🇪❤️👍🏽", "f": ⟪"emoji"⟫,
          \t"g":\t"ｈａｌｆ ﾊﾝｶｸ",\t"h": ⟪"tabs"⟫,
          "i": "한국어 \u{1112}\u{1161}\u{11AB}", "j": ⟪"Hangul"⟫,
          "k": "\u{202E}\u{9B}31m\u{7F}", "l": ⟪"日本"⟫}
          """)
      ])),
    Case(
      name: "long-line",
      report: Report(files: [
        file(
          "c.json",
          #"{"a": ⟦"near"⟧, "b": ""# + String(repeating: "0123456789", count: 500)
            + #"", "c": ⟪"far"⟫, "d": ""#
            + String(repeating: "日本", count: 2_500) + #"", "e": ⟪"last"⟫}"#,
          related: ["far away from it"])
      ])),
    Case(
      name: "windows-line-breaks",
      report: Report(files: [
        file(
          "d.json", "{\r\n  \"a\": ⟪1⟫,\r\n  \"b\": ⟪{\r\n    \"c\": 2\r\n  }⟫\r\n}\r\n",
          fixes: [("write 2", .safe, "2")])
      ])),
    Case(
      name: "nothing",
      report: Report(files: [file("e.json", "{}\n"), file("f.json", "{}\n")])),
    Case(
      name: "failures",
      report: Report(
        files: [],
        failures: [
          ReadFailure(path: "g.json", message: "no such file"),
          ReadFailure(
            path: "h.json", message: "'tru' is no JSON value",
            source: SourceFile(path: "h.json", text: "{\n\t\"a\": tru\n}\n"), bytes: 8..<11),
        ])),
  ]

  @Test(arguments: cases, [60, 80, 100])
  func prettyIsAsStored(_ case: Case, _ width: Int) throws {
    let style = Reporter.Style(width: width)
    let text =
      `case`.report.failures.map { $0.rendered(style) }.joined()
      + Reporter.pretty.render(`case`.report, style)
    try expect(text, "pretty-\(`case`.name)-\(width).txt")
    // What is drawn fits; headings are one line each, so that they can be searched for.
    for line in text.split(separator: "\n") where line.contains(" | ") || line.hasPrefix("  ") {
      #expect(String(line).displayWidth <= width)
    }
  }

  @Test(arguments: cases)
  func conciseIsAsStored(_ case: Case) throws {
    try expect(Reporter.concise.render(`case`.report, .init()), "concise-\(`case`.name).txt")
  }

  @Test(arguments: cases)
  func jsonIsAsStored(_ case: Case) throws {
    try expect(Reporter.json.render(`case`.report, .init()), "\(`case`.name).json")
  }

  @Test func coloursAreUsedOnlyIfAskedFor() throws {
    let report = Self.cases[0].report
    try expect(Reporter.pretty.render(report, .init(isColoured: true)), "pretty-coloured.txt")
    for reporter in Reporter.all {
      #expect(!reporter.render(report, .init()).contains("\u{1B}"))
    }
    #expect(!Reporter.json.render(report, .init(isColoured: true)).contains("\u{1B}"))
  }

  /// Nothing in a file or its name may steer the terminal.
  @Test(arguments: Reporter.all.map(\.id))
  func controlCharactersAreNotPassedOn(_ id: String) throws {
    let file = Self.file(
      "a.json", "{\"a\u{1B}[2J\u{9B}2J\": ⟪\"\u{202E}\"⟫}",
      message: "'\u{1B}]0;x\u{7}\u{2066}' is no value")
    let text = try #require(Reporter.all.first { $0.id == id }).render(
      Report(files: [file]), .init())
    #expect(!text.unicodeScalars.contains { [0x1B, 0x9B, 0x07].contains($0.value) })
  }

  private func expect(_ text: String, _ name: String) throws {
    let difference = try ExpectedOutput.difference(text, from: name)
    #expect(
      difference == nil,
      "UPDATE_EXPECTED=1 swift test rewrites \(name)\n\(difference.map { "\($0.expected)----\n\($0.found)" } ?? "")"
    )
  }
}
