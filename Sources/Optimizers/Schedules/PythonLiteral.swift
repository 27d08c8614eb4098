extension PythonValue {
  /// What `ast.literal_eval` makes of a text: numbers, texts, True, False, None, lists and tuples.
  ///
  /// Nil where it raises, and for the literals no scheduler takes: dictionaries, sets, bytes and
  /// complex numbers.
  public init?(literal text: String) {
    var reader = PythonLiteral(characters: Array(text))
    guard let value = reader.tupleOrValue(), reader.isAtEnd() else { return nil }
    self = value
  }
}

/// Reads one literal from the front.
private struct PythonLiteral {
  let characters: [Character]
  var place = 0

  private var next: Character? { place < characters.count ? characters[place] : nil }

  private mutating func skipSpace() {
    while let character = next, character.isWhitespace { place += 1 }
  }

  mutating func isAtEnd() -> Bool {
    skipSpace()
    return place == characters.count
  }

  /// A value, or several with commas between them, which are a tuple without brackets.
  mutating func tupleOrValue() -> PythonValue? {
    guard let first = value() else { return nil }
    var values = [first]
    var hasComma = false
    while true {
      skipSpace()
      guard next == "," else { return hasComma ? .list(values) : first }
      hasComma = true
      place += 1
      if isAtEnd() { return .list(values) }
      guard let more = value() else { return nil }
      values.append(more)
    }
  }

  mutating func value() -> PythonValue? {
    skipSpace()
    switch next {
    case "[": return elements(until: "]", isTuple: false)
    case "(": return elements(until: ")", isTuple: true)
    case "'", "\"": return text()
    default: return word()
    }
  }

  private mutating func elements(until end: Character, isTuple: Bool) -> PythonValue? {
    place += 1
    var values: [PythonValue] = []
    var hasComma = false
    while true {
      skipSpace()
      if next == end {
        place += 1
        // One value in brackets is that value.
        return isTuple && values.count == 1 && !hasComma ? values[0] : .list(values)
      }
      guard values.isEmpty || hasComma, let value = value() else { return nil }
      values.append(value)
      skipSpace()
      hasComma = next == ","
      if hasComma { place += 1 }
    }
  }

  private mutating func text() -> PythonValue? {
    let quote = next
    var result = ""
    place += 1
    while let character = next, character != quote {
      place += 1
      guard character == "\\" else {
        result.append(character)
        continue
      }
      guard let escaped = next else { return nil }
      place += 1
      result += Self.escapes[escaped] ?? "\\\(escaped)"
    }
    guard next == quote else { return nil }
    place += 1
    return .text(result)
  }

  private static let escapes: [Character: String] = [
    "n": "\n", "t": "\t", "\\": "\\", "'": "'", "\"": "\"",
  ]

  /// A number or a name.
  private mutating func word() -> PythonValue? {
    let start = place
    while let character = next, !" ,)]\t\n".contains(character) { place += 1 }
    let word = String(characters[start..<place])
    switch word {
    case "None": return PythonValue.none
    case "True": return .flag(true)
    case "False": return .flag(false)
    default: break
    }
    // `inf` and `nan` are names here, and 010 is no number.
    let unsigned = word.drop { $0 == "+" || $0 == "-" }
    guard let first = unsigned.first, first.isNumber || first == "." else { return nil }
    if let whole = PythonValue.whole(from: word) {
      let isOctal = first == "0" && unsigned.contains { $0 != "0" && $0 != "_" }
      return isOctal ? nil : .whole(whole)
    }
    return PythonValue.real(from: word).map { .real($0) }
  }
}
