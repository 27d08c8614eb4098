import SourceText

extension Reporter {
  /// The XML of checkstyle, which most build servers read.
  static let checkstyle = Reporter(
    id: "checkstyle", summary: "XML for build servers"
  ) { report, _ in
    var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#, #"<checkstyle version="4.3">"#]
    for file in report.files {
      let table = LineTable(of: file.source)
      lines.append("  <file name=\"\(file.source.path.escapedForXML)\">")
      for diagnostic in file.diagnostics {
        let at = table.position(of: diagnostic.span.bytes.lowerBound)
        lines.append(
          "    <error line=\"\(at.line)\" column=\"\(at.column)\""
            + " severity=\"\(diagnostic.severity.rawValue)\""
            + " message=\"\(diagnostic.message.escapedForXML)\""
            + " source=\"tuneup.\(diagnostic.rule)\"/>")
      }
      lines.append("  </file>")
    }
    for failure in report.failures {
      let at = failure.position
      lines += [
        "  <file name=\"\(failure.path.escapedForXML)\">",
        "    <error line=\"\(at.line)\" column=\"\(at.column)\" severity=\"error\""
          + " message=\"\(failure.message.escapedForXML)\" source=\"tuneup.unusable-file\"/>",
        "  </file>",
      ]
    }
    return (lines + ["</checkstyle>", ""]).joined(separator: "\n")
  }
}

extension ReadFailure {
  /// Where reading stopped; the start where that is not known.
  var position: LineColumn {
    guard let source, let bytes else { return LineColumn(line: 1, column: 1) }
    return LineTable(of: source).position(of: bytes.lowerBound)
  }
}
