/// Reads comma-separated values (RFC 4180) with the place of every field.
public struct CSVReader {
  /// A field with the bytes it stands in, quotes included.
  public struct Field: Sendable {
    public let text: String
    public let bytes: Range<Int>
  }

  /// Rows of fields; an empty line is no row.
  public static func read(_ source: SourceFile) throws(SyntaxError) -> [[Field]] {
    var reader = CSVReader(bytes: source.bytes, place: source.hasByteOrderMark ? 3 : 0)
    var rows: [[Field]] = []
    while reader.place < reader.bytes.count {
      let row = try reader.row()
      if row.count > 1 || row.first?.bytes.isEmpty == false { rows.append(row) }
    }
    return rows
  }

  private let bytes: [UInt8]
  private var place: Int

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Reads to the end of the line and over its line break.
  private mutating func row() throws(SyntaxError) -> [Field] {
    var fields = [try field()]
    while place < bytes.count, bytes[place] == Self.comma {
      place += 1
      fields.append(try field())
    }
    if place < bytes.count, bytes[place] == 0x0D { place += 1 }
    if place < bytes.count, bytes[place] == 0x0A { place += 1 }
    return fields
  }

  private mutating func field() throws(SyntaxError) -> Field {
    let start = place
    guard place < bytes.count, bytes[place] == Self.quote else {
      while place < bytes.count, bytes[place] != Self.comma, !isLineEnd(bytes[place]) { place += 1 }
      return Field(
        text: String(decoding: bytes[start..<place], as: UTF8.self), bytes: start..<place)
    }
    var text: [UInt8] = []
    place += 1
    while true {
      guard place < bytes.count else {
        throw SyntaxError(
          "the file ends before this quotation mark is closed", at: start..<(start + 1))
      }
      let byte = bytes[place]
      place += 1
      if byte != Self.quote {
        text.append(byte)
      } else if place < bytes.count, bytes[place] == Self.quote {
        text.append(byte)
        place += 1
      } else {
        break
      }
    }
    if place < bytes.count, bytes[place] != Self.comma, !isLineEnd(bytes[place]) {
      throw SyntaxError(
        "text after a closing quotation mark: a comma belongs here", at: place..<(place + 1))
    }
    return Field(text: String(decoding: text, as: UTF8.self), bytes: start..<place)
  }
}
