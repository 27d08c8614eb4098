/// What quotes and escapes stand for. Each of these reads at least one byte.
extension ShellLexer {
  private static let quote = UInt8(ascii: "\"")
  private static let apostrophe = UInt8(ascii: "'")
  private static let backslash = UInt8(ascii: "\\")
  private static let dollar = UInt8(ascii: "$")
  private static let backtick = UInt8(ascii: "`")

  private func unclosed(_ start: Int) -> SyntaxError {
    SyntaxError("this quote is not closed", at: start..<(start + 1))
  }

  // MARK: POSIX shells

  /// "Quoting" of the POSIX shell command language, and bash's `$'…'`.
  mutating func readBash(_ word: inout Word) throws(SyntaxError) {
    switch byte {
    case Self.apostrophe: try readVerbatim(&word)
    case Self.quote: try readBashDoubleQuotes(&word)
    case Self.dollar where peek(1) == Self.apostrophe: try readANSIQuotes(&word)
    case Self.backslash where offset + 1 < source.bytes.count:
      take([peek(1)], for: offset + 2, &word)
    case Self.dollar, Self.backtick: if !takeSubstitution(&word) { take(offset + 1, &word) }
    default: take(offset + 1, &word)
    }
  }

  private mutating func readVerbatim(_ word: inout Word) throws(SyntaxError) {
    let start = offset
    word.isQuoted = true
    offset += 1
    while byte != Self.apostrophe {
      if isAtEnd { throw unclosed(start) }
      take(offset + 1, &word)
    }
    offset += 1
  }

  private mutating func readBashDoubleQuotes(_ word: inout Word) throws(SyntaxError) {
    let start = offset
    word.isQuoted = true
    offset += 1
    while byte != Self.quote {
      if isAtEnd { throw unclosed(start) }
      switch byte {
      case Self.backslash where "$`\"\\".utf8.contains(peek(1)):
        take([peek(1)], for: offset + 2, &word)
      case Self.backslash where peek(1) == 0x0A: take([], for: offset + 2, &word)
      case Self.backslash where peek(1) == 0x0D && peek(2) == 0x0A:
        take([], for: offset + 3, &word)
      case Self.dollar, Self.backtick: if !takeSubstitution(&word) { take(offset + 1, &word) }
      default: take(offset + 1, &word)
      }
    }
    offset += 1
  }

  private mutating func readANSIQuotes(_ word: inout Word) throws(SyntaxError) {
    let start = offset
    word.isQuoted = true
    offset += 2
    while byte != Self.apostrophe {
      if isAtEnd { throw unclosed(start) }
      switch (byte, peek(1)) {
      case (Self.backslash, UInt8(ascii: "n")): take([0x0A], for: offset + 2, &word)
      case (Self.backslash, UInt8(ascii: "t")): take([0x09], for: offset + 2, &word)
      case (Self.backslash, let next) where offset + 1 < source.bytes.count:
        take([next], for: offset + 2, &word)
      default: take(offset + 1, &word)
      }
    }
    offset += 1
  }

  // MARK: PowerShell

  /// about_Quoting_Rules and about_Special_Characters of PowerShell.
  mutating func readPowerShell(_ word: inout Word) throws(SyntaxError) {
    switch byte {
    case Self.apostrophe, Self.quote: try readPowerShellQuotes(&word)
    case Self.backtick: takeBacktick(&word)
    case Self.dollar: if !takeSubstitution(&word) { take(offset + 1, &word) }
    default: take(offset + 1, &word)
    }
  }

  private mutating func readPowerShellQuotes(_ word: inout Word) throws(SyntaxError) {
    let start = offset
    let quote = byte
    word.isQuoted = true
    offset += 1
    while true {
      if isAtEnd { throw unclosed(start) }
      switch byte {
      case quote where peek(1) == quote: take([quote], for: offset + 2, &word)
      case quote:
        offset += 1
        return
      case Self.backtick where quote == Self.quote: takeBacktick(&word)
      case Self.dollar where quote == Self.quote:
        if !takeSubstitution(&word) { take(offset + 1, &word) }
      default: take(offset + 1, &word)
      }
    }
  }

  private mutating func takeBacktick(_ word: inout Word) {
    guard offset + 1 < source.bytes.count else { return take(offset + 1, &word) }
    switch peek(1) {
    case UInt8(ascii: "n"): take([0x0A], for: offset + 2, &word)
    case UInt8(ascii: "t"): take([0x09], for: offset + 2, &word)
    case let next: take([next], for: offset + 2, &word)
    }
  }

  // MARK: Windows

  /// `^` of cmd, and the quotes and backslashes of the C runtime, which splits the line that cmd
  /// passes on ("Parsing C command-line arguments" of Microsoft's C runtime).
  mutating func readCMD(_ word: inout Word) throws(SyntaxError) {
    switch byte {
    case Self.quote:
      let start = offset
      word.isQuoted = true
      offset += 1
      while true {
        // A line ends its quotes.
        if isAtLineEnd { throw unclosed(start) }
        if byte == Self.backslash {
          takeBackslashes(&word)
        } else if byte == Self.quote {
          guard peek(1) == Self.quote else { break }
          take([Self.quote], for: offset + 2, &word)
        } else {
          take(offset + 1, &word)
        }
      }
      offset += 1
    case Self.backslash: takeBackslashes(&word)
    case UInt8(ascii: "^") where offset + 1 < source.bytes.count:
      take([peek(1)], for: offset + 2, &word)
    default: take(offset + 1, &word)
    }
  }

  /// Backslashes are themselves, unless a quote follows: then two are one, and one before it makes it
  /// text.
  private mutating func takeBackslashes(_ word: inout Word) {
    var end = offset
    while source.byte(end) == Self.backslash { end += 1 }
    guard source.byte(end) == Self.quote else { return take(end, &word) }
    while end - offset >= 2 { take([Self.backslash], for: offset + 2, &word) }
    if offset < end { take([Self.quote], for: end + 1, &word) }
  }
}
