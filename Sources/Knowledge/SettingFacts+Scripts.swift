internal import SourceText

/// What the data says of a setting that the scripts of one trainer do not share evenly. Scripts stand
/// by name or by the name of a set.
extension SettingFacts {
  /// The scripts that read it; with `-` before them those that do not. Empty for all.
  public var scripts: [String] { node["scripts"]?.children.map(\.text) ?? [] }

  /// Defaults of some scripts where they are not the usual one.
  public var defaultsByScript: [(scripts: [String], value: SettingValue)] {
    node["defaultIn"]?.children.map { entry in
      (
        entry["scripts"]?.children.map(\.text) ?? [],
        entry["default"].map { SettingValue($0) } ?? .null
      )
    } ?? []
  }

  /// The names each script accepts where they differ.
  public var choicesByScript: [(scripts: [String], choices: [String])] {
    node["choicesIn"]?.children.map { entry in
      (
        entry["scripts"]?.children.map(\.text) ?? [],
        entry["choices"]?.children.map(\.text) ?? []
      )
    } ?? []
  }

  /// Whether the trainer insists on the type.
  public var isStrict: Bool { flag("strict") }
  /// Whether a number with a fraction does where a whole one belongs.
  public var takesFraction: Bool { flag("fraction") }
  /// The only numbers it accepts; empty for all.
  public var onlyNumbers: [Double] {
    node["only"]?.children.compactMap { SettingValue($0).number } ?? []
  }

  /// What the trainer makes of a name that it does not know; nil where it stops.
  public var otherwise: String? { node["otherwise"]?.text }
  /// The kinds of objects it may stand in, where one table serves several; empty for all.
  public var levels: [String] { node["levels"]?.children.map(\.text) ?? [] }
  /// The ways of describing images that it belongs to; empty for all.
  public var styles: [String] { node["styles"]?.children.map(\.text) ?? [] }
  /// Whether it leaves captions out, which not every script can.
  public var isDropout: Bool { flag("dropout") }

  private func flag(_ key: String) -> Bool {
    node[key].map { SettingValue($0).isTruthy } ?? false
  }
}
