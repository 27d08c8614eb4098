import Knowledge
import Optimizers
import SourceText

/// A value of the file as ai-toolkit has it in memory.
enum LoadedValue: Sendable {
  case scalar(PythonValue)
  case list, mapping
  /// A date of YAML: writing it as JSON, which happens next, fails.
  case date
  /// A text with `${NAME}` in it: what the environment says when the program is started.
  case fromEnvironment

  init(_ node: DocumentNode) {
    switch node.kind {
    case .mapping: self = .mapping
    case .sequence: self = .list
    case .null: self = .scalar(.none)
    case .boolean: self = .scalar(.flag(node.text == "true"))
    case .integer, .float: self = .scalar(Self.number(node))
    case .string, .dateTime:
      let text = node.text
      self = EnvironmentReference.isIn(text) ? .fromEnvironment : .scalar(.text(text))
    case .plain:
      let text = node.text
      if EnvironmentReference.isIn(text) {
        self = .fromEnvironment
      } else {
        switch YAMLScalar(text) {
        case .value(let value): self = .scalar(value)
        case .date: self = .date
        }
      }
    }
  }

  /// A number of JSON: whole only where it has neither a point nor an exponent.
  private static func number(_ node: DocumentNode) -> PythonValue {
    let text = node.text
    let number = Number.parse(text) ?? .nan
    return node.kind == .integer && abs(number) < 9e15 ? .whole(Int(number)) : .real(number)
  }

  var setting: SettingValue {
    switch self {
    case .scalar(let value): value.setting
    case .list, .mapping: .collection
    case .date, .fromEnvironment: .null
    }
  }
}

/// `${NAME}`, which the program replaces before it parses the file, comments included
/// (27a03a9, toolkit/config.py:20-33: `\$\{([^}]+)\}`).
struct EnvironmentReference: Sendable {
  /// In bytes of the file.
  let bytes: Range<Int>
  let name: String

  static func isIn(_ text: String) -> Bool {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return false }
    return !all(in: Array(text.utf8)).isEmpty
  }

  /// All of a text, in order.
  static func all(in bytes: [UInt8]) -> [EnvironmentReference] {
    var found: [EnvironmentReference] = []
    var place = 0
    while let dollar = bytes[place...].firstIndex(of: UInt8(ascii: "$")) {
      place = dollar + 1
      guard place < bytes.count, bytes[place] == UInt8(ascii: "{"),
        let end = bytes[place...].firstIndex(of: UInt8(ascii: "}")), end > place + 1
      else { continue }
      let name = String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
      found.append(EnvironmentReference(bytes: dollar..<(end + 1), name: name))
      place = end + 1
    }
    return found
  }

  /// Whether no variable has such a name: `${HOME:-x}` is looked up as it stands.
  var isNoName: Bool { name.contains { ":=?$\"'{(".contains($0) || $0.isWhitespace } }
}
