import SourceText

extension Reporter {
  /// For comments of pull requests and the summaries of build steps.
  static let markdown = Reporter(id: "markdown", summary: "a table per file") { report, _ in
    var text = "# tuneup\n\n\(summary(report))\n"
    for failure in report.failures {
      let at = failure.position
      text +=
        "\n**\(failure.path.escapedForMarkdown):\(at.line)** cannot be used: \(failure.message.escapedForMarkdown)\n"
    }
    for file in report.files where !file.diagnostics.isEmpty {
      let table = LineTable(of: file.source)
      text += "\n## \(file.source.path.escapedForMarkdown)\n\n"
      text += "| line | severity | finding | rule |\n|---:|---|---|---|\n"
      for diagnostic in file.diagnostics {
        let at = table.position(of: diagnostic.span.bytes.lowerBound)
        text +=
          "| \(at.line) | \(diagnostic.severity.rawValue) | \(diagnostic.message.escapedForMarkdown)"
          + "<br>*\(diagnostic.consequence.words)*: \(diagnostic.why.escapedForMarkdown)"
          + diagnostic.fixes.map {
            "<br>fix (\($0.safety.rawValue)): \($0.title.escapedForMarkdown)"
          }
          .joined()
          + " | `\(diagnostic.rule)` |\n"
      }
    }
    return text
  }

  private static func summary(_ report: Report) -> String {
    let counts = [Severity.error, .warning, .info].compactMap { severity -> String? in
      let count = report.count(severity)
      return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
    }
    let files = "\(report.files.count) file\(report.files.count == 1 ? "" : "s")"
    let found = counts.isEmpty ? "no findings" : counts.joined(separator: ", ")
    let failures = report.failures.count
    return "\(found) in \(files)" + (failures == 0 ? "" : ", \(failures) cannot be used")
  }
}

extension String {
  fileprivate var escapedForMarkdown: String {
    var result = ""
    for character in onOneLine.unicodeScalars {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "|", "*", "_", "`", "[", "]", "\\": result += "\\" + String(character)
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
