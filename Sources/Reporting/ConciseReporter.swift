import SourceText

extension Reporter {
  /// One line per finding, as compilers print them.
  static let concise = Reporter(
    id: "concise", summary: "one line per finding"
  ) { report, _ in
    report.files.map { file in
      let lines = file.diagnostics.isEmpty ? nil : LineTable(of: file.source)
      return file.diagnostics.map { diagnostic in
        let at = lines?.position(of: diagnostic.span.bytes.lowerBound) ?? LineColumn(line: 1, column: 1)
        return "\(file.source.path):\(at.line):\(at.column): \(diagnostic.severity.rawValue): "
          + "\(diagnostic.message.onOneLine) [\(diagnostic.rule)]\n"
      }.joined()
    }.joined()
  }
}

extension String {
  /// With control characters made visible, so that a value from a file cannot steer the terminal.
  var onOneLine: String {
    guard unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return self }
    return String(
      String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0 }))
  }
}
