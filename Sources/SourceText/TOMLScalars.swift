/// Values without parts: "Integer", "Float", "Boolean", and the dates and times of the
/// specification.
extension TOMLCursor {
  struct Scalar {
    var kind: NodeKind
    /// The decoded text, where it is not simply the bytes within the quotes.
    var text: String?
  }

  /// Moves over a value that is neither an array nor a table.
  mutating func readScalar() throws(SyntaxError) -> Scalar {
    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      let isMultiline = peek(1) == byte && peek(2) == byte
      return Scalar(kind: .string, text: isMultiline ? try readMultilineText() : try readText())
    }
    let start = offset
    while Self.isScalarByte(byte) { offset += 1 }
    if byte == 0x20, Self.isDate(bytes[start..<offset]), peek(3) == UInt8(ascii: ":") {
      // A blank may stand between date and time.
      offset += 1
      while Self.isScalarByte(byte) { offset += 1 }
    }
    guard offset > start else {
      let isPunctuation = [0x23, 0x2C, 0x3D, 0x5D, 0x7D].contains(byte)  // # , = ] }
      throw unexpected("a value", hint: isPunctuation ? "" : ": text takes quotes")
    }
    do throws(Fault) {
      var word = TOMLCursor(UnsafeBufferPointer(rebasing: bytes[start..<offset]))
      return Scalar(kind: try word.readWord(), text: nil)
    } catch {
      throw SyntaxError("\(quoted(start..<offset)) is \(error.reason)", at: start..<offset)
    }
  }

  /// Why a word is no value.
  private struct Fault: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// Reads all bytes as one value.
  private mutating func readWord() throws(Fault) -> NodeKind {
    let isDigitFirst = Self.isDigit(byte)
    if isDigitFirst, peek(2) == UInt8(ascii: ":") || Self.isDate(bytes[...]) {
      try readDateTime()
      return .dateTime
    }
    if isDigitFirst { return try readNumber() }
    switch start {
    case "true", "false": return .boolean
    case "inf", "+inf", "-inf", "nan", "+nan", "-nan": return .float
    default: break
    }
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): return try readNumber()
    default: throw Fault("no value of TOML: \(hint)")
    }
  }

  /// Enough of the bytes to tell the words that have a meaning.
  private var start: String { text(of: 0..<min(bytes.count, 16)) }

  private var hint: String {
    switch start.lowercased() {
    case "true", "false": "it writes true and false in lower case"
    case "null", "none", "nil": "it has no null, leave the key out"
    case "nan", "inf", "infinity": "it writes nan and inf in lower case"
    default: "text takes quotes"
    }
  }

  private static func isScalarByte(_ byte: UInt8) -> Bool {
    isBareKeyByte(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: ":")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  // MARK: Numbers

  private mutating func readNumber() throws(Fault) -> NodeKind {
    let isSigned = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    if isSigned { offset += 1 }
    if byte == UInt8(ascii: "0"), let isDigitOfBase = digits(ofBase: peek(1)) {
      if isSigned { throw Fault("no number of TOML: 0x, 0o and 0b take no sign") }
      offset += 2
      try skipDigits("a digit of its base belongs after the prefix", isDigitOfBase)
      guard isAtEnd else { throw Fault("no number of TOML: a digit is not of its base") }
      return .integer
    }
    let first = offset
    try skipDigits("a digit belongs first")
    if bytes[first] == UInt8(ascii: "0"), offset > first + 1 {
      throw Fault("no number of TOML: it begins with 0")
    }
    var kind = NodeKind.integer
    if byte == UInt8(ascii: ".") {
      kind = .float
      offset += 1
      try skipDigits("a digit belongs after the point")
    }
    if byte | 0x20 == UInt8(ascii: "e") {
      kind = .float
      offset += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { offset += 1 }
      try skipDigits("a digit belongs in the exponent")
    }
    guard isAtEnd else { throw Fault("no number, date or time of TOML") }
    return kind
  }

  private func digits(ofBase prefix: UInt8) -> ((UInt8) -> Bool)? {
    switch prefix {
    case UInt8(ascii: "x"): { Self.hexadecimalDigit($0) != nil }
    case UInt8(ascii: "o"): { $0 &- 0x30 < 8 }
    case UInt8(ascii: "b"): { $0 &- 0x30 < 2 }
    default: nil
    }
  }

  /// Moves over digits and the `_` between them.
  private mutating func skipDigits(
    _ missing: String, _ isDigit: (UInt8) -> Bool = Self.isDigit
  ) throws(Fault) {
    guard isDigit(byte) else { throw Fault("no number of TOML: \(missing)") }
    while true {
      while isDigit(byte) { offset += 1 }
      guard byte == UInt8(ascii: "_") else { return }
      offset += 1
      guard isDigit(byte) else {
        throw Fault("no number of TOML: '_' stands between two digits only")
      }
    }
  }

  // MARK: Dates and times

  /// Whether the bytes begin like a date: four digits and a hyphen.
  private static func isDate(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    bytes.count > 4 && bytes.prefix(4).allSatisfy(isDigit)
      && bytes[bytes.startIndex + 4] == UInt8(ascii: "-")
  }

  /// Reads a date, a time, or both with or without an offset (RFC 3339).
  private mutating func readDateTime() throws(Fault) {
    if peek(2) == UInt8(ascii: ":") {
      try readTime()
    } else {
      try readDate()
      if isAtEnd { return }
      guard byte | 0x20 == UInt8(ascii: "t") || byte == 0x20 else { throw Self.malformed }
      offset += 1
      try readTime()
      try readOffset()
    }
    guard isAtEnd else { throw Self.malformed }
  }

  private static let malformed = Fault(
    "no date or time of TOML: write 2006-01-02, 15:04:05 or 2006-01-02T15:04:05Z")

  private mutating func readDate() throws(Fault) {
    let year = try readField(digits: 4)
    try skip(UInt8(ascii: "-"))
    let month = try readField()
    try skip(UInt8(ascii: "-"))
    let day = try readField()
    let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard days.indices.contains(month - 1), 1...days[month - 1] ~= day else {
      throw Fault("no day of the calendar")
    }
  }

  private mutating func readTime() throws(Fault) {
    let hour = try readField()
    try skip(UInt8(ascii: ":"))
    let minute = try readField()
    if isAtEnd { throw Fault("a time without seconds: TOML wants them") }
    try skip(UInt8(ascii: ":"))
    let second = try readField()
    // 60 is a leap second.
    guard hour < 24, minute < 60, second <= 60 else { throw Fault("no time of the day") }
    guard byte == UInt8(ascii: ".") else { return }
    offset += 1
    guard Self.isDigit(byte) else { throw Self.malformed }
    while Self.isDigit(byte) { offset += 1 }
  }

  private mutating func readOffset() throws(Fault) {
    if isAtEnd { return }
    if byte | 0x20 == UInt8(ascii: "z") {
      offset += 1
      return
    }
    guard byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") else { throw Self.malformed }
    offset += 1
    let hours = try readField()
    try skip(UInt8(ascii: ":"))
    let minutes = try readField()
    guard hours < 24, minutes < 60 else { throw Fault("no offset from UTC") }
  }

  private mutating func readField(digits: Int = 2) throws(Fault) -> Int {
    var value = 0
    for _ in 0..<digits {
      guard Self.isDigit(byte) else { throw Self.malformed }
      value = value * 10 + Int(byte - 0x30)
      offset += 1
    }
    return value
  }

  private mutating func skip(_ expected: UInt8) throws(Fault) {
    guard byte == expected else { throw Self.malformed }
    offset += 1
  }
}
