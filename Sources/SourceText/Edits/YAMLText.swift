/// Writing YAML 1.1 so that PyYAML reads what was meant.
struct YAMLText {
  /// The quote to write with, `'` or `"`; nil for none where the text needs none.
  var quote: UInt8?
  /// Whether it stands within brackets.
  var isInFlow: Bool
  /// Whether a number with a point stays one.
  var isFloat = false

  /// - Returns: Nil where there is no way to write it: a number that is none.
  func literal(_ value: EditValue) -> String? {
    switch value {
    case .null: return "null"
    case .boolean(let flag): return flag ? "true" : "false"
    case .number(let number): return literal(number)
    case .numeral(let digits):
      return Self.isNumber(digits) ? digits : Number.parse(digits).map(literal)
    case .text(let text): return self.text(text)
    case .list(let values):
      let inner = YAMLText(quote: nil, isInFlow: true)
      let parts = values.compactMap(inner.literal)
      return parts.count == values.count ? "[" + parts.joined(separator: ", ") + "]" : nil
    case .mapping(let entries):
      let inner = YAMLText(quote: nil, isInFlow: true)
      let parts = entries.compactMap { entry in
        inner.literal(entry.value).map { "\(inner.text(entry.key)): \($0)" }
      }
      return parts.count == entries.count ? "{" + parts.joined(separator: ", ") + "}" : nil
    }
  }

  func text(_ text: String) -> String {
    if quote == nil, Self.isPlain(text, inFlow: isInFlow) { return text }
    if quote == UInt8(ascii: "'"), Self.isPrintable(text) {
      return "'\(Self.doubled(text))'"
    }
    return "\"\(Self.escaped(text))\""
  }

  /// Whole numbers of floats with a fraction, and always a point before an exponent: PyYAML reads
  /// `1e-4` as text.
  private func literal(_ number: Double) -> String {
    if number.isNaN { return ".nan" }
    if number.isInfinite { return number > 0 ? ".inf" : "-.inf" }
    let text = Number.literal(number)
    if text.contains(".") { return text }
    guard let exponent = text.firstIndex(of: "e") else { return isFloat ? text + ".0" : text }
    return text[..<exponent] + ".0" + text[exponent...]
  }

  /// The inside of double quotes: as in JSON, and what YAML takes nowhere or breaks lines at escaped.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in JSONText.escaped(text).unicodeScalars {
      if isPrintable(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      }
    }
    return result
  }

  /// The inside of single quotes.
  static func doubled(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { $0 += $1 == "'" ? "''" : String($1) }
  }

  /// On one line, without escapes.
  static func isPrintable(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isPrintable) }

  /// The production c-printable of YAML 1.1 without what breaks lines, the byte-order mark and tabs.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: false
    case 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF: true
    default: false
    }
  }
}

/// What a text without quotes is taken for.
extension YAMLText {
  /// Whether the text can stand without quotes and is a text then.
  static func isPlain(_ text: String, inFlow: Bool) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, first != 0x20, last != 0x20,
      last != UInt8(ascii: ":"), isPrintable(text), !isResolved(text)
    else { return false }
    let opening = "?:,[]{}#&*!|>'\"%@`=".utf8
    if opening.contains(first) || text.hasPrefix("---") || text.hasPrefix("...") { return false }
    if first == UInt8(ascii: "-"), bytes.count == 1 || bytes[1] == 0x20 || inFlow { return false }
    if inFlow, bytes.contains(where: { ",:?[]{}".utf8.contains($0) }) { return false }
    return !zip(bytes, bytes.dropFirst()).contains {
      $0 == UInt8(ascii: ":") && $1 == 0x20 || $0 == 0x20 && $1 == UInt8(ascii: "#")
    }
  }

  /// Whether some loader of YAML 1.1 or 1.2 makes something else of it than a text; more is quoted
  /// than must be, rather than less.
  private static func isResolved(_ text: String) -> Bool {
    switch text.lowercased() {
    case "", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "=",
      ".inf", "+.inf", "-.inf", ".nan":
      return true
    default: break
    }
    if Number.parse(text) != nil { return true }
    // Dates, times, numbers to the base 60, numbers with `_`.
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    guard let first = digits.first, first &- 0x30 < 10 || first == UInt8(ascii: ".") else {
      return false
    }
    if let base = digits.dropFirst().first, first == UInt8(ascii: "0"), "xob".utf8.contains(base) {
      return true
    }
    return digits.allSatisfy { "0123456789:._+-TtZz ".utf8.contains($0) }
  }

  /// Whether PyYAML reads a decimal number in it, as every other loader does
  /// (PyYAML 6.0, resolver.py: the tags int and float).
  private static func isNumber(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    func skipDigits() -> Int {
      let digits = rest.prefix { $0 &- 0x30 < 10 }.count
      rest = rest.dropFirst(digits)
      return digits
    }
    func skip(_ characters: String) -> Bool {
      guard let byte = rest.first, characters.utf8.contains(byte) else { return false }
      rest = rest.dropFirst()
      return true
    }
    _ = skip("+-")
    let isZeroFirst = rest.first == UInt8(ascii: "0")
    let whole = skipDigits()
    guard whole > 0 else { return false }
    guard skip(".") else { return rest.isEmpty && (whole == 1 || !isZeroFirst) }
    guard skipDigits() > 0 else { return false }
    guard skip("eE") else { return rest.isEmpty }
    return skip("+-") && skipDigits() > 0 && rest.isEmpty
  }
}
