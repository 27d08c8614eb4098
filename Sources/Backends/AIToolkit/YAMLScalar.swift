import Optimizers

/// What ai-toolkit's YAML loader makes of a scalar without quotes: the types of YAML 1.1 as PyYAML
/// tells them apart, and numbers with an exponent but without a point besides
/// (27a03a9, toolkit/config.py:55-68; PyYAML 6.0.2, resolver.py:170-227, constructor.py:217-330).
enum YAMLScalar: Hashable {
  case value(PythonValue)
  /// A date or a time, which the loader then fails to write as JSON.
  case date

  init(_ text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .value(.none)
    case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": self = .value(.flag(true))
    case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
      self = .value(.flag(false))
    default:
      var text = text
      self = text.withUTF8 { Self.number($0) } ?? .value(.text(text))
    }
  }

  private typealias Bytes = UnsafeBufferPointer<UInt8>

  /// A number or a date; nil if it is a text.
  private static func number(_ bytes: Bytes) -> YAMLScalar? {
    guard let first = bytes.first,
      isDigit(first) || first == minus || first == plus || first == point
    else { return nil }
    if isDate(bytes) { return .date }
    if let whole = whole(bytes) { return .value(whole) }
    return real(bytes).map { .value(.real($0)) }
  }

  // MARK: Whole numbers

  private static func whole(_ bytes: Bytes) -> PythonValue? {
    let isNegative = bytes.first == minus
    let digits = bytes.dropFirst(isNegative || bytes.first == plus ? 1 : 0)
    guard let first = digits.first, isDigit(first) else { return nil }
    if digits.contains(colon) {
      guard first != zero, let seconds = sixties(digits, hasFraction: false) else { return nil }
      return signed(seconds, isNegative)
    }
    let rest = digits.dropFirst(2)
    if first == zero, digits.count > 2, let mark = digits.dropFirst().first {
      if mark == UInt8(ascii: "b") { return integer(rest, base: 2).map { signed($0, isNegative) } }
      if mark == UInt8(ascii: "x") { return integer(rest, base: 16).map { signed($0, isNegative) } }
    }
    return integer(digits, base: first == zero ? 8 : 10).map { signed($0, isNegative) }
  }

  /// Digits of the base with `_` between or behind them.
  private static func integer(_ bytes: Slice<Bytes>, base: Double) -> Double? {
    var number = 0.0
    for byte in bytes where byte != underscore {
      guard let digit = digit(byte), digit < base else { return nil }
      number = number * base + digit
    }
    return bytes.isEmpty ? nil : number
  }

  private static func signed(_ number: Double, _ isNegative: Bool) -> PythonValue {
    let value = isNegative ? -number : number
    // Beyond what any setting takes.
    return abs(value) < 9e15 ? .whole(Int(value)) : .real(value)
  }

  /// `1:30` is 90.
  private static func sixties(_ bytes: Slice<Bytes>, hasFraction: Bool) -> Double? {
    let parts = bytes.split(separator: colon, omittingEmptySubsequences: false)
    guard let head = parts.first, let whole = integer(head, base: 10) else { return nil }
    var number = whole
    for (place, part) in parts.dropFirst().enumerated() {
      let isLast = place == parts.count - 2
      let digits = hasFraction && isLast ? part.prefix { $0 != point } : part
      guard digits.count == 1 || digits.count == 2 && digits[digits.startIndex] < UInt8(ascii: "6"),
        let value = hasFraction && isLast ? decimal(part) : integer(digits, base: 10)
      else { return nil }
      number = number * 60 + value
    }
    return number
  }

  // MARK: Fractions and exponents

  private static func real(_ bytes: Bytes) -> Double? {
    let isNegative = bytes.first == minus
    let isSigned = isNegative || bytes.first == plus
    let body = bytes.dropFirst(isSigned ? 1 : 0)
    if body.first == point {
      switch String(decoding: body, as: UTF8.self) {
      case ".inf", ".Inf", ".INF": return isNegative ? -.infinity : .infinity
      case ".nan", ".NaN", ".NAN": return isSigned ? nil : .nan
      default: break
      }
      // No sign before, and one behind the `e`.
      if isSigned || !hasSignedExponent(body) { return nil }
    } else if body.first.map(isDigit) != true {
      return nil
    }
    let number = body.contains(colon) ? sixties(body, hasFraction: true) : decimal(body)
    return number.map { isNegative ? -$0 : $0 }
  }

  /// Whether what follows an `e`, if there is one, begins with a sign.
  private static func hasSignedExponent(_ bytes: Slice<Bytes>) -> Bool {
    guard let mark = bytes.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
      return true
    }
    let next = bytes[bytes.index(after: mark)...].first
    return next == minus || next == plus
  }

  /// Digits with a point, an exponent, or both.
  private static func decimal(_ bytes: Slice<Bytes>) -> Double? {
    var text = ""
    var hasPoint = false
    var place = bytes.startIndex
    while place < bytes.endIndex {
      let byte = bytes[place]
      if byte == point {
        if hasPoint { return nil }
        hasPoint = true
        text += text.isEmpty ? "0." : "."
      } else if isDigit(byte) {
        text.append(Character(Unicode.Scalar(byte)))
      } else if byte != underscore {
        break
      }
      place = bytes.index(after: place)
    }
    if text.hasSuffix(".") { text += "0" }
    guard place < bytes.endIndex else { return hasPoint ? Double(text) : nil }
    guard bytes[place] | 0x20 == UInt8(ascii: "e") else { return nil }
    let exponent = bytes[bytes.index(after: place)...]
    let digits = exponent.dropFirst(exponent.first == minus || exponent.first == plus ? 1 : 0)
    guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
    return Double(text + "e" + String(decoding: exponent, as: UTF8.self))
  }

  // MARK: Dates

  /// `2026-01-31`, or a date with a time.
  private static func isDate(_ bytes: Bytes) -> Bool {
    let dash = UInt8(ascii: "-")
    guard bytes.count >= 8, bytes.prefix(4).allSatisfy(isDigit), bytes[4] == dash else {
      return false
    }
    var place = 5
    func digits(_ most: Int) -> Int {
      var count = 0
      while place < bytes.count, count < most, isDigit(bytes[place]) {
        place += 1
        count += 1
      }
      return count
    }
    func skip(_ byte: UInt8) -> Bool {
      guard place < bytes.count, bytes[place] == byte else { return false }
      place += 1
      return true
    }
    let month = digits(2)
    guard month > 0, skip(dash) else { return false }
    let day = digits(2)
    guard day > 0 else { return false }
    if place == bytes.count { return month == 2 && day == 2 }
    let blanks = bytes[place...].prefix { $0 == 0x20 || $0 == 0x09 }.count
    place += blanks
    guard blanks > 0 || skip(UInt8(ascii: "T")) || skip(UInt8(ascii: "t")) else { return false }
    guard digits(2) > 0, skip(colon), digits(2) == 2, skip(colon), digits(2) == 2 else {
      return false
    }
    // A fraction and a time zone may follow; nothing else that is meant begins like this.
    return true
  }

  // MARK: Bytes

  private static let minus = UInt8(ascii: "-")
  private static let plus = UInt8(ascii: "+")
  private static let point = UInt8(ascii: ".")
  private static let zero = UInt8(ascii: "0")
  private static let colon = UInt8(ascii: ":")
  private static let underscore = UInt8(ascii: "_")

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  private static func digit(_ byte: UInt8) -> Double? {
    if isDigit(byte) { return Double(byte - 0x30) }
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? Double(letter) + 10 : nil
  }
}
