/// A setting's value as the trainers' Python holds it, where a whole number is not a fraction.
public indirect enum PythonValue: Hashable, Sendable {
  case none
  case flag(Bool)
  case whole(Int)
  case real(Double)
  case text(String)
  case list([PythonValue])

  /// The number it counts as; true is 1.
  public var number: Double? {
    switch self {
    case .flag(let flag): flag ? 1 : 0
    case .whole(let number): Double(number)
    case .real(let number): number
    case .none, .text, .list: nil
    }
  }

  /// The whole number it is, where Python calls it an `int`.
  public var wholeNumber: Int? {
    switch self {
    case .flag(let flag): flag ? 1 : 0
    case .whole(let number): number
    case .none, .real, .text, .list: nil
    }
  }
}

/// As Python prints it.
extension PythonValue: CustomStringConvertible {
  public var description: String {
    switch self {
    case .none: "None"
    case .flag(let flag): flag ? "True" : "False"
    case .whole(let number): "\(number)"
    case .real(let number): "\(number)"
    case .text(let text): "'\(text)'"
    case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    }
  }
}

extension PythonValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral
{
  public init(nilLiteral: ()) { self = .none }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  public init(integerLiteral value: Int) { self = .whole(value) }
  public init(floatLiteral value: Double) { self = .real(value) }
  public init(stringLiteral value: String) { self = .text(value) }
  public init(arrayLiteral elements: PythonValue...) { self = .list(elements) }
}

/// Text that Python turns into numbers.
extension PythonValue {
  /// What `int()` makes of a text; nil where it raises.
  public static func whole(from text: String) -> Int? {
    digits(text).flatMap { Int($0.hasPrefix("+") ? String($0.dropFirst()) : $0) }
  }

  /// What `float()` makes of a text; nil where it raises.
  public static func real(from text: String) -> Double? {
    guard let text = digits(text) else { return nil }
    let word = text.lowercased().drop { $0 == "+" || $0 == "-" }
    if ["inf", "infinity", "nan"].contains(word) { return Double(text) }
    // Swift also reads hexadecimal, which `float()` does not.
    return text.allSatisfy({ "0123456789+-.eE".contains($0) }) ? Double(padded(text)) : nil
  }

  /// Swift wants a digit on both sides of the point.
  private static func padded(_ text: String) -> String {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return text }
    let hasBefore = parts[0].last?.isNumber ?? false
    let hasAfter = parts[1].first?.isNumber ?? false
    guard hasBefore || hasAfter else { return text }
    return "\(parts[0])\(hasBefore ? "" : "0").\(hasAfter ? "" : "0")\(parts[1])"
  }

  /// Without the space around it and the underscores between digits; nil for other underscores.
  private static func digits(_ text: String) -> String? {
    var kept: [Character] = []
    let trimmed = Array(trimming(text))
    for (place, character) in trimmed.enumerated() {
      guard character == "_" else {
        kept.append(character)
        continue
      }
      guard place > 0, place + 1 < trimmed.count, trimmed[place - 1].isNumber,
        trimmed[place + 1].isNumber
      else { return nil }
    }
    return kept.isEmpty ? nil : String(kept)
  }

  static func trimming(_ text: String) -> Substring {
    let rest = text.drop(while: \.isWhitespace)
    return rest.lastIndex { !$0.isWhitespace }.map { rest[...$0] } ?? ""
  }
}
