/// What stands between words.
extension ShellLexer {
  enum Operator { case separator, redirection }

  /// Moves over what ends a command or leads its output elsewhere.
  /// - Parameter isFirst: Whether no word of the command has come yet.
  mutating func skipOperator(isFirst: Bool) -> Operator? {
    if let end = endOfRedirection {
      offset = end
      return .redirection
    }
    switch byte {
    case UInt8(ascii: "|"), UInt8(ascii: "&"): break
    case UInt8(ascii: ";") where dialect != .cmd: break
    case UInt8(ascii: "(") where isFirst: groups += 1
    case UInt8(ascii: ")") where groups > 0: groups -= 1
    case UInt8(ascii: "{"), UInt8(ascii: "}"):
      guard dialect != .cmd, peek(1) <= 0x20 else { return nil }
    default: return nil
    }
    offset += 1
    return .separator
  }

  /// Whether another command or another redirection begins here.
  var isAtOperator: Bool {
    endOfRedirection != nil || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "&")
      || byte == UInt8(ascii: ";") && dialect != .cmd
  }

  /// Behind `>`, `2>>`, `2>&1`, `&>`, `<` and the like, but not behind the file they name.
  private var endOfRedirection: Int? {
    var end = offset
    while source.byte(end) &- 0x30 < 10 { end += 1 }
    if end == offset, byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") { end += 1 }
    let isOutput = source.byte(end) == UInt8(ascii: ">")
    guard isOutput || end == offset && byte == UInt8(ascii: "<") else { return nil }
    if !isOutput {
      var placeholder = self
      if placeholder.isAtPlaceholder { return nil }
    }
    while "<>|".utf8.contains(source.byte(end)) { end += 1 }
    if source.byte(end) == UInt8(ascii: "&") {
      end += 1
      while source.byte(end) &- 0x30 < 10 || source.byte(end) == UInt8(ascii: "-") { end += 1 }
    }
    return end
  }

  // MARK: Comments

  /// - Parameter isFirst: Whether no word of the command has come yet.
  func isAtComment(isFirst: Bool) -> Bool {
    switch dialect {
    case .bash: return byte == UInt8(ascii: "#")
    case .powerShell:
      return byte == UInt8(ascii: "#")
        || byte == UInt8(ascii: "<") && peek(1) == UInt8(ascii: "#")
    case .cmd:
      guard isFirst else { return false }
      if byte == UInt8(ascii: ":"), peek(1) == UInt8(ascii: ":") { return true }
      let start = byte == UInt8(ascii: "@") ? 1 : 0
      let word = (0..<3).map { peek(start + $0) | 0x20 }
      return word.elementsEqual("rem".utf8) && peek(start + 3) <= 0x20
    }
  }

  /// Moves to the end of the line, or behind a comment of PowerShell in brackets.
  mutating func skipComment() {
    guard byte == UInt8(ascii: "<") else {
      offset = source.lineEnd(offset)
      return
    }
    while !isAtEnd, !(byte == UInt8(ascii: "#") && peek(1) == UInt8(ascii: ">")) { offset += 1 }
    offset = min(offset + 2, source.bytes.count)
  }
}
