/// Numbers as text.
public enum Number {
  /// What Python's `float()` reads: decimal numbers, `inf`, `nan`, blanks around, `_` between
  /// digits. Nil for anything else.
  public static func parse(_ text: String) -> Double? {
    if let simple = parseDecimal(text.utf8) { return simple }
    let plain = plainText(text)
    switch plain.lowercased() {
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    case "nan", "+nan", "-nan": return .nan
    default: break
    }
    guard plain.utf8.allSatisfy({ isNumberByte($0) }), let digits = withoutSeparators(plain)
    else { return nil }
    return Double(digits)
  }

  /// What Python's `int()` reads from a text: a sign, digits, `_` between digits, blanks around.
  public static func parseInteger(_ text: String) -> Double? {
    guard let digits = withoutSeparators(plainText(text)) else { return nil }
    let unsigned = digits.drop { $0 == "+" || $0 == "-" }
    guard digits.count - unsigned.count <= 1, !unsigned.isEmpty,
      unsigned.count <= mostDigits, unsigned.utf8.allSatisfy({ $0 &- 0x30 < 10 })
    else { return nil }
    return Double(digits)
  }

  /// More digits than this `int()` refuses (Python 3.11, `sys.int_info.default_max_str_digits`).
  private static let mostDigits = 4300

  /// Without blanks around, and with the digits of all scripts as ASCII: Python reads those too.
  private static func plainText(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
    while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    if scalars.allSatisfy(\.isASCII) { return String(scalars) }
    var plain = String.UnicodeScalarView()
    for scalar in scalars {
      let digit = scalar.properties.numericType == .decimal ? scalar.properties.numericValue : nil
      plain.append(digit.map { Unicode.Scalar(0x30 + UInt8($0)) } ?? scalar)
    }
    return String(plain)
  }

  /// The shortest text that reads back as the same number; whole numbers without a fraction.
  public static func literal(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number > 0 ? "Infinity" : "-Infinity" }
    if number == number.rounded(), abs(number) < 1e16 { return String(Int64(number)) }
    return String(describing: number)
  }

  /// Plain decimals whose digits and power of ten a double holds exactly, the common case
  /// (Clinger 1990, "How to Read Floating Point Numbers Accurately", the fast path).
  private static func parseDecimal(_ bytes: String.UTF8View) -> Double? {
    var mantissa: UInt64 = 0
    var digits = 0
    var fractionDigits = 0
    var isNegative = false
    var seenPoint = false
    var place = bytes.startIndex
    if bytes.first == UInt8(ascii: "-") {
      isNegative = true
      place = bytes.index(after: place)
    }
    while place < bytes.endIndex {
      let byte = bytes[place]
      if byte &- 0x30 < 10 {
        mantissa = mantissa * 10 + UInt64(byte - 0x30)
        digits += 1
        if seenPoint { fractionDigits += 1 }
        if digits > 15 { return nil }
      } else if byte == UInt8(ascii: "."), !seenPoint, digits > 0 {
        seenPoint = true
      } else {
        break
      }
      place = bytes.index(after: place)
    }
    guard digits > 0, !seenPoint || fractionDigits > 0,
      let exponent = parseExponent(bytes[place...])
    else { return nil }
    let power = exponent - fractionDigits
    guard abs(power) < powersOfTen.count else { return nil }
    let value =
      power < 0 ? Double(mantissa) / powersOfTen[-power] : Double(mantissa) * powersOfTen[power]
    return isNegative ? -value : value
  }

  /// `e-08`, or nothing, which is 0; nil for anything else.
  private static func parseExponent(_ bytes: Substring.UTF8View) -> Int? {
    guard let first = bytes.first else { return 0 }
    guard first | 0x20 == UInt8(ascii: "e") else { return nil }
    var rest = bytes.dropFirst()
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    guard !rest.isEmpty, rest.count <= 3, rest.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
    let size = rest.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return isNegative ? -size : size
  }

  /// All powers of ten that a double holds exactly.
  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// The text without `_`, or nil where one does not stand between two digits.
  private static func withoutSeparators(_ text: String) -> String? {
    guard text.contains("_") else { return text }
    let characters = Array(text.utf8)
    for (place, byte) in characters.enumerated() where byte == UInt8(ascii: "_") {
      guard place > 0, place + 1 < characters.count, characters[place - 1] &- 0x30 < 10,
        characters[place + 1] &- 0x30 < 10
      else { return nil }
    }
    return String(text.filter { $0 != "_" })
  }
}
