public import SourceText
internal import Threads

/// A sentence of the data about the value of one setting: what must hold, and what happens if not.
public final class Constraint: Sendable {
  /// The setting it is about.
  public let key: SettingPath
  /// The rule that reports a breach.
  public let rule: String
  /// The rows of the trainer's constraint list that this covers.
  public var rows: [String] { node["rows"]?.children.map(\.text) ?? [] }
  public var severity: Severity { Severity(rawValue: text("severity")) ?? .warning }
  public var consequence: Consequence {
    Consequence(rawValue: text("consequence")) ?? .worthKnowing
  }
  /// `{value}` stands for the user's value.
  public var message: String { node["message"]?.text ?? "" }
  public var why: String { node["why"]?.text ?? "" }
  /// A value that would do, if there is one to propose.
  public var proposal: SettingValue? { node["set"].map(SettingValue.init) }
  /// Whether taking the setting out of the file mends it.
  public var removes: Bool { node["remove"].map { SettingValue($0).isTruthy } ?? false }
  public var safety: Fix.Safety { Fix.Safety(rawValue: text("safety")) ?? .unsafe }
  private let must: Condition
  private let node: DocumentNode
  /// All must hold for the constraint to apply.
  private let conditions: Deferred<[(key: SettingPath, condition: Condition)]>

  init(_ node: DocumentNode) {
    self.node = node
    key = SettingPath(node["key"]?.text ?? "")
    rule = node["rule"]?.text ?? ""
    must = Condition(node["must"])
    conditions = Deferred {
      node["when"]?.children.map {
        (key: SettingPath($0["key"]?.text ?? ""), condition: Condition($0))
      } ?? []
    }
  }

  private func text(_ key: String) -> String { node[key]?.text ?? "" }

  /// Whether the value breaks the constraint.
  /// - Parameter others: Another setting as it is used, nil if there is none of that name.
  public func isBroken(by value: StatedValue, others: (SettingPath) -> StatedValue?) -> Bool {
    guard !must.holds(for: value) else { return false }
    return conditions.value.allSatisfy { key, condition in
      others(key).map { condition.holds(for: $0) } ?? false
    }
  }

  /// Whether it forbids null, which only the written value can tell.
  public var isAboutNull: Bool { must.notNull }

  /// Whether a value satisfies it, whatever the other settings say.
  public func isSatisfied(by value: StatedValue) -> Bool { must.holds(for: value) }

  /// Whether it holds for an optimizer of this trainer; what stands with no trainer is OneTrainer's.
  public func applies(to backend: String) -> Bool {
    guard let backends = node["backends"] else { return backend == "onetrainer" }
    return backends.children.contains { $0.text == backend }
  }

  /// Whether it holds for an optimizer under one trainer's name.
  public func applies(to use: OptimizerUse) -> Bool {
    guard applies(to: use.backend) else { return false }
    return node["uses"]?.children.contains { $0.text == use.name } ?? true
  }

  /// The other settings that decide whether it applies.
  public var conditionKeys: [SettingPath] { conditions.value.map(\.key) }
}

/// A value as it is used, and whether the file states it.
public struct StatedValue: Sendable {
  public let value: SettingValue
  public let isWritten: Bool

  public init(_ value: SettingValue, isWritten: Bool) {
    self.value = value
    self.isWritten = isWritten
  }
}

/// Which setting a sentence of the data means.
public enum SettingPath: Sendable, Hashable {
  /// A setting at the top of the config; in optimizer data an option; with `@` before it what the
  /// trainer makes of the file, such as `@script`.
  case plain(String)
  /// `*.train`: of every part of the model.
  case ofParts(String)
  /// `quantization.svd_dtype`.
  case nested(String, String)

  init(_ text: String) {
    guard let dot = text.firstIndex(of: ".") else {
      self = .plain(text)
      return
    }
    let key = String(text[text.index(after: dot)...])
    self = text[..<dot] == "*" ? .ofParts(key) : .nested(String(text[..<dot]), key)
  }

  /// As the data writes it.
  public var text: String {
    switch self {
    case .plain(let key): key
    case .ofParts(let key): "*.\(key)"
    case .nested(let object, let key): "\(object).\(key)"
    }
  }
}

/// A predicate over one value.
struct Condition: Sendable {
  private let bounds: Bounds?
  private let equals: SettingValue?
  private let notEquals: SettingValue?
  private let oneOf: [SettingValue]?
  private let noneOf: [SettingValue]?
  let notNull: Bool
  /// Whether the file has to state it, or must not; nil where that does not matter.
  private let written: Bool?

  init(_ node: DocumentNode?) {
    bounds = node.map(Bounds.init)
    equals = node?["equals"].map(SettingValue.init)
    notEquals = node?["notEquals"].map(SettingValue.init)
    oneOf = node?["oneOf"]?.children.map(SettingValue.init)
    noneOf = node?["noneOf"]?.children.map(SettingValue.init)
    written = node?["written"].map { SettingValue($0).isTruthy }
    notNull = node?["notNull"].map { SettingValue($0).isTruthy } ?? false
  }

  /// A bound holds for every value that is no number: those are another finding's business.
  func holds(for stated: StatedValue) -> Bool {
    let value = stated.value
    if let written, written != stated.isWritten { return false }
    if notNull, value == .null { return false }
    if let equals, !Self.same(value, equals) { return false }
    if let notEquals, Self.same(value, notEquals) { return false }
    if let oneOf, !oneOf.contains(where: { Self.same(value, $0) }) { return false }
    if let noneOf, noneOf.contains(where: { Self.same(value, $0) }) { return false }
    if let bounds, let number = value.number, !bounds.contains(number) { return false }
    return true
  }

  /// Booleans are compared as Python tests them: null counts as false.
  private static func same(_ value: SettingValue, _ other: SettingValue) -> Bool {
    if case .boolean(let flag) = other { return value.isTruthy == flag }
    return value == other
  }
}
