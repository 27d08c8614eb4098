import SourceText

extension Reporter {
  /// GitLab's code quality report.
  static let gitlab = Reporter(
    id: "gitlab", summary: "code quality report of GitLab"
  ) { report, _ in
    var fingerprints = Fingerprint()
    var entries: [JSONValue] = []
    for failure in report.failures {
      let path = report.repositoryPath(failure.path)
      entries.append(
        entry(
          failure.message, "unusable-file", "unusable-file:\(path)", "blocker", path,
          failure.position.line, failure.position.line))
    }
    for file in report.files {
      let path = report.repositoryPath(file.source.path)
      let table = LineTable(of: file.source)
      for diagnostic in file.diagnostics {
        let severity =
          switch diagnostic.severity {
          case .error: "critical"
          case .warning: "major"
          case .info: "info"
          }
        entries.append(
          entry(
            diagnostic.message.onOneLine, diagnostic.rule,
            fingerprints.next(diagnostic, in: file, path: path), severity, path,
            table.position(of: diagnostic.span.bytes.lowerBound).line,
            table.position(of: diagnostic.span.bytes.upperBound).line))
      }
    }
    return JSONValue.array(entries).serialized
  }

  private static func entry(
    _ description: String, _ check: String, _ fingerprint: String, _ severity: String,
    _ path: String, _ begin: Int, _ end: Int
  ) -> JSONValue {
    [
      "description": .text(description), "check_name": .text(check),
      "fingerprint": .text(fingerprint), "severity": .text(severity),
      "location": [
        "path": .text(path), "lines": ["begin": .integer(begin), "end": .integer(end)],
      ],
    ]
  }
}
