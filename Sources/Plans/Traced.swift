public import Knowledge
public import SourceText

/// A setting as the trainer will use it, and how it came to that value.
public struct Traced<Value: Sendable>: Sendable {
  public let value: Value
  public let origin: Origin
  /// The path of the object it belongs to, empty at the top, and its key there: joined only when
  /// someone asks, as most settings are never reported.
  private let object: String
  private let key: String

  public init(_ value: Value, _ origin: Origin, keyPath: String) {
    self.init(value, origin, of: "", key: keyPath)
  }

  /// - Parameter object: The path of the object that holds it, empty at the top of the file.
  public init(_ value: Value, _ origin: Origin, of object: String, key: String) {
    self.value = value
    self.origin = origin
    self.object = object
    self.key = key
  }

  /// Where it stands in the file, or would stand: `optimizer.beta1`.
  public var keyPath: String { object.isEmpty ? key : "\(object).\(key)" }

  /// The same setting with another value and the reason for it.
  public func with(_ value: Value, _ origin: Origin) -> Traced {
    Traced(value, origin, of: object, key: key)
  }

  /// The same place with another reading of the value.
  public func map<Other: Sendable>(_ transform: (Value) -> Other) -> Traced<Other> {
    Traced<Other>(transform(value), origin, of: object, key: key)
  }
}

/// How a setting came to its value.
public enum Origin: Sendable {
  /// The file says so, here.
  case written(SourceSpan)
  /// The file is silent; a finding points at `anchor`, the section that could have said it.
  case defaulted(anchor: SourceSpan, by: DefaultLevel)
  /// The file says something else here, which the trainer replaces. `isMistake` where the written
  /// value cannot be read at all, which is a finding of its own.
  case replaced(SourceSpan, because: String, isMistake: Bool)
}

/// Who decides a value that the file does not state.
public enum DefaultLevel: String, Sendable {
  /// The trainer's config class.
  case bare
  /// The table its interface fills optimizers from.
  case table
  /// What the optimizer is built with when the setting is null.
  case constructor

  /// After "the default ".
  public var words: String {
    switch self {
    case .bare: "of the config"
    case .table: "of the interface's table"
    case .constructor: "of the constructor"
    }
  }
}

/// A setting of any type.
public typealias Setting = Traced<SettingValue>

/// Something a finding can point at.
public protocol Located: Sendable {
  var keyPath: String { get }
  var span: SourceSpan { get }
  /// Whether what stands there is itself wrong, so that nothing should be concluded from it.
  var isMistaken: Bool { get }
}

extension Located {
  /// The path as a message says it: within the element of a list where it stands in one, as the place
  /// shows which. Of `config.process[0].train.lr` it is `train.lr`.
  public var shownPath: String {
    var path = keyPath[...]
    var place = path.startIndex
    while let bracket = path[place...].firstIndex(of: "]") {
      place = path.index(after: bracket)
      guard place < path.endIndex, path[place] == "." else { continue }
      path = path[path.index(after: place)...]
      place = path.startIndex
    }
    return String(path)
  }
}

extension Traced: Located {
  public var span: SourceSpan {
    switch origin {
    case .written(let span), .replaced(let span, _, _): span
    case .defaulted(let anchor, _): anchor
    }
  }

  public var isMistaken: Bool {
    if case .replaced(_, _, true) = origin { true } else { false }
  }

  /// Whether the file states it, usable or not.
  public var isWritten: Bool {
    if case .defaulted = origin { false } else { true }
  }

  /// The place with a few words for a finding that concerns it too; nil if the file does not state
  /// it.
  public func noted(_ words: String) -> (any Located, String)? {
    isWritten ? (self, words) : nil
  }

  /// " (the default)" for a value that the file does not state, else nothing.
  public var defaultNote: String {
    isWritten ? "" : " (the default)"
  }
}

/// A place in the file that is no setting: a key, an element, the file itself.
public struct Place: Located {
  public let keyPath: String
  public let span: SourceSpan
  public var isMistaken: Bool { false }

  public init(keyPath: String, span: SourceSpan) {
    self.keyPath = keyPath
    self.span = span
  }

  /// The key of an entry, or the element itself.
  public init(keyOf node: DocumentNode) {
    self.init(keyPath: node.keyPath, span: node.keySpan ?? node.span)
  }

  public init(_ node: DocumentNode) {
    self.init(keyPath: node.keyPath, span: node.span)
  }
}

extension Traced where Value == SettingValue {
  /// The number, if it is one.
  public var number: Double? { value.number }
  /// The text, if it is one.
  public var text: String? { value.text }
  /// What the trainer takes it for when it needs a yes or no.
  public var isOn: Bool { value.isTruthy }
  public var isNull: Bool { value == .null }
}
