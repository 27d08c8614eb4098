/// Checks that bytes are text in UTF-8 (RFC 3629), the one encoding all four trainers read.
enum Encoding {
  /// - Throws: A ``SyntaxError`` at the first byte that is not UTF-8; UTF-16 and UTF-32 are named.
  static func check(_ file: SourceFile) throws(SyntaxError) {
    let bytes = file.bytes
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw SyntaxError("this is UTF-16, the trainers read UTF-8: save the file as UTF-8", at: 0..<2)
    }
    if let offset = firstInvalidByte(in: bytes) {
      if bytes[offset] == 0 || bytes.prefix(512).contains(0) {
        throw SyntaxError("this is a binary file, not a text", at: offset..<(offset + 1))
      }
      let byte = String(bytes[offset], radix: 16, uppercase: true)
      throw SyntaxError(
        "byte 0x\(byte) is not UTF-8: save the file as UTF-8", at: offset..<(offset + 1))
    }
  }

  /// The offset of the first byte that does not continue valid UTF-8, or nil.
  static func firstInvalidByte(in bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBytes { raw in
      var index = 0
      let count = raw.count
      while index < count {
        // Eight ASCII bytes at a time.
        if index + 8 <= count {
          let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          if word & 0x8080_8080_8080_8080 == 0 {
            index += 8
            continue
          }
        }
        let lead = raw[index]
        if lead < 0x80 {
          index += 1
          continue
        }
        guard let length = sequenceLength(raw, at: index) else { return index }
        index += length
      }
      return nil
    }
  }

  /// The length of the well-formed sequence that begins at `index` with a byte over 0x7F
  /// (Unicode 15, table 3-7).
  private static func sequenceLength(_ raw: UnsafeRawBufferPointer, at index: Int) -> Int? {
    func continues(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      index + offset < raw.count && range.contains(raw[index + offset])
    }
    switch raw[index] {
    case 0xC2...0xDF: return continues(1) ? 2 : nil
    case 0xE0: return continues(1, 0xA0...0xBF) && continues(2) ? 3 : nil
    case 0xED: return continues(1, 0x80...0x9F) && continues(2) ? 3 : nil
    case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : nil
    case 0xF0: return continues(1, 0x90...0xBF) && continues(2) && continues(3) ? 4 : nil
    case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : nil
    case 0xF4: return continues(1, 0x80...0x8F) && continues(2) && continues(3) ? 4 : nil
    default: return nil
    }
  }
}
