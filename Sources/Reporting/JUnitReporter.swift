import SourceText

extension Reporter {
  /// The XML of JUnit: a suite per file, a failed case per error and warning, a passed one for what is
  /// worth knowing, and one for a file without findings.
  static let junit = Reporter(id: "junit", summary: "XML of test results") { report, _ in
    let failed = report.count(.error) + report.count(.warning)
    let cases =
      report.files.reduce(0) { $0 + max(1, $1.diagnostics.count) } + report.failures.count
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      "<testsuites name=\"tuneup\" tests=\"\(cases)\" failures=\"\(failed)\""
        + " errors=\"\(report.failures.count)\">",
    ]
    for file in report.files {
      let path = file.source.path.escapedForXML
      let count = file.diagnostics.count { $0.severity > .info }
      lines.append(
        "  <testsuite name=\"\(path)\" tests=\"\(max(1, file.diagnostics.count))\""
          + " failures=\"\(count)\" errors=\"0\" skipped=\"0\">")
      if file.diagnostics.isEmpty {
        lines.append("    <testcase classname=\"\(path)\" name=\"no findings\"/>")
      }
      let table = LineTable(of: file.source)
      for diagnostic in file.diagnostics {
        lines += testCase(diagnostic, path, table.position(of: diagnostic.span.bytes.lowerBound))
      }
      lines.append("  </testsuite>")
    }
    for failure in report.failures {
      let path = failure.path.escapedForXML
      lines += [
        "  <testsuite name=\"\(path)\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">",
        "    <testcase classname=\"\(path)\" name=\"can be read\">",
        "      <error type=\"unusable-file\" message=\"\(failure.message.escapedForXML)\"/>",
        "    </testcase>",
        "  </testsuite>",
      ]
    }
    return (lines + ["</testsuites>", ""]).joined(separator: "\n")
  }

  private static func testCase(
    _ diagnostic: Diagnostic, _ path: String, _ at: LineColumn
  ) -> [String] {
    let name = "\(diagnostic.rule) \(diagnostic.keyPath) (\(at.line):\(at.column))".escapedForXML
    let message = diagnostic.message.escapedForXML
    let why = "\(diagnostic.consequence.words): \(diagnostic.why)".escapedForXML
    let open = "    <testcase classname=\"\(path)\" name=\"\(name)\">"
    let result =
      diagnostic.severity == .info
      ? "      <system-out>\(message)</system-out>"
      : "      <failure type=\"\(diagnostic.severity.rawValue)\" message=\"\(message)\">\(why)</failure>"
    return [open, result, "    </testcase>"]
  }
}
