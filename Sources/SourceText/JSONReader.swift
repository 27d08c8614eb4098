/// Reads JSON (RFC 8259) with the place of every key and value.
///
/// Iterative: no depth of nesting can exhaust the stack. Duplicate keys are kept and listed, text is
/// decoded only when asked for.
public struct JSONReader: Sendable {
  /// Whose JSON to read.
  public enum Dialect: Sendable {
    /// RFC 8259 as it stands.
    case standard
    /// What Python's `json` module takes on top of it: `NaN`, `Infinity` and `-Infinity`.
    case python
  }

  /// How many collections may stand within one another. Python's own reader gives up near 1000.
  public static let maximumDepth = 512

  private let dialect: Dialect
  let source: SourceFile
  private var builder: DocumentBuilder

  /// - Throws: A ``SyntaxError`` with the place of the first byte that is not JSON.
  public static func read(
    _ source: SourceFile, dialect: Dialect = .standard
  ) throws(SyntaxError) -> Document {
    try Encoding.check(source)
    var reader = JSONReader(source, dialect)
    // Typed throws do not pass through `withUnsafeBufferPointer`.
    let failure: SyntaxError? = source.bytes.withUnsafeBufferPointer { bytes in
      do throws(SyntaxError) {
        var cursor = Cursor(bytes)
        try reader.readDocument(&cursor)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
    return reader.builder.finish(source, .json)
  }

  private init(_ source: SourceFile, _ dialect: Dialect) {
    self.source = source
    self.dialect = dialect
    builder = DocumentBuilder(expectedNodes: min(source.bytes.count / 16 + 8, 1 << 20))
  }

  /// A place in the bytes.
  struct Cursor {
    let bytes: UnsafeBufferPointer<UInt8>
    var offset = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { offset >= bytes.count }
    /// The byte here; 0 at the end, which no rule of the grammar takes.
    var byte: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    /// The end of the character here; at the end of the file, the place itself.
    var endOfScalar: Int {
      var end = min(offset + 1, bytes.count)
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      return end
    }

    /// Moves, eight bytes at a time, to the next quote, backslash or control character:
    /// a byte of `word` is zero exactly where `(word - 0x01…) & ~word & 0x80…` has its high bit
    /// (Warren, "Hacker's Delight", 6-1).
    mutating func skipPlainText() {
      let ones: UInt64 = 0x0101_0101_0101_0101
      let highs: UInt64 = 0x8080_8080_8080_8080
      func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }
      let raw = UnsafeRawBufferPointer(bytes)
      while offset + 8 <= raw.count {
        let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        let quotes = zeroBytes(word ^ (ones &* 0x22))
        let backslashes = zeroBytes(word ^ (ones &* 0x5C))
        // Below 0x20: no bit of the upper three is set.
        let controls = zeroBytes(word & (ones &* 0xE0))
        let special = quotes | backslashes | controls
        if special != 0 {
          // The lowest of the marked bytes is truly one; a borrow can only mark those above it.
          offset += special.trailingZeroBitCount / 8
          return
        }
        offset += 8
      }
    }

    mutating func skipWhitespace() {
      while offset < bytes.count {
        switch bytes[offset] {
        case 0x20, 0x0A, 0x0D, 0x09: offset += 1
        default: return
        }
      }
    }
  }

  /// What the grammar takes next.
  private enum Expectation { case value, valueOrEnd, keyOrEnd, key, commaOrEnd }

  private mutating func readDocument(_ cursor: inout Cursor) throws(SyntaxError) {
    if source.hasByteOrderMark { cursor.offset = 3 }
    var stack: [(index: Int32, isMapping: Bool)] = []
    var expectation = Expectation.value
    var key: DocumentBuilder.Key?

    while true {
      cursor.skipWhitespace()
      if cursor.isAtEnd, expectation == .keyOrEnd || expectation == .valueOrEnd,
        let top = stack.last
      {
        throw unexpected(cursor, "", opened: builder.records[Int(top.index)])
      }
      switch expectation {
      case .value, .valueOrEnd:
        let start = cursor.offset
        switch cursor.byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          let isMapping = cursor.byte == UInt8(ascii: "{")
          guard stack.count < Self.maximumDepth else {
            throw SyntaxError(
              "nested more than \(Self.maximumDepth) levels deep: not a config",
              at: start..<(start + 1))
          }
          let index = builder.add(
            isMapping ? .mapping : .sequence, start..<(start + 1), key: key, to: stack.last?.index)
          stack.append((index, isMapping))
          cursor.offset += 1
          key = nil
          expectation = isMapping ? .keyOrEnd : .valueOrEnd
          continue
        case UInt8(ascii: "]") where expectation == .valueOrEnd:
          close(&stack, &cursor)
        default:
          try readScalar(&cursor, key, stack.last?.index)
          key = nil
        }
        expectation = .commaOrEnd

      case .keyOrEnd where cursor.byte == UInt8(ascii: "}"):
        close(&stack, &cursor)
        expectation = .commaOrEnd

      case .key, .keyOrEnd:
        key = try readKey(&cursor, isFirst: expectation == .keyOrEnd)
        expectation = .value
        continue

      case .commaOrEnd:
        guard let top = stack.last else { break }
        switch cursor.byte {
        case UInt8(ascii: ","):
          let comma = cursor.offset
          cursor.offset += 1
          cursor.skipWhitespace()
          if cursor.byte == UInt8(ascii: "}") || cursor.byte == UInt8(ascii: "]") {
            throw SyntaxError(
              "a comma before the closing bracket: JSON takes none there", at: comma..<(comma + 1))
          }
          expectation = top.isMapping ? .key : .value
          continue
        case top.isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]"):
          close(&stack, &cursor)
          continue
        default:
          throw unexpected(
            cursor, "a comma or '\(top.isMapping ? "}" : "]")'",
            opened: builder.records[Int(top.index)])
        }
      }

      // A whole value has been read.
      if stack.isEmpty {
        cursor.skipWhitespace()
        guard cursor.isAtEnd else {
          let found = foundText(cursor)
          throw SyntaxError(
            "\(found.text) after the end of the JSON value: nothing may follow it", at: found.bytes)
        }
        return
      }
    }
  }

  private mutating func close(
    _ stack: inout [(index: Int32, isMapping: Bool)], _ cursor: inout Cursor
  ) {
    cursor.offset += 1
    builder.close(stack.removeLast().index, end: cursor.offset)
  }

  private mutating func readKey(
    _ cursor: inout Cursor, isFirst: Bool
  ) throws(SyntaxError) -> DocumentBuilder.Key {
    guard cursor.byte == UInt8(ascii: "\"") else {
      throw unexpected(cursor, isFirst ? "a key in double quotes or '}'" : "a key in double quotes")
    }
    let start = cursor.offset
    let hasEscapes = try skipString(&cursor)
    let inner = UnsafeBufferPointer(rebasing: cursor.bytes[(start + 1)..<(cursor.offset - 1)])
    var key = DocumentBuilder.Key(bytes: start..<cursor.offset, hash: 0, text: nil)
    if hasEscapes {
      let text = Self.decode(inner)
      key.text = text
      key.hash = hashOfKey(text)
    } else {
      key.hash = hashOfKey(inner)
    }
    cursor.skipWhitespace()
    guard cursor.byte == UInt8(ascii: ":") else { throw unexpected(cursor, "':' after the key") }
    cursor.offset += 1
    return key
  }

  private mutating func readScalar(
    _ cursor: inout Cursor, _ key: DocumentBuilder.Key?, _ parent: Int32?
  ) throws(SyntaxError) {
    let start = cursor.offset
    switch cursor.byte {
    case UInt8(ascii: "\""):
      let hasEscapes = try skipString(&cursor)
      let inner = UnsafeBufferPointer(rebasing: cursor.bytes[(start + 1)..<(cursor.offset - 1)])
      let text = hasEscapes ? Self.decode(inner) : nil
      builder.add(.string, start..<cursor.offset, text: text, key: key, to: parent)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      if dialect == .python, skipWord("-Infinity", &cursor) {
        builder.add(.float, start..<cursor.offset, key: key, to: parent)
        return
      }
      let kind = try skipNumber(&cursor)
      builder.add(kind, start..<cursor.offset, key: key, to: parent)
    default:
      for (word, kind) in Self.words where skipWord(word, &cursor) {
        builder.add(kind, start..<cursor.offset, key: key, to: parent)
        return
      }
      if dialect == .python, skipWord("NaN", &cursor) || skipWord("Infinity", &cursor) {
        builder.add(.float, start..<cursor.offset, key: key, to: parent)
        return
      }
      throw unexpectedValue(cursor)
    }
  }

  private static let words: [(StaticString, NodeKind)] = [
    ("true", .boolean), ("false", .boolean), ("null", .null),
  ]

  private func skipWord(_ word: StaticString, _ cursor: inout Cursor) -> Bool {
    let end = cursor.offset + word.utf8CodeUnitCount
    guard end <= cursor.bytes.count else { return false }
    for place in 0..<word.utf8CodeUnitCount
    where cursor.bytes[cursor.offset + place] != word.utf8Start[place] { return false }
    // `nullx` is no value followed by something else.
    if end < cursor.bytes.count, isWordByte(cursor.bytes[end]) { return false }
    cursor.offset = end
    return true
  }

  /// `[minus] int [frac] [exp]`, RFC 8259 section 6.
  private func skipNumber(_ cursor: inout Cursor) throws(SyntaxError) -> NodeKind {
    func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    func skipDigits(_ cursor: inout Cursor) -> Bool {
      let start = cursor.offset
      while isDigit(cursor.byte) { cursor.offset += 1 }
      return cursor.offset > start
    }
    var kind = NodeKind.integer
    let start = cursor.offset
    if cursor.byte == UInt8(ascii: "-") { cursor.offset += 1 }
    if cursor.byte == UInt8(ascii: "0") {
      cursor.offset += 1
      if isDigit(cursor.byte) {
        throw SyntaxError("a number must not begin with 0", at: start..<(cursor.offset + 1))
      }
    } else if !skipDigits(&cursor) {
      throw unexpected(cursor, "a digit")
    }
    if cursor.byte == UInt8(ascii: ".") {
      kind = .float
      cursor.offset += 1
      guard skipDigits(&cursor) else { throw unexpected(cursor, "a digit after the decimal point") }
    }
    if cursor.byte | 0x20 == UInt8(ascii: "e") {
      kind = .float
      cursor.offset += 1
      if cursor.byte == UInt8(ascii: "+") || cursor.byte == UInt8(ascii: "-") { cursor.offset += 1 }
      guard skipDigits(&cursor) else { throw unexpected(cursor, "a digit in the exponent") }
    }
    return kind
  }
}

func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
    true
  default: false
  }
}
