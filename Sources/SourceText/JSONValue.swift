/// A JSON value to be written, with its keys in order.
public indirect enum JSONValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([Entry])

  public struct Entry: Sendable, Hashable {
    public let key: String
    public let value: JSONValue

    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByFloatLiteral
{
  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Entry($0.0, $0.1) })
  }
}

extension JSONValue {
  /// As text, two blanks per level; collections of plain values on one line.
  public var serialized: String {
    var result = ""
    write(into: &result, indent: 0)
    return result + "\n"
  }

  /// As text on one line.
  public var onOneLine: String {
    switch self {
    case .array(let values): "[" + values.map(\.onOneLine).joined(separator: ", ") + "]"
    case .object(let entries):
      "{" + entries.map { "\(JSONText.quoted($0.key)): \($0.value.onOneLine)" }
        .joined(separator: ", ") + "}"
    default: String(serialized.dropLast())
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  /// Whether it fits on one line: plain values, and small objects of them.
  private var isShort: Bool {
    switch self {
    case .array(let values): values.allSatisfy(\.isPlain)
    case .object(let entries): entries.count <= 3 && entries.allSatisfy { $0.value.isPlain }
    default: true
    }
  }

  private func write(into result: inout String, indent: Int) {
    switch self {
    case .null: result += "null"
    case .boolean(let flag): result += flag ? "true" : "false"
    case .integer(let number): result += String(number)
    // JSON has no word for infinity or NaN.
    case .number(let number): result += number.isFinite ? Number.literal(number) : "null"
    case .text(let text): result += JSONText.quoted(text)
    case .array(let values):
      write(values.map { (nil, $0) }, "[", "]", into: &result, indent: indent)
    case .object(let entries):
      write(entries.map { ($0.key, $0.value) }, "{", "}", into: &result, indent: indent)
    }
  }

  private func write(
    _ parts: [(key: String?, value: JSONValue)], _ open: String, _ close: String,
    into result: inout String, indent: Int
  ) {
    result += open
    let separator = isShort ? "" : "\n" + String(repeating: " ", count: indent + 2)
    for (place, part) in parts.enumerated() {
      if place > 0 { result += isShort ? ", " : "," }
      result += separator
      if let key = part.key { result += JSONText.quoted(key) + ": " }
      part.value.write(into: &result, indent: indent + 2)
    }
    if !isShort { result += "\n" + String(repeating: " ", count: indent) }
    result += close
  }
}
