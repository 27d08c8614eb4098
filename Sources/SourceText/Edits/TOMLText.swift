/// Writing TOML 1.0.
enum TOMLText {
  /// A key as it stands before the `=`: bare where it can be.
  static func key(_ key: String) -> String {
    key.isEmpty || !key.utf8.allSatisfy(TOMLCursor.isBareKeyByte) ? quoted(key) : key
  }

  /// - Parameter old: What is replaced; its kind of number and of quotes are kept.
  /// - Returns: Nil for null, which TOML does not have.
  static func literal(_ value: EditValue, replacing old: DocumentNode? = nil) -> String? {
    switch value {
    case .null: return nil
    case .boolean(let flag): return flag ? "true" : "false"
    case .number(let number): return literal(number, isFloat: old?.kind == .float)
    case .numeral(let digits):
      if isNumber(digits) { return digits }
      return Number.parse(digits).map { literal($0, isFloat: old?.kind == .float) }
    case .text(let text):
      let isLiteral = old?.sourceText.utf8.first == UInt8(ascii: "'")
      return isLiteral && fitsSingleQuotes(text) ? "'\(text)'" : quoted(text)
    case .list(let values):
      let parts = values.compactMap { literal($0) }
      return parts.count == values.count ? "[" + parts.joined(separator: ", ") + "]" : nil
    case .mapping(let entries):
      if entries.isEmpty { return "{}" }
      let parts = entries.compactMap { entry in
        literal(entry.value).map { "\(key(entry.key)) = \($0)" }
      }
      return parts.count == entries.count ? "{ " + parts.joined(separator: ", ") + " }" : nil
    }
  }

  /// A basic string.
  static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

  /// The inside of a basic string: as in JSON, and U+007F escaped as well.
  static func escaped(_ text: String) -> String {
    JSONText.escaped(text).unicodeScalars.reduce(into: "") {
      $0 += $1 == "\u{7F}" ? "\\u007F" : String($1)
    }
  }

  /// Whether a literal string can hold the text: it knows no escapes.
  static func fitsSingleQuotes(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 != UInt8(ascii: "'") && ($0 >= 0x20 || $0 == 0x09) && $0 != 0x7F }
  }

  private static func literal(_ number: Double, isFloat: Bool) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number > 0 ? "inf" : "-inf" }
    let text = Number.literal(number)
    return isFloat && !text.contains(where: { $0 == "." || $0 == "e" }) ? text + ".0" : text
  }

  private static func isNumber(_ text: String) -> Bool {
    let document = try? TOMLReader.read(SourceFile(path: "", text: "a = \(text)"))
    let node = document?.root["a"]
    return (node?.kind == .integer || node?.kind == .float) && node?.sourceText == text
  }
}
