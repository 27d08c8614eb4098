import SourceText

/// What becomes of a value of the file on its way to the command line.
///
/// SimpleTuner bc8e6ab7 `helpers/configuration/cli_utils.py:150-262` and `env_file.py:224-278`: every
/// entry is made into `--key=text`, `--key` alone, or nothing at all.
enum CommandLineValue: Sendable, Equatable {
  /// `--key=text`.
  case text(String)
  /// `--key`.
  case bare
  /// Nothing is passed on, and the default counts; nothing is wrong with that.
  case absent
  /// Nothing is passed on though something was meant.
  case dropped(Drop)
  /// The last element alone; the others are lost.
  case last(String, of: Int)
  /// A placeholder that the environment fills: nobody knows with what.
  case unknown

  enum Drop: Sendable, Equatable {
    /// The text "false".
    case falseText
    case object
  }

  /// - Parameters:
  ///   - isSerialized: Whether lists and objects are passed on as JSON text.
  ///   - keepsEmpty: Whether an empty text is passed on.
  ///   - isEnvironment: Whether it is a line of a `config.env`.
  init(
    _ node: DocumentNode, isSerialized: Bool, keepsEmpty: Bool, isEnvironment: Bool = false
  ) {
    switch node.kind {
    case .null: self = .absent
    case .boolean: self = node.text == "true" ? .bare : .text("false")
    case .integer: self = .text(Self.wholeNumber(node.text))
    case .float: self = .text(Self.real(node.text))
    case .string, .plain, .dateTime:
      self = Self.text(node.text, keepsEmpty: keepsEmpty, isEnvironment: isEnvironment)
    case .mapping: self = isSerialized ? .text(node.sourceText) : .dropped(.object)
    case .sequence: self = isSerialized ? .text(node.sourceText) : Self.lastElement(of: node)
    }
  }

  private static func text(
    _ text: String, keepsEmpty: Bool, isEnvironment: Bool
  ) -> CommandLineValue {
    if text.contains("{env:") { return .unknown }
    let trimmed = text.trimmed
    switch trimmed.lowercased() {
    case "": return keepsEmpty && !isEnvironment ? .text("") : .absent
    case "true": return .bare
    case "false": return .dropped(.falseText)
    default: return .text(trimmed)
    }
  }

  /// One argument is made of each element, and the parser keeps the last.
  private static func lastElement(of node: DocumentNode) -> CommandLineValue {
    let items = node.children.compactMap { item -> String? in
      switch item.kind {
      case .boolean: return item.text == "true" ? "True" : "False"
      case .null: return "None"
      case .integer: return wholeNumber(item.text)
      case .float: return real(item.text)
      case .string, .plain, .dateTime:
        let text = item.text.trimmed
        return text.isEmpty ? nil : text
      case .mapping, .sequence: return item.sourceText
      }
    }
    guard let last = items.last else { return .absent }
    return items.count == 1 ? .text(last) : .last(last, of: items.count)
  }

  /// As Python's `str()` writes an integer.
  private static func wholeNumber(_ text: String) -> String {
    text == "-0" ? "0" : text
  }

  /// As Python's `str()` writes a float.
  private static func real(_ text: String) -> String {
    guard let number = Number.parse(text) else { return text }
    if number.isNaN { return "nan" }
    if number.isInfinite { return number > 0 ? "inf" : "-inf" }
    return String(describing: number)
  }
}

extension String {
  /// Without blanks around, as Python's `strip()` leaves it.
  var trimmed: String {
    let rest = drop(while: \.isWhitespace)
    return rest.lastIndex { !$0.isWhitespace }.map { String(rest[...$0]) } ?? ""
  }
}
