/// What ``JSONReader`` says about text that is not JSON.
extension JSONReader {
  func unexpected(
    _ cursor: Cursor, _ expected: String, opened: NodeRecord? = nil
  ) -> SyntaxError {
    guard !cursor.isAtEnd else {
      if let opened {
        let bracket = opened.kind == .mapping ? "{" : "["
        return SyntaxError(
          "the file ends before this '\(bracket)' is closed",
          at: Int(opened.start)..<(Int(opened.start) + 1))
      }
      return SyntaxError(
        "the file ends where \(expected) belongs", at: cursor.offset..<cursor.offset)
    }
    let found = foundText(cursor)
    return SyntaxError("\(found.text) where \(expected) belongs", at: found.bytes)
  }

  func unexpectedValue(_ cursor: Cursor) -> SyntaxError {
    guard !cursor.isAtEnd else {
      return SyntaxError("the file ends where a value belongs", at: cursor.offset..<cursor.offset)
    }
    let found = foundText(cursor)
    let hint =
      switch found.text {
      case "'True'", "'False'", "'None'":
        ": JSON writes true, false and null"
      case "'''": ": JSON takes double quotes only"
      case "'/'", "'#'": ": JSON has no comments"
      default: ""
      }
    return SyntaxError("\(found.text) is no JSON value\(hint)", at: found.bytes)
  }

  /// The word or the character at the cursor, quoted for a message.
  func foundText(_ cursor: Cursor) -> (text: String, bytes: Range<Int>) {
    var end = cursor.offset
    while end < cursor.bytes.count, end - cursor.offset < 24, isWordByte(cursor.bytes[end]) {
      end += 1
    }
    if end == cursor.offset { end = cursor.endOfScalar }
    let bytes = cursor.offset..<end
    let byte = cursor.bytes[cursor.offset]
    if byte < 0x20 || byte == 0x7F {
      return ("the control character 0x\(String(byte, radix: 16, uppercase: true))", bytes)
    }
    return ("'\(source.text(of: bytes))'", bytes)
  }
}
