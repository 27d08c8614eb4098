/// The one text that holds all arguments, as the interface demands it.
enum KohyaGUIArguments {
  /// `^(\S+=\S+)( \S+=\S+)*$|^$`
  static func isTaken(_ text: String) -> Bool {
    if text.isEmpty { return true }
    let line = text.hasSuffix("\n") ? text.dropLast() : text[...]
    return line.split(separator: " ", omittingEmptySubsequences: false).allSatisfy { item in
      let bytes = Array(item.utf8)
      return bytes.count > 2 && bytes[1..<(bytes.count - 1)].contains(UInt8(ascii: "="))
        && !item.contains(where: \.isWhitespace)
    }
  }

  /// The same without blanks around equals signs and commas, within brackets, and doubled.
  static func mended(_ text: String) -> String {
    var result = ""
    var depth = 0
    for character in text {
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      if character.isWhitespace {
        if depth > 0 || result.isEmpty || result.last.map({ " =,".contains($0) }) ?? true {
          continue
        }
        result.append(" ")
      } else {
        if "=,".contains(character), result.last == " " { result.removeLast() }
        result.append(character)
      }
    }
    while result.last == " " { result.removeLast() }
    return result
  }
}
