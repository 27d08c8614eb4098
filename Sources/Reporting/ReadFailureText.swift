import SourceText

extension ReadFailure {
  /// As standard error shows it: the place, the message and, where there is one, the line.
  public func rendered(_ style: Reporter.Style) -> String {
    guard let source, let bytes else {
      return
        "\(style.paint(path, .bold)): \(style.paint("error", .bold, .red)): \(message.onOneLine)\n"
    }
    let lines = LineTable(of: source)
    let at = lines.position(of: bytes.lowerBound)
    let place = style.paint("\(path):\(at.line):\(at.column)", .bold)
    let frame = CodeFrame(source: source, lines: lines, style: style)
    return "\(place): \(style.paint("error", .bold, .red)): \(message.onOneLine)\n"
      + frame.render([.init(bytes: bytes, label: "", isMain: true)], colour: .red)
  }
}
