/// The four kinds of text: "String" of the specification.
extension TOMLCursor {
  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  /// Moves from the opening quote, of either kind, to behind the closing one of the same line.
  /// - Returns: The text, where it is not simply the bytes within the quotes.
  mutating func readText() throws(SyntaxError) -> String? {
    let start = offset
    let quote = byte
    let escape = quote == Self.quote ? Self.backslash : quote
    var hasEscapes = false
    offset += 1
    while true {
      skipPlain(until: quote, or: escape)
      guard !isAtEnd else {
        throw SyntaxError(
          "the file ends inside a text: its closing quote is missing", at: start..<(start + 1))
      }
      switch byte {
      case quote:
        offset += 1
        return hasEscapes ? decode((start + 1)..<(offset - 1), hasEscapes: true) : nil
      case escape:
        hasEscapes = true
        try skipEscape()
      case 0x09: offset += 1
      case 0x0A,
        0x0D where peek(1) == 0x0A:
        throw SyntaxError(
          "a line break inside a text: its closing quote is missing, or it takes three quotes",
          at: start..<offset)
      default: throw control("a text")
      }
    }
  }

  /// Moves from three opening quotes, of either kind, to behind the closing ones.
  mutating func readMultilineText() throws(SyntaxError) -> String {
    let start = offset
    let quote = byte
    let escape = quote == Self.quote ? Self.backslash : quote
    offset += 3
    while true {
      skipPlain(until: quote, or: escape)
      guard !isAtEnd else {
        throw SyntaxError(
          "the file ends inside a text: its three closing quotes are missing",
          at: start..<(start + 3))
      }
      switch byte {
      case quote:
        // One or two quotes are text, even right before the three that close it.
        let first = offset
        while byte == quote, offset - first < 5 { offset += 1 }
        if offset - first >= 3 {
          return decode((start + 3)..<(offset - 3), hasEscapes: escape != quote, isMultiline: true)
        }
      case escape:
        if try !skipLineEndingBackslash() { try skipEscape() }
      case 0x09: offset += 1
      case 0x0A,
        0x0D where peek(1) == 0x0A:
        offset += 1
      default: throw control("a text")
      }
    }
  }

  /// Moves over a backslash that ends its line.
  private mutating func skipLineEndingBackslash() throws(SyntaxError) -> Bool {
    let start = offset
    offset += 1
    skipBlanks()
    if try skipLineBreak() { return true }
    offset = start
    return false
  }

  private mutating func skipEscape() throws(SyntaxError) {
    let start = offset
    let hint = "write a backslash as \\\\, or put the text in single quotes"
    offset += 2
    switch bytes.count > start + 1 ? bytes[start + 1] : 0 {
    case UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "f"),
      UInt8(ascii: "r"), Self.quote, Self.backslash:
      return
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      let count = bytes[start + 1] == UInt8(ascii: "u") ? 4 : 8
      var code: UInt32 = 0
      for _ in 0..<count {
        guard let digit = Self.hexadecimalDigit(byte) else {
          let name = text(of: start..<(start + 2))
          throw SyntaxError(
            "\(name) takes \(count == 4 ? "four" : "eight") hexadecimal digits: \(hint)",
            at: start..<offset)
        }
        code = code << 4 | UInt32(digit)
        offset += 1
      }
      guard Unicode.Scalar(code) != nil else {
        throw SyntaxError(
          "\(quoted(start..<offset)) is no character of Unicode", at: start..<offset)
      }
    default:
      var end = min(start + 2, bytes.count)
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      // What breaks the line is not shown in the message.
      if end > start + 1, bytes[start + 1] < 0x20 || bytes[start + 1] == 0x7F { end = start + 1 }
      throw SyntaxError("\(quoted(start..<end)) is no escape of TOML: \(hint)", at: start..<end)
    }
  }

  /// The text of bytes that have passed ``readText()`` or ``readMultilineText()``.
  private func decode(_ range: Range<Int>, hasEscapes: Bool, isMultiline: Bool = false) -> String {
    var part = TOMLCursor(UnsafeBufferPointer(rebasing: bytes[range]))
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    if isMultiline {
      if part.byte == 0x0D { part.offset += 1 }
      if part.byte == 0x0A { part.offset += 1 } else { part.offset = 0 }
    }
    while true {
      let start = part.offset
      part.skipPlain(until: hasEscapes ? Self.backslash : 0x7F)
      result.append(contentsOf: UnsafeBufferPointer(rebasing: part.bytes[start..<part.offset]))
      if part.isAtEnd { return String(decoding: result, as: UTF8.self) }
      switch part.byte {
      case Self.backslash where hasEscapes: part.decodeEscape(to: &result)
      // A carriage return stands here before a line feed only.
      case 0x0D: part.offset += 1
      default:
        result.append(part.byte)
        part.offset += 1
      }
    }
  }

  private mutating func decodeEscape(to result: inout [UInt8]) {
    let kind = peek(1)
    offset += 2
    switch kind {
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "r"): result.append(0x0D)
    case Self.quote, Self.backslash: result.append(kind)
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      var code: UInt32 = 0
      for _ in 0..<(kind == UInt8(ascii: "u") ? 4 : 8) {
        code = code << 4 | UInt32(Self.hexadecimalDigit(byte) ?? 0)
        offset += 1
      }
      result.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
    default:
      // A backslash at the end of its line takes all space before the next character with it.
      while byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }
  }

  static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
