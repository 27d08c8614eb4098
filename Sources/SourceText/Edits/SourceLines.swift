/// The lines around a place in a file, for edits that add or take whole lines.
extension SourceFile {
  private static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Where the line of a place begins; of the first, behind the byte-order mark.
  func lineStart(_ offset: Int) -> Int {
    let first = hasByteOrderMark ? 3 : 0
    var start = offset
    while start > first, !Self.isBreak(bytes[start - 1]) { start -= 1 }
    return start
  }

  /// Where the line of a place ends, before its line break.
  func lineEnd(_ offset: Int) -> Int {
    var end = offset
    while end < bytes.count, !Self.isBreak(bytes[end]) { end += 1 }
    return end
  }

  /// Where the line after the one of a place begins; without one, the end of the file.
  func nextLine(_ offset: Int) -> Int {
    let end = lineEnd(offset)
    guard end < bytes.count else { return end }
    let isPair = bytes[end] == 0x0D && end + 1 < bytes.count && bytes[end + 1] == 0x0A
    return end + (isPair ? 2 : 1)
  }

  /// The first line break of the file; LF if it has none.
  var lineBreak: String {
    let end = lineEnd(0)
    return end < bytes.count ? text(of: end..<nextLine(0)) : "\n"
  }

  /// The first place from here on that is no space and no tab.
  func skipBlanks(_ offset: Int) -> Int {
    var offset = offset
    while offset < bytes.count, Self.isBlank(bytes[offset]) { offset += 1 }
    return offset
  }

  func isBlank(_ range: Range<Int>) -> Bool { bytes[range].allSatisfy(Self.isBlank) }

  /// The byte here; 0 at the end.
  func byte(_ offset: Int) -> UInt8 { offset >= 0 && offset < bytes.count ? bytes[offset] : 0 }

  /// Spaces, tabs and line breaks that end here.
  func blanks(before offset: Int) -> String {
    var start = offset
    while start > 0, Self.isBlank(bytes[start - 1]) || Self.isBreak(bytes[start - 1]) { start -= 1 }
    return text(of: start..<offset)
  }
}
