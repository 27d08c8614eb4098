public import SourceText

/// The value of a setting, as far as a config file can say it.
public enum SettingValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  /// A list or an object, whose content is read elsewhere.
  case collection
}

extension SettingValue {
  /// The value of a JSON node.
  public init(_ node: DocumentNode) {
    switch node.kind {
    case .null: self = .null
    case .boolean: self = .boolean(node.text == "true")
    case .integer, .float: self = .number(Number.parse(node.text) ?? .nan)
    case .string, .plain, .dateTime: self = .text(node.text)
    case .sequence, .mapping: self = .collection
    }
  }

  /// The number, also of the texts `inf` and `-inf`, which JSON cannot write as numbers.
  public var number: Double? {
    switch self {
    case .number(let number): number
    case .text("inf"): .infinity
    case .text("-inf"): -.infinity
    default: nil
    }
  }

  public var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// What Python's `bool()` makes of it: null, 0 and the empty text are false, every other text is
  /// true, also "false".
  public var isTruthy: Bool {
    switch self {
    case .null: false
    case .boolean(let flag): flag
    case .number(let number): number != 0
    case .text(let text): !text.isEmpty
    case .collection: true
    }
  }

  /// As JSON writes it; of a collection, an ellipsis.
  public var literal: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let number): Number.literal(number)
    case .text(let text): JSONText.quoted(text)
    case .collection: "…"
    }
  }

  /// As a message says it: text in quotes, numbers bare.
  public var words: String {
    if case .text(let text) = self { "'\(text)'" } else { literal }
  }
}
