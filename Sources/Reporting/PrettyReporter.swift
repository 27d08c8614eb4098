import SourceText

extension Reporter {
  /// Each finding with the lines it is about, for people.
  static let pretty = Reporter(
    id: "pretty", summary: "each finding with the lines it is about"
  ) { report, style in
    report.files.map { file($0, style) }.joined() + summary(report, style)
  }

  private static func file(_ file: FileReport, _ style: Style) -> String {
    guard !file.diagnostics.isEmpty else { return "" }
    let lines = LineTable(of: file.source)
    let frame = CodeFrame(source: file.source, lines: lines, style: style)
    return file.diagnostics.map { diagnostic in
      let at = lines.position(of: diagnostic.span.bytes.lowerBound)
      let colour = diagnostic.severity.colour
      let place = "\(file.source.path):\(at.line):\(at.column)"
      var text =
        "\(style.paint(place, .bold)): \(style.paint(diagnostic.severity.rawValue, .bold, colour)): "
        + "\(style.paint(diagnostic.message.onOneLine, .bold)) \(style.paint("[\(diagnostic.rule)]", .dim))\n"
      let marks =
        [CodeFrame.Mark(bytes: diagnostic.span.bytes, label: "", isMain: true)]
        + diagnostic.related.filter { $0.span.file == file.source.id }.map {
          .init(bytes: $0.span.bytes, label: $0.message, isMain: false)
        }
      text += frame.render(marks, colour: colour)
      for related in diagnostic.related {
        if let place = file.place(of: related) {
          text += note("\(place): \(related.message)", style)
        }
      }
      text += note("\(diagnostic.consequence.words): \(diagnostic.why)", style)
      if let fix = diagnostic.fixes.first {
        text += note("fix (\(fix.safety.rawValue)): \(fix.title)", style)
      }
      return text + "\n"
    }.joined()
  }

  /// Wrapped to the terminal, with a hanging indent.
  private static func note(_ words: String, _ style: Style) -> String {
    words.onOneLine.wrapped(to: style.width - 4).enumerated().map { place, line in
      place == 0 ? "  \(style.paint("=", .blue)) \(line)\n" : "    \(line)\n"
    }.joined()
  }

  private static func summary(_ report: Report, _ style: Style) -> String {
    let files = counted(report.files.count, "file")
    let counts: [(Severity, Int)] = [.error, .warning, .info].map { ($0, report.count($0)) }
    let found = counts.filter { $0.1 > 0 }.map { (counted($0.1, $0.0.rawValue), $0.0.colour) }
    if found.isEmpty { return report.files.isEmpty ? "" : "nothing found in \(files)\n" }
    let fixes = report.files.flatMap(\.diagnostics).compactMap(\.fixes.first)
    let safe = fixes.count { $0.safety == .safe }
    let unsafe = fixes.count - safe
    let offers = [
      safe > 0 ? "\(safe) can be fixed with --fix" : nil,
      unsafe > 0
        ? "\(unsafe) \(safe > 0 ? "more" : "can be fixed") with --fix --unsafe-fixes" : nil,
    ].compactMap(\.self)
    let plain = ([found.map(\.0).joined(separator: ", ") + " in \(files)"] + offers).joined(
      separator: "; ")
    let separator = plain.count > style.width ? "\n" : "; "
    let painted = found.map { style.paint($0.0, $0.1) }.joined(separator: ", ")
    return (["\(painted) in \(files)"] + offers).joined(separator: separator) + "\n"
  }

  private static func counted(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }
}

extension Severity {
  var colour: Reporter.Style.Colour {
    switch self {
    case .error: .red
    case .warning: .yellow
    case .info: .blue
    }
  }
}
