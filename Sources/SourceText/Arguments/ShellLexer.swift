/// Splits a text with commands into words, as a shell does, and keeps their places.
///
/// Two things that no shell takes stand in many texts and are words here: `<a placeholder>`, and
/// lines that are joined by nothing (``ArgumentsReader``). Variables and substitutions stay text.
struct ShellLexer {
  let source: SourceFile
  let dialect: ShellDialect
  var offset: Int
  /// How many parentheses are open that group commands.
  var groups = 0
  /// Up to here no placeholder ends.
  private var placeholderMiss = 0
  /// Whether a substitution was not closed; those after it are not looked at.
  private var hasOpenSubstitution = false
  /// Of how many bytes of a word's text the origins are kept.
  private let alignedBytes: Int

  init(
    _ source: SourceFile, _ dialect: ShellDialect, at offset: Int = 0, aligning bytes: Int = 512
  ) {
    self.source = source
    self.dialect = dialect
    self.offset = offset
    alignedBytes = bytes
  }

  /// A word, decoded.
  struct Word {
    var bytes: Range<Int>
    var text: [UInt8] = []
    /// Whether some of it stands in quotes.
    var isQuoted = false
    var alignment: TextAlignment

    init(at start: Int) {
      bytes = start..<start
      alignment = TextAlignment(start: start)
    }
  }

  var isAtEnd: Bool { offset >= source.bytes.count }
  var byte: UInt8 { source.byte(offset) }
  func peek(_ distance: Int) -> UInt8 { source.byte(offset + distance) }
  var isAtLineEnd: Bool { isAtEnd || byte == 0x0A || byte == 0x0D }

  /// Moves over blanks and over line breaks behind what joins lines, with blanks before them or not.
  mutating func skipBlanks() {
    while true {
      offset = source.skipBlanks(offset)
      guard byte == dialect.joiner, let next = lineBehindJoiner() else { return }
      offset = next
      skipWideBlanks()
    }
  }

  /// Where the line behind the joiner here begins; nil if it joins nothing.
  private func lineBehindJoiner() -> Int? {
    let end = source.skipBlanks(offset + 1)
    let isJoiner =
      end < source.bytes.count && (source.byte(end) == 0x0A || source.byte(end) == 0x0D)
    return isJoiner ? source.nextLine(end) : nil
  }

  /// At the start of a line other blanks stand for indentation too: U+3000 and U+00A0.
  mutating func skipWideBlanks() {
    while true {
      offset = source.skipBlanks(offset)
      if byte == 0xE3, peek(1) == 0x80, peek(2) == 0x80 {
        offset += 3
      } else if byte == 0xC2, peek(1) == 0xA0 {
        offset += 2
      } else {
        return
      }
    }
  }

  // MARK: Words

  /// Reads the word here; there must be one.
  /// - Throws: A ``SyntaxError`` at a quote that is not closed.
  mutating func readWord() throws(SyntaxError) -> Word {
    var word = Word(at: offset)
    while !isAtLineEnd, !endsWord {
      if byte == dialect.joiner, lineBehindJoiner() != nil {
        guard let next = adjacentLine() else { break }
        offset = next
        continue
      }
      if byte == UInt8(ascii: "<") {
        take(endOfPlaceholder ?? offset + 1, &word)
        continue
      }
      switch dialect {
      case .bash: try readBash(&word)
      case .powerShell: try readPowerShell(&word)
      case .cmd: try readCMD(&word)
      }
    }
    word.bytes = word.bytes.lowerBound..<max(offset, word.bytes.lowerBound)
    return word
  }

  /// The line behind a joiner right before the line break, which may go on with the word.
  private func adjacentLine() -> Int? {
    let end = offset + 1
    guard source.byte(end) == 0x0A || source.byte(end) == 0x0D else { return nil }
    let next = source.nextLine(end)
    return next < source.bytes.count && source.byte(next) > 0x20 ? next : nil
  }

  /// Whether the byte here ends a word that stands before it.
  private var endsWord: Bool {
    switch byte {
    case 0x20, 0x09, UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: ">"): true
    case UInt8(ascii: ";"): dialect != .cmd
    case UInt8(ascii: ")"): groups > 0
    default: false
    }
  }

  /// Where `<text>` ends that begins here and is no redirection.
  private var endOfPlaceholder: Int? {
    mutating get {
      guard offset >= placeholderMiss, peek(1) > 0x20,
        !"<&(=>".utf8.contains(peek(1))
      else { return nil }
      let lineEnd = source.lineEnd(offset)
      let close = source.bytes[offset..<lineEnd].firstIndex(of: UInt8(ascii: ">"))
      if close == nil { placeholderMiss = lineEnd }
      return close.map { $0 + 1 }
    }
  }

  /// Whether a redirection or a placeholder begins at a `<`.
  var isAtPlaceholder: Bool {
    mutating get { byte == UInt8(ascii: "<") && endOfPlaceholder != nil }
  }

  /// Takes bytes up to `end` as they are.
  mutating func take(_ end: Int, _ word: inout Word) {
    let end = min(end, source.bytes.count)
    while offset < end {
      if word.text.count < alignedBytes { word.alignment.append(offset..<(offset + 1)) }
      word.text.append(source.bytes[offset])
      offset += 1
    }
  }

  /// Takes text for what stands from here to `end`.
  mutating func take(_ text: [UInt8], for end: Int, _ word: inout Word) {
    if word.text.count < alignedBytes { word.alignment.append(offset..<end, count: text.count) }
    word.text += text
    offset = end
  }

  /// Takes a `$(…)`, a `${…}` or a `` `…` `` with all that is in it.
  /// - Returns: Whether one begins here that is closed.
  mutating func takeSubstitution(_ word: inout Word) -> Bool {
    guard !hasOpenSubstitution else { return false }
    let (open, close): (UInt8, UInt8)
    var end = offset + 2
    switch (byte, peek(1)) {
    case (UInt8(ascii: "$"), UInt8(ascii: "(")): (open, close) = (peek(1), UInt8(ascii: ")"))
    case (UInt8(ascii: "$"), UInt8(ascii: "{")): (open, close) = (peek(1), UInt8(ascii: "}"))
    case (UInt8(ascii: "`"), _) where dialect == .bash:
      (open, close) = (0, UInt8(ascii: "`"))
      end = offset + 1
    default: return false
    }
    var depth = 1
    while end < source.bytes.count {
      let byte = source.bytes[end]
      end += byte == UInt8(ascii: "\\") && dialect == .bash ? 2 : 1
      if byte == open { depth += 1 } else if byte == close { depth -= 1 }
      if depth == 0 {
        take(end, &word)
        return true
      }
    }
    hasOpenSubstitution = true
    return false
  }
}
