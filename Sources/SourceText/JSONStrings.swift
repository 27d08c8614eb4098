/// Texts within quotes (RFC 8259 section 7).
extension JSONReader {
  /// Moves from the opening quote to behind the closing one.
  /// - Returns: Whether there are escapes within.
  func skipString(_ cursor: inout Cursor) throws(SyntaxError) -> Bool {
    let start = cursor.offset
    var hasEscapes = false
    cursor.offset += 1
    while cursor.offset < cursor.bytes.count {
      cursor.skipPlainText()
      guard cursor.offset < cursor.bytes.count else { break }
      let byte = cursor.bytes[cursor.offset]
      switch byte {
      case UInt8(ascii: "\""):
        cursor.offset += 1
        return hasEscapes
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try skipEscape(&cursor)
      case 0..<0x20:
        let what = byte == 0x0A || byte == 0x0D ? "a line break" : "a control character"
        throw SyntaxError(
          "\(what) inside a text: the closing quote is missing, or it must be escaped",
          at: byte == 0x0A || byte == 0x0D
            ? start..<cursor.offset : cursor.offset..<(cursor.offset + 1))
      default:
        cursor.offset += 1
      }
    }
    throw SyntaxError(
      "the file ends inside a text: its closing quote is missing", at: start..<(start + 1))
  }

  private func skipEscape(_ cursor: inout Cursor) throws(SyntaxError) {
    let start = cursor.offset
    cursor.offset += 1
    switch cursor.byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      cursor.offset += 1
    case UInt8(ascii: "u"):
      cursor.offset += 1
      for _ in 0..<4 {
        guard hexDigit(cursor.byte) != nil else {
          throw SyntaxError("\\u takes four hexadecimal digits", at: start..<cursor.endOfScalar)
        }
        cursor.offset += 1
      }
    default:
      throw SyntaxError(
        "no escape of JSON: write a backslash as \\\\ (or use / in paths)",
        at: start..<cursor.endOfScalar)
    }
  }

  /// Text between quotes that has passed ``skipString(_:)``. A surrogate without its partner
  /// becomes U+FFFD.
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    func unit(at index: Int) -> UInt32? {
      guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"),
        bytes[index + 1] == UInt8(ascii: "u")
      else { return nil }
      return (2..<6).reduce(0) { $0 << 4 | UInt32(hexDigit(bytes[index + $1]) ?? 0) }
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\") else {
        result.append(bytes[index])
        index += 1
        continue
      }
      if var scalar = unit(at: index) {
        index += 6
        if (0xD800..<0xDC00).contains(scalar), let low = unit(at: index),
          (0xDC00..<0xE000).contains(low)
        {
          scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
          index += 6
        }
        result.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      default: result.append(bytes[index + 1])
      }
      index += 2
    }
    return String(decoding: result, as: UTF8.self)
  }
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
