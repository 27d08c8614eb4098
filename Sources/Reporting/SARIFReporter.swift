import SourceText

extension Reporter {
  /// SARIF 2.1.0 (OASIS, 2020-03-27), as code scanning takes it.
  static let sarif = Reporter(id: "sarif", summary: "SARIF 2.1.0 for code scanning") { report, _ in
    let ids = report.files.flatMap { $0.diagnostics.map(\.rule) }.uniqueInOrder
    let places = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
    var fingerprints = Fingerprint()
    var results: [JSONValue] = []
    for file in report.files {
      let path = report.repositoryPath(file.source.path)
      let table = LineTable(of: file.source)
      for diagnostic in file.diagnostics {
        let fingerprint = fingerprints.next(diagnostic, in: file, path: path)
        results.append(
          result(diagnostic, file, report, table, places[diagnostic.rule] ?? 0, fingerprint))
      }
    }
    return JSONValue.object([
      .init("$schema", "https://json.schemastore.org/sarif-2.1.0.json"),
      .init("version", "2.1.0"),
      .init(
        "runs",
        [
          [
            "tool": [
              "driver": [
                "name": "tuneup",
                "rules": .array(ids.map { rule($0, report.help($0)) }),
              ]
            ],
            // Columns are counted in Unicode scalars.
            "columnKind": "unicodeCodePoints",
            "invocations": [
              [
                "executionSuccessful": .boolean(report.failures.isEmpty),
                "toolExecutionNotifications": .array(
                  report.failures.map { notification($0, report) }),
              ]
            ],
            "results": .array(results),
          ]
        ]),
    ]).serialized
  }

  private static func rule(_ id: String, _ help: RuleHelp?) -> JSONValue {
    guard let help else { return ["id": .text(id)] }
    return .object(
      [
        .init("id", .text(id)), .init("shortDescription", ["text": .text(help.summary)]),
        .init("help", ["text": .text(help.summary), "markdown": .text(help.markdown)]),
      ] + (help.address.map { [.init("helpUri", .text($0))] } ?? []) + [
        .init("defaultConfiguration", ["level": .text(level(help.severity))])
      ])
  }

  private static func level(_ severity: Severity) -> String {
    severity == .info ? "note" : severity.rawValue
  }

  private static func result(
    _ diagnostic: Diagnostic, _ file: FileReport, _ report: Report, _ lines: LineTable,
    _ place: Int, _ fingerprint: String
  ) -> JSONValue {
    let related = diagnostic.related.map { note in
      location(note.span, file, report, lines, message: note.message)
    }
    return [
      "ruleId": .text(diagnostic.rule), "ruleIndex": .integer(place),
      "level": .text(level(diagnostic.severity)),
      "message": [
        "text": .text(
          "\(diagnostic.message.onOneLine)\n\(diagnostic.consequence.words): \(diagnostic.why.onOneLine)"
        )
      ],
      "locations": [location(diagnostic.span, file, report, lines)],
      "relatedLocations": .array(related),
      "partialFingerprints": ["tuneupFinding/v1": .text(fingerprint)],
      "fixes": .array(diagnostic.fixes.map { fix($0, file, report, lines) }),
    ]
  }

  private static func location(
    _ span: SourceSpan, _ file: FileReport, _ report: Report, _ lines: LineTable,
    message: String? = nil
  ) -> JSONValue {
    let other = file.others.first { $0.id == span.file && span.file != file.source.id }
    let lines = other.map { LineTable(of: $0) } ?? lines
    var entries: [JSONValue.Entry] = [
      .init(
        "physicalLocation",
        [
          "artifactLocation": artifact(other?.path ?? file.source.path, report),
          "region": region(span.bytes, lines),
        ])
    ]
    if let message { entries.append(.init("message", ["text": .text(message.onOneLine)])) }
    return .object(entries)
  }

  private static func artifact(_ path: String, _ report: Report) -> JSONValue {
    let path = report.repositoryPath(path)
    return path.hasPrefix("/")
      ? ["uri": .text("file://" + path.escapedForURI)]
      : ["uri": .text(path.escapedForURI), "uriBaseId": "%SRCROOT%"]
  }

  private static func region(_ bytes: Range<Int>, _ lines: LineTable) -> JSONValue {
    let start = lines.position(of: bytes.lowerBound)
    let end = lines.position(of: bytes.upperBound)
    return [
      "startLine": .integer(start.line), "startColumn": .integer(start.column),
      "endLine": .integer(end.line), "endColumn": .integer(end.column),
      "byteOffset": .integer(bytes.lowerBound), "byteLength": .integer(bytes.count),
    ]
  }

  private static func fix(
    _ fix: Fix, _ file: FileReport, _ report: Report, _ lines: LineTable
  ) -> JSONValue {
    let edits = fix.edits.filter { $0.span.file == file.source.id }
    return [
      "description": ["text": .text("\(fix.title.onOneLine) (\(fix.safety.rawValue))")],
      "artifactChanges": [
        [
          "artifactLocation": artifact(file.source.path, report),
          "replacements": .array(
            edits.map {
              [
                "deletedRegion": region($0.span.bytes, lines),
                "insertedContent": ["text": .text($0.text)],
              ]
            }),
        ]
      ],
    ]
  }

  private static func notification(_ failure: ReadFailure, _ report: Report) -> JSONValue {
    [
      "level": "error", "message": ["text": .text(failure.message.onOneLine)],
      "locations": [
        [
          "physicalLocation": [
            "artifactLocation": artifact(failure.path, report),
            "region": ["startLine": .integer(failure.position.line)],
          ]
        ]
      ],
    ]
  }
}

extension Array where Element == String {
  fileprivate var uniqueInOrder: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

extension String {
  /// A path as a URI reference has it (RFC 3986, 3.3), each byte that needs it as `%XX`.
  fileprivate var escapedForURI: String {
    var result = ""
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}
