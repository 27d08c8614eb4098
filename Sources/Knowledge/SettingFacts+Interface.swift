internal import SourceText

/// What the data says of a setting of an interface that writes the config of a trainer: on which of
/// its tabs it stands, and what it becomes there.
extension SettingFacts {
  /// The tabs that have it; empty for all.
  public var tabs: [String] { node["tabs"]?.children.map(\.text) ?? [] }

  /// The value of a fresh tab.
  public func defaultValue(onTab tab: String) -> SettingValue {
    let own = node["defaultIn"]?.children.first { entry in
      entry["tabs"]?.children.contains { $0.text == tab } ?? false
    }
    return own?["default"].map { SettingValue($0) } ?? defaultValue
  }

  /// The number that takes the place of what is none; nil where such a value is kept as it is.
  public var unreadable: Double? { node["unreadable"].flatMap { SettingValue($0).number } }
  /// Whether 0 means that the setting is not passed on.
  public var isUnsetByZero: Bool { node["zero"]?.text == "unset" }

  /// A setting of the trainer that a setting of the interface decides.
  public struct Target: Sendable {
    public let key: String
    /// The tabs on which it does; empty for all.
    public let tabs: [String]
    /// The models for which it does; empty for all.
    public let models: [String]
    /// How, where the value is not simply passed on.
    public let how: String?
  }

  /// What it decides, as far as it is passed on.
  public var targets: [Target] {
    guard let sets = node["sets"] else { return [] }
    if sets.kind == .string { return [Target(key: sets.text, tabs: [], models: [], how: nil)] }
    return sets.children.map { target in
      Target(
        key: target["key"]?.text ?? "", tabs: target["tabs"]?.children.map(\.text) ?? [],
        models: target["models"]?.children.map(\.text) ?? [], how: target["as"]?.text)
    }
  }
}
