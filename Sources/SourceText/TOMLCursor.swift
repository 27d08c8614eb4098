/// A place in the bytes of a TOML file, and how to move over what stands between the values.
struct TOMLCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  var offset = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { offset >= bytes.count }
  /// The byte here; 0 at the end, which no rule of the grammar takes.
  var byte: UInt8 { peek(0) }

  func peek(_ distance: Int) -> UInt8 {
    offset + distance < bytes.count ? bytes[offset + distance] : 0
  }

  private var isAtLineBreak: Bool { byte == 0x0A || byte == 0x0D && peek(1) == 0x0A }

  /// Whether nothing but a comment can follow in this line.
  var isAtLineEnd: Bool {
    isAtEnd || isAtLineBreak || byte == UInt8(ascii: "#")
  }

  mutating func skipBlanks() {
    while byte == 0x20 || byte == 0x09 { offset += 1 }
  }

  /// Moves over blanks, comments and line breaks.
  mutating func skipBlankLines() throws(SyntaxError) {
    repeat {
      skipBlanks()
      try skipComment()
    } while try skipLineBreak()
  }

  /// Moves behind the end of a line on which nothing more may stand.
  mutating func finishLine() throws(SyntaxError) {
    skipBlanks()
    try skipComment()
    if try !skipLineBreak(), !isAtEnd { throw unexpected("the end of the line") }
  }

  /// Moves over LF or CR LF.
  /// - Returns: Whether there was one.
  mutating func skipLineBreak() throws(SyntaxError) -> Bool {
    if byte == 0x0A {
      offset += 1
      return true
    }
    guard byte == 0x0D else { return false }
    guard peek(1) == 0x0A else {
      throw SyntaxError(
        "a carriage return without a line feed: TOML ends lines with LF or CR LF",
        at: offset..<(offset + 1))
    }
    offset += 2
    return true
  }

  private mutating func skipComment() throws(SyntaxError) {
    guard byte == UInt8(ascii: "#") else { return }
    while true {
      skipPlain()
      if isAtEnd || byte == 0x0A || byte == 0x0D { return }
      guard byte == 0x09 else { throw control("a comment") }
      offset += 1
    }
  }

  /// Moves to the next control character, or to one of two others; eight bytes at a time.
  mutating func skipPlain(until first: UInt8 = 0x7F, or second: UInt8 = 0x7F) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let raw = UnsafeRawBufferPointer(bytes)
    /// Sets the high bit of each byte that is zero, and perhaps of some above it.
    func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
    while offset + 8 <= raw.count {
      let word = UInt64(
        littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let stops =
        (((word &- ones &* 0x20) & ~word) | zeros(word ^ (ones &* 0x7F))
          | zeros(word ^ (ones &* UInt64(first))) | zeros(word ^ (ones &* UInt64(second))))
        & (ones &* 0x80)
      guard stops == 0 else {
        offset += stops.trailingZeroBitCount / 8
        return
      }
      offset += 8
    }
    while offset < raw.count {
      let byte = raw[offset]
      if byte < 0x20 || byte == 0x7F || byte == first || byte == second { return }
      offset += 1
    }
  }

  /// A key, or one of the keys of a path.
  struct Key {
    /// With its quotes.
    var bytes: Range<Int>
    var text: String
    /// Whether the text is not simply the bytes within the quotes.
    var isDecoded: Bool

    var forBuilder: DocumentBuilder.Key {
      DocumentBuilder.Key(bytes: bytes, hash: hashOfKey(text), text: isDecoded ? text : nil)
    }
  }

  /// Reads a bare or a quoted key.
  mutating func readKey(inHeader: Bool = false) throws(SyntaxError) -> Key {
    let start = offset
    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      if peek(1) == byte, peek(2) == byte {
        throw SyntaxError("a key takes one quote on each side, not three", at: start..<(start + 3))
      }
      let decoded = try readText()
      return Key(
        bytes: start..<offset, text: decoded ?? text(of: (start + 1)..<(offset - 1)),
        isDecoded: decoded != nil)
    }
    while Self.isBareKeyByte(byte) { offset += 1 }
    guard offset > start else {
      throw unexpected(inHeader ? "the name of a table" : "a key", hint: keyHint)
    }
    return Key(bytes: start..<offset, text: text(of: start..<offset), isDecoded: false)
  }

  private var keyHint: String {
    byte < 0x80 ? "" : ": a key that is not a-z, 0-9, '_' or '-' takes quotes"
  }

  static func isBareKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

// MARK: Errors

extension TOMLCursor {
  func text(of range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  /// What stands there, in quotes, for a message; long texts are cut.
  func quoted(_ range: Range<Int>) -> String {
    let limit = 60
    guard range.count > limit else { return "'\(text(of: range))'" }
    var end = range.lowerBound + limit
    while bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return "'\(text(of: range.lowerBound..<end))…'"
  }

  /// The error of a place where something else belongs.
  func unexpected(_ expected: String, hint: String = "") -> SyntaxError {
    if isAtEnd {
      return SyntaxError("the file ends where \(expected) belongs", at: offset..<offset)
    }
    if isAtLineBreak {
      return SyntaxError("the line ends where \(expected) belongs", at: offset..<offset)
    }
    if byte < 0x20 || byte == 0x7F { return control("the line") }
    let found = wordHere
    return SyntaxError("\(quoted(found)) where \(expected) belongs\(hint)", at: found)
  }

  /// The error of the control character here.
  func control(_ place: String) -> SyntaxError {
    let name =
      byte == 0x0D
      ? "a carriage return without a line feed"
      : "the control character 0x\(String(byte, radix: 16, uppercase: true))"
    return SyntaxError("\(name) in \(place): TOML takes none there", at: offset..<(offset + 1))
  }

  /// The word here, or else the one character.
  private var wordHere: Range<Int> {
    var end = offset
    while end < bytes.count, Self.isBareKeyByte(bytes[end]) { end += 1 }
    if end == offset {
      end += 1
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    }
    return offset..<end
  }
}
