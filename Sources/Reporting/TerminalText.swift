extension String {
  /// On one line, with what could steer the terminal made visible as U+FFFD: control characters,
  /// also those of ISO 8859, and the marks that turn the direction of writing.
  var onOneLine: String {
    guard unicodeScalars.contains(where: \.steersTerminal) else { return self }
    return String(
      String.UnicodeScalarView(unicodeScalars.map { $0.steersTerminal ? "\u{FFFD}" : $0 }))
  }

  /// A piece of a file as it is shown: tabs as one blank, a byte-order mark as nothing.
  var visible: String {
    guard unicodeScalars.contains(where: { $0.steersTerminal || $0 == "\u{FEFF}" }) else {
      return self
    }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars where scalar != "\u{FEFF}" {
      result.append(scalar == "\t" ? " " : scalar.steersTerminal ? "\u{FFFD}" : scalar)
    }
    return String(result)
  }

  /// Columns a terminal gives it.
  var displayWidth: Int {
    if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }

  /// Blanks up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - displayWidth))
  }

  /// Lines of at most so many columns, broken at blanks; a word that is longer stands alone.
  public func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var columns = 0
    for word in split(separator: " ") {
      let length = String(word).displayWidth
      if columns > 0, columns + 1 + length > width {
        lines.append(line)
        (line, columns) = ("", 0)
      }
      line += (columns == 0 ? "" : " ") + word
      columns += (columns == 0 ? 0 : 1) + length
    }
    return lines + [line]
  }
}

extension Character {
  /// Two columns for East Asian wide characters and emoji, none for marks that combine (Unicode
  /// Standard Annex 11, in the ranges that matter). A sequence that makes one emoji is one.
  var displayWidth: Int {
    let isEmoji = unicodeScalars.contains { $0.properties.isEmojiPresentation || $0 == "\u{FE0F}" }
    if isEmoji { return 2 }
    return unicodeScalars.reduce(0) { $0 + $1.columns }
  }
}

extension Unicode.Scalar {
  fileprivate var steersTerminal: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  fileprivate var columns: Int {
    if isASCII { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch value {
    // Vowels and finals of Hangul join the consonant before them.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
      0x17000...0x18DFF, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x1F300...0x1F64F,
      0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
