/// Checks that bytes are text in UTF-8 (RFC 3629), the one encoding all four trainers read.
enum Encoding {
  /// Places in a document are 32 bits wide.
  static let maximumSize = Int(Int32.max)

  /// - Throws: A ``SyntaxError`` at the first byte that is not UTF-8; UTF-16 and UTF-32 are named.
  static func check(_ file: SourceFile) throws(SyntaxError) {
    let bytes = file.bytes
    guard bytes.count <= maximumSize else {
      throw SyntaxError("larger than 2 GB: not a config", at: 0..<0)
    }
    if let (name, length) = wideEncoding(of: bytes) {
      throw SyntaxError(
        "this is \(name), the trainers read UTF-8: save the file as UTF-8", at: 0..<length)
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

  /// The name of an encoding with units of more than a byte, by its mark or by the zeros between
  /// the ASCII characters that every config begins with, and the bytes that show it.
  private static func wideEncoding(of bytes: [UInt8]) -> (name: String, length: Int)? {
    let head = bytes.prefix(4).map { $0 == 0 ? "0" : "x" }.joined()
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF])
      || head == "x000" || head == "000x"
    {
      return ("UTF-32", 4)
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || head == "x0x0"
      || head == "0x0x"
    {
      return ("UTF-16", 2)
    }
    return nil
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
