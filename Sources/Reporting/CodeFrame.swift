import SourceText

/// The lines of a file that a finding marks, with the marks drawn under them.
struct CodeFrame {
  let source: SourceFile
  let lines: LineTable
  let style: Reporter.Style

  struct Mark {
    let bytes: Range<Int>
    /// Beside the mark; empty for the main one.
    let label: String
    let isMain: Bool
  }

  func render(_ marks: [Mark], colour: Reporter.Style.Colour) -> String {
    let byLine = Dictionary(grouping: marks) { lines.position(of: $0.bytes.lowerBound).line }
    let shown = byLine.keys.sorted()
    let gutter = String(shown.last ?? 1).count
    let room = style.width - gutter - 3
    let blank = style.paint(String(repeating: " ", count: gutter) + " |", .blue)
    var result = blank + "\n"
    for (place, line) in shown.enumerated() {
      if place > 0, line > shown[place - 1] + 1 {
        result += style.paint(String(repeating: " ", count: gutter) + " …", .blue) + "\n"
      }
      let number = String(repeating: " ", count: gutter - String(line).count) + String(line)
      for window in windows(line, byLine[line] ?? [], room) {
        result += style.paint("\(number) |", .blue) + " \(window.text)\n"
        for mark in window.marks {
          for row in rows(mark, in: window, room) {
            result +=
              "\(blank) \(row.indent)\(style.paint(row.text, mark.isMain ? colour : .cyan))\n"
          }
        }
      }
    }
    return result
  }

  /// One, or several where a line is too long to show all its marks at once.
  private func windows(_ line: Int, _ marks: [Mark], _ room: Int) -> [CodeWindow] {
    let content = lines.content(ofLine: line)
    var left = marks.sorted { $0.isMain && !$1.isMain }
    var windows: [CodeWindow] = []
    while let first = left.first {
      var window = CodeWindow(source, content, around: first.bytes, columns: room)
      func isShown(_ mark: Mark) -> Bool {
        mark.bytes == first.bytes || window.shows(mark.bytes.clamped(to: content))
      }
      window.marks = left.filter(isShown)
      left.removeAll(where: isShown)
      windows.append(window)
    }
    return windows.sorted { $0.bytes.lowerBound < $1.bytes.lowerBound }
  }

  /// The mark with its label beside it, or below it where there is little room.
  private func rows(
    _ mark: Mark, in window: CodeWindow, _ room: Int
  ) -> [(indent: String, text: String)] {
    let (indent, length) = window.columns(of: mark.bytes)
    let line =
      mark.isMain
      ? "^" + String(repeating: "~", count: length - 1) : String(repeating: "-", count: length)
    let blanks = String(repeating: " ", count: indent)
    let label = mark.label.onOneLine
    if label.isEmpty { return [(blanks, line)] }
    let beside = room - indent - length - 1
    if label.displayWidth <= beside { return [(blanks, "\(line) \(label)")] }
    if beside >= Self.leastRoom {
      let hanging = String(repeating: " ", count: indent + length + 1)
      let words = label.wrapped(to: beside)
      return [(blanks, "\(line) \(words[0])")] + words.dropFirst().map { (hanging, $0) }
    }
    let start = max(0, min(indent, room - min(Self.leastRoom, label.displayWidth)))
    return [(blanks, line)]
      + label.wrapped(to: room - start).map { (String(repeating: " ", count: start), $0) }
  }

  /// Columns in which a label can be read.
  private static let leastRoom = 40
}

/// The stretch of a line that is shown; long lines are cut on both sides of a mark.
struct CodeWindow {
  let text: String
  let bytes: Range<Int>
  var marks: [CodeFrame.Mark] = []
  private let source: SourceFile
  /// The columns of the ellipsis before the text.
  private let prefix: Int

  /// - Parameter columns: How many the whole may take.
  init(_ source: SourceFile, _ line: Range<Int>, around mark: Range<Int>, columns: Int) {
    self.source = source
    bytes = Self.stretch(source, line, around: mark, columns)
    let before = bytes.lowerBound > line.lowerBound ? "…" : ""
    let after = bytes.upperBound < line.upperBound ? "…" : ""
    prefix = before.isEmpty ? 0 : 1
    text = before + source.text(of: bytes).visible + after
  }

  /// Whether all of it is there.
  func shows(_ mark: Range<Int>) -> Bool {
    bytes.lowerBound <= mark.lowerBound && mark.upperBound <= bytes.upperBound
  }

  /// Where a mark begins and how long it is, in columns of the terminal.
  func columns(of mark: Range<Int>) -> (indent: Int, length: Int) {
    let start = min(max(mark.lowerBound, bytes.lowerBound), bytes.upperBound)
    let end = min(max(mark.upperBound, start), bytes.upperBound)
    let indent = prefix + source.text(of: bytes.lowerBound..<start).visible.displayWidth
    return (indent, max(1, source.text(of: start..<end).visible.displayWidth))
  }

  /// The whole line if it fits; else as much as fits, a third of it before the mark.
  private static func stretch(
    _ source: SourceFile, _ line: Range<Int>, around mark: Range<Int>, _ columns: Int
  ) -> Range<Int> {
    let near = neighbourhood(source, line, of: mark.lowerBound, columns)
    let parts = characters(of: source, near)
    guard near != line || parts.reduce(0, { $0 + $1.columns }) > columns else { return line }
    // Both ellipses.
    let room = columns - 2
    let anchor = parts.firstIndex { $0.bytes.upperBound > mark.lowerBound } ?? parts.count
    var (start, end) = (anchor, anchor)
    var used = 0
    func widen(within room: Int) {
      while start > 0, used + parts[start - 1].columns <= room {
        start -= 1
        used += parts[start].columns
      }
    }
    widen(within: room / 3)
    while end < parts.count, used + parts[end].columns <= room {
      used += parts[end].columns
      end += 1
    }
    if end == parts.count { widen(within: room) }
    let first = start < parts.count ? parts[start].bytes.lowerBound : near.upperBound
    return first..<(end > start ? parts[end - 1].bytes.upperBound : first)
  }

  /// As much of a line as can matter, so that one of a megabyte costs no more than a short one.
  private static func neighbourhood(
    _ source: SourceFile, _ line: Range<Int>, of place: Int, _ columns: Int
  ) -> Range<Int> {
    let reach = 16 * columns
    guard line.count > 2 * reach else { return line }
    var start = max(line.lowerBound, place - reach)
    var end = min(line.upperBound, place + reach)
    while start > line.lowerBound, source.bytes[start] & 0xC0 == 0x80 { start -= 1 }
    while end < line.upperBound, source.bytes[end] & 0xC0 == 0x80 { end += 1 }
    return start..<max(start, end)
  }

  /// What stands in a line, piece by piece: characters, or the bytes of a line that is no UTF-8.
  private static func characters(
    of source: SourceFile, _ line: Range<Int>
  ) -> [(bytes: Range<Int>, columns: Int)] {
    let text = source.text(of: line)
    guard text.utf8.elementsEqual(source.bytes[line]) else {
      return line.map { ($0..<($0 + 1), 1) }
    }
    var place = line.lowerBound
    return text.map { character in
      let start = place
      place += character.utf8.count
      return (start..<place, String(character).visible.displayWidth)
    }
  }
}
