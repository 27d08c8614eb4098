import SourceText

extension Reporter {
  /// One object with everything, for scripts. The keys do not change within a version.
  /// Files that could not be checked stand under `failures`, which is there only if there are any.
  static let json = Reporter(id: "json", summary: "one object, for scripts") { report, _ in
    var entries: [JSONValue.Entry] = [
      .init("version", 1), .init("files", .array(report.files.map(file))),
    ]
    if !report.failures.isEmpty {
      entries.append(.init("failures", .array(report.failures.map(failure))))
    }
    entries.append(
      .init(
        "summary",
        [
          "files": .integer(report.files.count), "errors": .integer(report.count(.error)),
          "warnings": .integer(report.count(.warning)), "infos": .integer(report.count(.info)),
          "fixable": .integer(report.fixable),
        ]))
    return JSONValue.object(entries).serialized
  }

  private static func file(_ file: FileReport) -> JSONValue {
    let lines = LineTable(of: file.source)
    return [
      "path": .text(file.source.path), "backend": .text(file.backend),
      "findings": .array(file.diagnostics.map { finding($0, file, lines) }),
    ]
  }

  private static func finding(
    _ diagnostic: Diagnostic, _ file: FileReport, _ lines: LineTable
  ) -> JSONValue {
    [
      "rule": .text(diagnostic.rule), "severity": .text(diagnostic.severity.rawValue),
      "consequence": .text(diagnostic.consequence.rawValue), "message": .text(diagnostic.message),
      "why": .text(diagnostic.why), "keyPath": .text(diagnostic.keyPath),
      "range": range(diagnostic.span.bytes, lines),
      "related": .array(diagnostic.related.map { related($0, file, lines) }),
      "fixes": .array(
        diagnostic.fixes.map { fix in
          [
            "title": .text(fix.title), "safety": .text(fix.safety.rawValue),
            "edits": .array(
              fix.edits.map { ["range": range($0.span.bytes, lines), "text": .text($0.text)] }),
          ]
        }),
      "url": .text(diagnostic.url),
    ]
  }

  /// With the path where it lies in another file.
  private static func related(
    _ note: Diagnostic.Note, _ file: FileReport, _ lines: LineTable
  ) -> JSONValue {
    let other = file.others.first { $0.id == note.span.file }
    let lines = other.map { LineTable(of: $0) } ?? lines
    return .object(
      (other.map { [.init("path", .text($0.path))] } ?? []) + [
        .init("keyPath", .text(note.keyPath)), .init("range", range(note.span.bytes, lines)),
        .init("message", .text(note.message)),
      ])
  }

  private static func failure(_ failure: ReadFailure) -> JSONValue {
    var entries = [
      JSONValue.Entry("path", .text(failure.path)),
      JSONValue.Entry("message", .text(failure.message)),
    ]
    if let source = failure.source, let bytes = failure.bytes {
      entries.append(JSONValue.Entry("range", range(bytes, LineTable(of: source))))
    }
    return .object(entries)
  }

  private static func range(_ bytes: Range<Int>, _ lines: LineTable) -> JSONValue {
    func place(_ offset: Int) -> JSONValue {
      let at = lines.position(of: offset)
      return [
        "line": .integer(at.line), "column": .integer(at.column), "offset": .integer(offset),
      ]
    }
    return ["start": place(bytes.lowerBound), "end": place(bytes.upperBound)]
  }
}
