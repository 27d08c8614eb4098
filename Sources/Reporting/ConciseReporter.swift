import SourceText

extension Reporter {
  /// One line per finding, as compilers print them.
  static let concise = Reporter(
    id: "concise", summary: "one line per finding"
  ) { report, _ in
    report.files.map { file in
      let lines = file.diagnostics.isEmpty ? nil : LineTable(of: file.source)
      return file.diagnostics.map { diagnostic in
        let at =
          lines?.position(of: diagnostic.span.bytes.lowerBound) ?? LineColumn(line: 1, column: 1)
        return "\(file.source.path):\(at.line):\(at.column): \(diagnostic.severity.rawValue): "
          + "\(diagnostic.message.onOneLine) [\(diagnostic.rule)]\n"
      }.joined()
    }.joined()
  }
}
