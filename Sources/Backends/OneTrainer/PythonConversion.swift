import Knowledge
import SourceText

/// What OneTrainer's loader makes of one JSON value for a setting of a given type.
///
/// OneTrainer 23df3832, `modules/util/config/BaseConfig.py:84-138`: `int()`, `float()`, `str()` and
/// lookup by enum name, each in a `try` that keeps the old value; booleans are stored unchecked.
enum PythonConversion {
  /// Read as meant.
  case taken(SettingValue)
  /// Read, though the type is not the one that belongs there.
  case coerced(SettingValue, Coercion)
  /// Not read: the default stays and a line is printed.
  case refused(Refusal)

  enum Coercion {
    /// `"1e-4"`: a number in quotes.
    case numberInText
    /// 2.7 where a whole number belongs.
    case truncated
    /// `"false"`: true like every text.
    case truthyText
    /// A number or a collection where true or false belongs.
    case truthyOther
    /// null, a number or a collection where a name belongs: kept, and equal to no name.
    case notAName
    /// Not text, turned into text: `null` becomes "None".
    case stringified
  }

  enum Refusal {
    case null
    case unknownName
    case notANumber
    case wrongShape
  }

  init(_ node: DocumentNode, as facts: SettingFacts) {
    let value = SettingValue(node)
    switch facts.type {
    case .boolean: self = Self.boolean(value, facts)
    case .integer: self = Self.number(value, facts, isInteger: true)
    case .number: self = Self.number(value, facts, isInteger: false)
    case .choice: self = Self.choice(value, facts)
    case .text: self = Self.text(value, node, facts)
    case .object, .map:
      self = node.kind == .mapping ? .taken(.collection) : Self.shapeless(value, facts)
    case .list:
      self = node.kind == .sequence ? .taken(.collection) : Self.shapeless(value, facts)
    }
  }

  private static func shapeless(_ value: SettingValue, _ facts: SettingFacts) -> PythonConversion {
    value == .null && facts.isNullable ? .taken(.null) : .refused(value == .null ? .null : .wrongShape)
  }

  private static func boolean(_ value: SettingValue, _ facts: SettingFacts) -> PythonConversion {
    switch value {
    case .boolean: .taken(value)
    case .null: .taken(.null)
    case .text: .coerced(.boolean(value.isTruthy), .truthyText)
    case .number, .collection: .coerced(.boolean(value.isTruthy), .truthyOther)
    }
  }

  private static func number(
    _ value: SettingValue, _ facts: SettingFacts, isInteger: Bool
  ) -> PythonConversion {
    switch value {
    case .null: return facts.isNullable ? .taken(.null) : .refused(.null)
    case .collection: return .refused(.wrongShape)
    case .boolean(let flag): return .coerced(.number(flag ? 1 : 0), .numberInText)
    case .number(let number):
      guard isInteger else { return .taken(value) }
      guard number.isFinite else { return .refused(.notANumber) }
      let whole = number.rounded(.towardZero)
      return whole == number ? .taken(value) : .coerced(.number(whole), .truncated)
    case .text(let text):
      guard let number = isInteger ? Number.parseInteger(text) : Number.parse(text) else {
        return .refused(.notANumber)
      }
      // `inf` is how OneTrainer itself writes the value that JSON has no number for.
      return number.isInfinite ? .taken(.number(number)) : .coerced(.number(number), .numberInText)
    }
  }

  private static func choice(_ value: SettingValue, _ facts: SettingFacts) -> PythonConversion {
    switch value {
    case .text(let name):
      facts.choices.contains(name) ? .taken(value) : .refused(.unknownName)
    case .null where facts.isNullable: .taken(.null)
    default: .coerced(value, .notAName)
    }
  }

  private static func text(
    _ value: SettingValue, _ node: DocumentNode, _ facts: SettingFacts
  ) -> PythonConversion {
    switch value {
    case .text: .taken(value)
    case .null: facts.isNullable ? .taken(.null) : .coerced(.text("None"), .stringified)
    // Numbers as text are common (`"resolution": 512`) and do what they should.
    case .number: .taken(.text(node.text))
    case .boolean, .collection: .coerced(.text(node.sourceText), .stringified)
    }
  }
}
