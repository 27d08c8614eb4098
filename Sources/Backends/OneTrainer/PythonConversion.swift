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
    /// NaN, which is read and spoils everything it touches.
    case notANumber
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
    /// Kept as it is where a list or an object belongs.
    case keptAsIs
  }

  enum Refusal {
    case null
    case unknownName
    case notANumber
    case wrongShape
    /// A collection with an element that cannot be read: none of it is.
    case unreadableElement
  }

  /// - Parameter isReadBack: Whether what was read is written and read once more, as the interface
  ///   does; values that are no names do not survive that.
  init(_ node: DocumentNode, as facts: SettingFacts, isReadBack: Bool = false) {
    let value = SettingValue(node)
    switch facts.type {
    case .boolean: self = Self.boolean(value, node)
    case .integer: self = Self.number(value, node, facts, isInteger: true)
    case .number: self = Self.number(value, node, facts, isInteger: false)
    case .choice: self = Self.choice(value, facts, isReadBack)
    case .text: self = Self.text(value, node, facts)
    // Plain Python collections, which are stored unchecked.
    case _ where facts.object == nil || facts.object == "schedulerParameter":
      self = Self.plainCollection(value, node, facts)
    case .object: self = Self.object(value, node)
    case .list: self = Self.list(value, node, facts)
    case .map: self = Self.elements(value, node, .mapping)
    }
  }

  /// Whether this is read as an object of its own. A version that Python cannot look up stops it.
  static func isObject(_ node: DocumentNode) -> Bool {
    node.kind == .mapping && !(node["__version"]?.isCollection ?? false)
  }

  private static func object(_ value: SettingValue, _ node: DocumentNode) -> PythonConversion {
    isObject(node) ? .taken(.collection) : .refused(value == .null ? .null : .wrongShape)
  }

  private static func list(
    _ value: SettingValue, _ node: DocumentNode, _ facts: SettingFacts
  ) -> PythonConversion {
    guard value == .null else { return elements(value, node, .sequence) }
    // Lists of objects take null, whatever is declared.
    return facts.isNullable ? .taken(.null) : .coerced(.null, .keptAsIs)
  }

  private static func elements(
    _ value: SettingValue, _ node: DocumentNode, _ kind: NodeKind
  ) -> PythonConversion {
    if node.kind != kind { return .refused(value == .null ? .null : .wrongShape) }
    return node.children.allSatisfy(isObject) ? .taken(.collection) : .refused(.unreadableElement)
  }

  private static func plainCollection(
    _ value: SettingValue, _ node: DocumentNode, _ facts: SettingFacts
  ) -> PythonConversion {
    if value == .null, facts.isNullable { return .taken(value) }
    return node.kind == (facts.type == .list ? .sequence : .mapping)
      ? .taken(value) : .coerced(value, .keptAsIs)
  }

  private static func boolean(_ value: SettingValue, _ node: DocumentNode) -> PythonConversion {
    switch value {
    case .boolean, .null: .taken(value)
    case .text: .coerced(.boolean(node.isTruthy), .truthyText)
    case .number, .collection: .coerced(.boolean(node.isTruthy), .truthyOther)
    }
  }

  private static func number(
    _ value: SettingValue, _ node: DocumentNode, _ facts: SettingFacts, isInteger: Bool
  ) -> PythonConversion {
    switch value {
    case .null: return facts.isNullable ? .taken(.null) : .refused(.null)
    case .collection: return .refused(.wrongShape)
    case .boolean(let flag): return .coerced(.number(flag ? 1 : 0), .numberInText)
    case .number(let number):
      // A whole number may have more digits than a float can hold, which is an error there alone.
      if node.kind == .integer {
        return isInteger || number.isFinite ? .taken(value) : .refused(.notANumber)
      }
      guard isInteger else { return number.isNaN ? .coerced(value, .notANumber) : .taken(value) }
      guard number.isFinite else { return .refused(.notANumber) }
      let whole = number.rounded(.towardZero)
      return whole == number ? .taken(value) : .coerced(.number(whole), .truncated)
    case .text(let text):
      guard let number = isInteger ? Number.parseInteger(text) : Number.parse(text) else {
        return .refused(.notANumber)
      }
      if number.isNaN { return .coerced(.number(number), .notANumber) }
      // `inf` is how OneTrainer itself writes the value that JSON has no number for.
      return number.isInfinite ? .taken(.number(number)) : .coerced(.number(number), .numberInText)
    }
  }

  private static func choice(
    _ value: SettingValue, _ facts: SettingFacts, _ isReadBack: Bool
  ) -> PythonConversion {
    switch value {
    case .text(let name):
      facts.choices.contains(name) ? .taken(value) : .refused(.unknownName)
    case .null: facts.isNullable ? .taken(.null) : .coerced(.null, .notAName)
    default: isReadBack ? .refused(.unknownName) : .coerced(value, .notAName)
    }
  }

  private static func text(
    _ value: SettingValue, _ node: DocumentNode, _ facts: SettingFacts
  ) -> PythonConversion {
    switch value {
    case .text: .taken(value)
    // Numbers as text are common (`"resolution": 512`) and do what they should.
    case .number: .taken(.text(PythonText.str(node)))
    case .null where facts.isNullable: .taken(.null)
    case .null, .boolean, .collection: .coerced(.text(PythonText.str(node)), .stringified)
    }
  }
}

extension DocumentNode {
  /// What Python's `bool()` makes of it: unlike texts, collections are false when they are empty.
  var isTruthy: Bool { isCollection ? !isEmptyCollection : SettingValue(self).isTruthy }

  var isEmptyCollection: Bool { isCollection && children.first { _ in true } == nil }
}
