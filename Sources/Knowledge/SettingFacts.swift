public import SourceText

/// What type a trainer gives a setting.
public enum SettingType: String, Sendable {
  case boolean, integer, number, text, choice, object, list, map
}

/// What is known of one setting of a trainer: a key of its config, or an option of its optimizers.
///
/// Immutable; a class, as all facts are, so that handing one on costs one count.
public final class SettingFacts: Sendable {
  public let key: String
  public let type: SettingType
  public let isNullable: Bool
  /// The value the trainer uses when the key is missing.
  public let defaultValue: SettingValue
  /// The names a choice accepts.
  public let choices: [String]
  /// For objects, and lists or maps of them: which one.
  public let object: String?
  let node: DocumentNode

  /// In plain words.
  public var meaning: String { node["meaning"]?.text ?? "" }
  /// Exact details.
  public var more: String? { node["more"]?.text }
  public var title: String { node["title"]?.text ?? key }
  /// The name the OneTrainer guide gives it, for the options that the guide lists.
  public var guideTitle: String? { node["guideTitle"]?.text }
  public var group: String? { node["group"]?.text }
  public var usual: String? { node["usual"]?.text }
  public var unit: String? { node["unit"]?.text }
  /// What lists of plain values hold.
  public var itemType: String? { node["items"]?.text }
  /// Whether OneTrainer offers it for the auxiliary Adam of Muon.
  public var isOfAuxiliaryAdam: Bool {
    node["auxiliaryAdam"].map { SettingValue($0).isTruthy } ?? false
  }
  /// Whether the trainer stops without it.
  public var isRequired: Bool { node["required"].map { SettingValue($0).isTruthy } ?? false }
  /// Types besides its own that the trainer takes as well.
  public var alsoTakes: [SettingType] {
    node["alsoTakes"]?.children.compactMap { SettingType(rawValue: $0.text) } ?? []
  }
  /// Whether the trainer makes a number of a text that holds one.
  public var convertsText: Bool { node["converted"].map { SettingValue($0).isTruthy } ?? false }
  /// Whether names count in any letter case.
  public var takesAnyCase: Bool { node["anyCase"].map { SettingValue($0).isTruthy } ?? false }
  /// Keys that other programs have for it.
  public var otherNames: [String] { node["otherNames"]?.children.map(\.text) ?? [] }
  /// Names beside the choices that the trainer has and that another rule judges.
  public var namesJudgedElsewhere: [String] { node["elsewhere"]?.children.map(\.text) ?? [] }
  /// What comes of a value of another type, or of none; nil if it does no harm.
  public var breaks: Consequence? { node["breaks"].flatMap { Consequence(rawValue: $0.text) } }
  /// What comes of a name that is none of the choices, where the data says so.
  public var unknownName: UnknownName? { node["unknownName"].map(UnknownName.init) }
  /// Bounds outside of which no value is ever right.
  public var range: Bounds? { node["range"].map(Bounds.init) }

  init(_ node: DocumentNode, enums: [String: [String]] = [:]) {
    var key = ""
    var type = SettingType.text
    var isNullable = false
    var defaultValue = SettingValue.null
    var choices: [String] = []
    var object: String?
    for field in node.children {
      switch field.key {
      case "key": key = field.text
      case "type": type = SettingType(rawValue: field.text) ?? .text
      case "nullable": isNullable = field.text == "true"
      case "default": defaultValue = SettingValue(field)
      case "enum": choices = enums[field.text] ?? []
      case "choices": choices = field.children.map(\.text)
      case "object": object = field.text
      default: break
      }
    }
    self.key = key
    self.type = type
    self.isNullable = isNullable
    self.defaultValue = defaultValue
    self.choices = choices
    self.object = object
    self.node = node
  }
}

/// What a trainer does with a name that is none of a setting's choices.
public struct UnknownName: Sendable {
  public let severity: Severity
  public let consequence: Consequence
  public let why: String

  init(_ node: DocumentNode) {
    severity = Severity(rawValue: node["severity"]?.text ?? "") ?? .warning
    consequence = Consequence(rawValue: node["consequence"]?.text ?? "") ?? .silentlyIgnored
    why = node["why"]?.text ?? ""
  }
}

/// Limits of a number, as JSON Schema names them.
public struct Bounds: Sendable, Hashable {
  public var minimum: Double?
  public var maximum: Double?
  public var exclusiveMinimum: Double?
  public var exclusiveMaximum: Double?

  init(_ node: DocumentNode) {
    minimum = node["minimum"].flatMap { SettingValue($0).number }
    maximum = node["maximum"].flatMap { SettingValue($0).number }
    exclusiveMinimum = node["exclusiveMinimum"].flatMap { SettingValue($0).number }
    exclusiveMaximum = node["exclusiveMaximum"].flatMap { SettingValue($0).number }
  }

  /// False for NaN.
  public func contains(_ number: Double) -> Bool {
    if number.isNaN { return false }
    if let minimum, number < minimum { return false }
    if let maximum, number > maximum { return false }
    if let exclusiveMinimum, number <= exclusiveMinimum { return false }
    if let exclusiveMaximum, number >= exclusiveMaximum { return false }
    return true
  }

  /// "at least 0 and below 1".
  public var words: String {
    [
      minimum.map { "at least \(Number.literal($0))" },
      exclusiveMinimum.map { "above \(Number.literal($0))" },
      maximum.map { "at most \(Number.literal($0))" },
      exclusiveMaximum.map { "below \(Number.literal($0))" },
    ].compactMap(\.self).joined(separator: " and ")
  }
}

/// The keys of one kind of object, in the order of the data file.
public final class ObjectFacts: Sendable {
  public let name: String
  public let title: String
  public let settings: [SettingFacts]
  /// Their defaults, in the same order.
  public let defaultValues: [SettingValue]
  private let table: KeyTable

  init(name: String, title: String, settings: [SettingFacts]) {
    self.name = name
    self.title = title
    self.settings = settings
    defaultValues = settings.map(\.defaultValue)
    table = KeyTable(settings.map(\.key))
  }

  public subscript(key: String) -> SettingFacts? { place(of: key).map { settings[$0] } }

  /// Where a key stands in ``settings``.
  public func place(of key: String) -> Int? { table.place(of: key) }

  /// Where the setting of an entry stands in ``settings``.
  public func place(of entry: DocumentNode) -> Int? { table.place(of: entry) }
}

extension ObjectFacts {
  /// An object without settings.
  public static let none = ObjectFacts(name: "", title: "", settings: [])
}
