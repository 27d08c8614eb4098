public import Knowledge
public import Plans
public import SourceText

/// One object of the file with the settings it may hold: which entry is which setting, and what the
/// loader makes of it.
public final class ConfigObject: Sendable {
  public let facts: ObjectFacts
  /// The object in the file; nil if the file has none.
  public let node: DocumentNode?
  /// Where a missing key would stand: `unet`, empty at the top.
  public let path: String
  /// What a finding about a missing key points at.
  let anchor: SourceSpan
  /// The entry of each setting of `facts`, the last where a key is repeated.
  private let entries: [DocumentNode?]
  /// What the loader makes of each of them.
  private let conversions: [PythonConversion?]
  /// All entries that are settings, with what is known of them, in the order of the facts.
  public let known: [(SettingFacts, DocumentNode)]
  /// Those of them whose value is not of the setting's type, with what becomes of it.
  let misfits: [(SettingFacts, DocumentNode, PythonConversion)]
  /// Entries whose key no setting has.
  public let unknown: [DocumentNode]
  /// Defaults that differ from the settings' own.
  private let defaults: @Sendable (String) -> (SettingValue, DefaultLevel)?
  /// Values that come from somewhere else in the file.
  private let overrides: [String: Override]
  /// Whether what is read is written and read once more, as the interface does.
  private let isReadBack: Bool

  /// A value that an older version of the format keeps elsewhere, or that the loader replaces.
  public struct Override: Sendable {
    var value: SettingValue
    var node: DocumentNode?
    var because: String
    /// Whether the value is taken over as it stands at `node`, and converted like any other.
    var isCopied = false
  }

  init(
    _ facts: ObjectFacts, node: DocumentNode?, path: String, anchor: SourceSpan,
    overrides: [String: Override] = [:], renamed: [String: DocumentNode] = [:],
    dropped: Set<String> = [], isReadBack: Bool = false,
    defaults: @escaping @Sendable (String) -> (SettingValue, DefaultLevel)? = { _ in nil }
  ) {
    self.facts = facts
    self.node = node
    self.path = path
    self.anchor = node?.span ?? anchor
    self.overrides = overrides
    self.defaults = defaults
    self.isReadBack = isReadBack
    var entries = [DocumentNode?](repeating: nil, count: facts.settings.count)
    var unknown: [DocumentNode] = []
    if let node, node.kind == .mapping {
      for child in node.children {
        if let place = facts.place(of: child) {
          if dropped.isEmpty || !dropped.contains(facts.settings[place].key) { entries[place] = child }
        } else if !child.hasKey("__version") {
          unknown.append(child)
        }
      }
    }
    for (key, node) in renamed {
      if let place = facts.place(of: key) { entries[place] = node }
    }
    self.entries = entries
    known = entries.indices.compactMap { place in
      entries[place].map { (facts.settings[place], $0) }
    }
    let conversions = entries.indices.map { place in
      entries[place].map {
        PythonConversion($0, as: facts.settings[place], isReadBack: isReadBack)
      }
    }
    self.conversions = conversions
    misfits = entries.indices.compactMap { place in
      guard let node = entries[place], let conversion = conversions[place] else { return nil }
      if case .taken = conversion { return nil }
      // What reading twice makes of it does not matter to what is wrong with it.
      let facts = facts.settings[place]
      return (facts, node, isReadBack ? PythonConversion(node, as: facts) : conversion)
    }
    self.unknown = unknown
  }

  /// The entry of a setting in the file.
  public func entry(_ key: String) -> DocumentNode? { facts.place(of: key).flatMap { entries[$0] } }

  /// The settings that the file decides; the others have their defaults.
  var statedKeys: [String] {
    known.map(\.0.key) + overrides.keys.filter { entry($0) == nil }.sorted()
  }

  /// A setting as the loader leaves it; null for a key that does not exist.
  public func setting(_ key: String) -> Setting {
    guard let place = facts.place(of: key) else { return absent(key, .null, .bare) }
    let facts = facts.settings[place]
    if let override = overrides[key] {
      guard let node = override.node else { return absent(key, override.value, .bare) }
      let copy = override.isCopied ? read(node, facts) : nil
      if let copy, copy.isMistaken { return copy }
      return Setting(
        copy?.value ?? override.value,
        .replaced(node.span, because: override.because, isMistake: false), keyPath: node.keyPath)
    }
    guard let node = entries[place] else {
      if let (value, level) = defaults(key) { return absent(key, value, level) }
      return absent(key, facts.defaultValue, .bare)
    }
    return conversions[place].map { read(node, facts, $0) } ?? read(node, facts)
  }

  private func read(_ node: DocumentNode, _ facts: SettingFacts) -> Setting {
    read(node, facts, PythonConversion(node, as: facts, isReadBack: isReadBack))
  }

  private func read(
    _ node: DocumentNode, _ facts: SettingFacts, _ conversion: PythonConversion
  ) -> Setting {
    switch conversion {
    case .taken(let value): made(value, .written(node.span), facts.key, node)
    case .coerced(let value, .numberInText), .coerced(let value, .truncated):
      made(value, .written(node.span), facts.key, node)
    case .coerced(let value, _):
      made(
        value, .replaced(node.span, because: "read as \(value.words)", isMistake: true), facts.key, node)
    case .refused:
      made(
        defaults(facts.key)?.0 ?? facts.defaultValue,
        .replaced(node.span, because: "not read, the default stays", isMistake: true), facts.key, node)
    }
  }

  /// A direct child; a renamed key keeps the path it has in the file.
  private func made(
    _ value: SettingValue, _ origin: Origin, _ key: String, _ node: DocumentNode
  ) -> Setting {
    node.parent == self.node && node.hasKey(key)
      ? Setting(value, origin, of: path, key: key) : Setting(value, origin, keyPath: node.keyPath)
  }

  private func absent(_ key: String, _ value: SettingValue, _ level: DefaultLevel) -> Setting {
    Setting(value, .defaulted(anchor: anchor, by: level), of: path, key: key)
  }

  func childPath(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
