import SourceText

extension Reporter {
  /// Annotations of a pull request. GitHub shows ten errors, ten warnings and ten notices of a step: the
  /// worst come first, and what is over is counted in one plain line each.
  static let github = Reporter(
    id: "github", summary: "annotations in GitHub Actions"
  ) { report, _ in
    var texts: [Severity: [String]] = [:]
    for failure in report.failures {
      let at = failure.position
      texts[.error, default: []].append(
        command(
          "error", report.repositoryPath(failure.path), "line=\(at.line),col=\(at.column)",
          "unusable file", failure.message))
    }
    for file in report.files {
      let table = LineTable(of: file.source)
      for diagnostic in file.diagnostics {
        texts[diagnostic.severity, default: []].append(
          annotation(diagnostic, report.repositoryPath(file.source.path), table))
      }
    }
    return [Severity.error, .warning, .info].flatMap { severity -> [String] in
      let all = texts[severity] ?? []
      if all.count <= annotationLimit { return all }
      let rest = all.count - annotationLimit
      let kind = severity == .info ? "notice" : severity.rawValue
      return all.prefix(annotationLimit) + [
        "\(rest) more \(kind)\(rest == 1 ? "" : "s") not shown as annotations"
      ]
    }.map { $0 + "\n" }.joined()
  }

  /// Annotations of one kind in one step (docs.github.com, "Workflow commands": limits).
  private static let annotationLimit = 10

  private static func annotation(
    _ diagnostic: Diagnostic, _ path: String, _ lines: LineTable
  ) -> String {
    let start = lines.position(of: diagnostic.span.bytes.lowerBound)
    let end = lines.position(of: diagnostic.span.bytes.upperBound)
    // Columns are only taken where both ends lie in one line.
    let place =
      start.line == end.line
      ? "line=\(start.line),col=\(start.column),endColumn=\(max(start.column, end.column))"
      : "line=\(start.line)"
    let kind = diagnostic.severity == .info ? "notice" : diagnostic.severity.rawValue
    return command(
      kind, path, place, diagnostic.rule,
      "\(diagnostic.message.onOneLine)\n\(diagnostic.consequence.words): \(diagnostic.why.onOneLine)\ntuneup explain \(diagnostic.rule)"
    )
  }

  private static func command(
    _ kind: String, _ path: String, _ place: String, _ title: String, _ message: String
  ) -> String {
    "::\(kind) file=\(path.onOneLine.escaped(":,")),\(place),title=\(title.escaped(":,"))::\(message.escaped(""))"
  }
}

extension String {
  /// As a workflow command takes it.
  fileprivate func escaped(_ more: String) -> String {
    var result = ""
    for character in unicodeScalars {
      switch character {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where more.contains(":"): result += "%3A"
      case "," where more.contains(","): result += "%2C"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
