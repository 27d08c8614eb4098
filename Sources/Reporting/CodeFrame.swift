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
    let blank = String(repeating: " ", count: gutter) + " |"
    var result = style.paint(blank, .blue) + "\n"
    for (place, line) in shown.enumerated() {
      if place > 0, line > shown[place - 1] + 1 {
        result += style.paint(String(repeating: " ", count: gutter) + " …", .blue) + "\n"
      }
      let window = Window(source, lines.content(ofLine: line), around: byLine[line] ?? [], width: style.width - gutter - 3)
      let number = String(repeating: " ", count: gutter - String(line).count) + String(line)
      result += style.paint("\(number) |", .blue) + " \(window.text)\n"
      for mark in (byLine[line] ?? []).sorted(by: { $0.isMain && !$1.isMain }) {
        let (indent, length) = window.columns(of: mark.bytes)
        let line = mark.isMain ? "^" + String(repeating: "~", count: length - 1) : String(repeating: "-", count: length)
        let label = mark.label.isEmpty ? "" : " \(mark.label.onOneLine)"
        result +=
          style.paint(blank, .blue) + " " + String(repeating: " ", count: indent)
          + style.paint(line + label, mark.isMain ? colour : .cyan) + "\n"
      }
    }
    return result
  }

  /// The stretch of a line that is shown; long lines are cut on both sides of the first mark.
  private struct Window {
    let text: String
    private let source: SourceFile
    private let bytes: Range<Int>
    private let prefix: Int

    init(_ source: SourceFile, _ line: Range<Int>, around marks: [Mark], width: Int) {
      self.source = source
      let first = marks.map(\.bytes.lowerBound).min() ?? line.lowerBound
      var start = line.lowerBound
      var end = line.upperBound
      if end - start > width {
        start = max(start, min(first - width / 3, end - width))
        end = min(end, start + width)
        // Not inside a character.
        while start > line.lowerBound, source.bytes[start] & 0xC0 == 0x80 { start -= 1 }
        while end < line.upperBound, source.bytes[end] & 0xC0 == 0x80 { end -= 1 }
      }
      bytes = start..<end
      let before = start > line.lowerBound ? "…" : ""
      let after = end < line.upperBound ? "…" : ""
      prefix = before.isEmpty ? 0 : 1
      text = before + source.text(of: bytes).visible + after
    }

    /// Where a mark begins and how long it is, in columns of the terminal.
    func columns(of mark: Range<Int>) -> (indent: Int, length: Int) {
      let start = min(max(mark.lowerBound, bytes.lowerBound), bytes.upperBound)
      let end = min(max(mark.upperBound, start), bytes.upperBound)
      let indent = prefix + source.text(of: bytes.lowerBound..<start).visible.displayWidth
      return (indent, max(1, source.text(of: start..<end).visible.displayWidth))
    }
  }
}

extension String {
  /// Tabs as one blank, other control characters as U+FFFD, a byte-order mark as nothing.
  fileprivate var visible: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars where scalar != "\u{FEFF}" {
      switch scalar.value {
      case 0x09: result.append(" ")
      case 0..<0x20, 0x7F: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Columns a terminal gives it: two for East Asian wide characters and emoji, none for marks that
  /// combine (Unicode Standard Annex 11, in the ranges that matter).
  fileprivate var displayWidth: Int {
    unicodeScalars.reduce(0) { width, scalar in
      switch scalar.value {
      case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: width
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
        width + 2
      default: width + 1
      }
    }
  }
}
