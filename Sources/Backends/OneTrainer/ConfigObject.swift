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
  /// All entries that are settings, the last where a key is repeated.
  let known: [Entry]
  /// Where the entry of each setting of `facts` stands in `known`, -1 for none.
  private let slots: [Int16]
  /// Entries whose key no setting has; what editors and the format itself put in is none.
  public let unknown: [DocumentNode]
  /// Defaults that differ from the settings' own.
  private let defaults: @Sendable (String) -> (SettingValue, DefaultLevel)?
  /// Values that come from somewhere else in the file.
  private let overrides: [String: Override]
  /// Whether what is read is written and read once more, as the interface does.
  private let isReadBack: Bool

  /// A setting that the object states.
  struct Entry: Sendable {
    let facts: SettingFacts
    let node: DocumentNode
    /// What the loader makes of it.
    let conversion: PythonConversion
    /// Whether the value is not of the setting's type.
    let isMisfit: Bool
  }

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
    var slots = [Int16](repeating: -1, count: facts.settings.count)
    var nodes: [(place: Int, node: DocumentNode)] = []
    func take(_ place: Int, _ node: DocumentNode) {
      if slots[place] >= 0 {
        nodes[Int(slots[place])].node = node
      } else {
        slots[place] = Int16(nodes.count)
        nodes.append((place, node))
      }
    }
    var unknown: [DocumentNode] = []
    if let node, node.kind == .mapping {
      for child in node.children {
        if let place = facts.place(of: child) {
          if dropped.isEmpty || !dropped.contains(facts.settings[place].key) { take(place, child) }
        } else if !child.hasKey("__version"), !child.hasKey("$schema") {
          unknown.append(child)
        }
      }
    }
    for (key, node) in renamed {
      if let place = facts.place(of: key) { take(place, node) }
    }
    self.slots = slots
    self.unknown = unknown
    known = nodes.map { Self.entry(facts.settings[$0.place], $0.node, isReadBack) }
  }

  private static func entry(
    _ facts: SettingFacts, _ node: DocumentNode, _ isReadBack: Bool
  ) -> Entry {
    let conversion = PythonConversion(node, as: facts)
    var isMisfit = true
    if case .taken = conversion { isMisfit = false }
    return Entry(
      facts: facts, node: node,
      conversion: isReadBack ? PythonConversion(node, as: facts, isReadBack: true) : conversion,
      isMisfit: isMisfit)
  }

  /// The entry of a setting in the file.
  public func entry(_ key: String) -> DocumentNode? {
    facts.place(of: key).flatMap { entry(at: $0)?.node }
  }

  private func entry(at place: Int) -> Entry? {
    slots[place] < 0 ? nil : known[Int(slots[place])]
  }

  /// Entries whose value is not of the setting's type, with what the loader makes of it.
  var misfits: [(SettingFacts, DocumentNode, PythonConversion)] {
    known.lazy.filter(\.isMisfit).map {
      ($0.facts, $0.node, PythonConversion($0.node, as: $0.facts))
    }
  }

  /// The settings that the file decides; the others have their defaults.
  var statedKeys: [String] {
    known.map(\.facts.key) + overrides.keys.filter { entry($0) == nil }.sorted()
  }

  /// A setting as the loader leaves it; null for a key that does not exist.
  public func setting(_ key: String) -> Setting {
    guard let place = facts.place(of: key) else { return absent(key, .null, .bare) }
    if !overrides.isEmpty, let override = overrides[key] { return taken(override, key, place) }
    let slot = Int(slots[place])
    if slot >= 0 { return read(known[slot].node, known[slot].conversion, key, place) }
    if let (value, level) = defaults(key) { return absent(key, value, level) }
    return absent(key, facts.defaultValues[place], .bare)
  }

  private func taken(_ override: Override, _ key: String, _ place: Int) -> Setting {
    guard let node = override.node else { return absent(key, override.value, .bare) }
    let copy =
      override.isCopied
      ? read(
        node, PythonConversion(node, as: facts.settings[place], isReadBack: isReadBack), key, place)
      : nil
    if let copy, copy.isMistaken { return copy }
    return Setting(
      copy?.value ?? override.value,
      .replaced(node.span, because: override.because, isMistake: false), keyPath: node.keyPath)
  }

  private func read(
    _ node: DocumentNode, _ conversion: PythonConversion, _ key: String, _ place: Int
  ) -> Setting {
    switch conversion {
    case .taken(let value): made(value, .written(node.span), key, node)
    case .coerced(let value, .numberInText), .coerced(let value, .truncated):
      made(value, .written(node.span), key, node)
    case .coerced(let value, _):
      made(
        value, .replaced(node.span, because: "read as \(value.words)", isMistake: true), key, node)
    case .refused:
      made(
        defaults(key)?.0 ?? facts.defaultValues[place],
        .replaced(node.span, because: "not read, the default stays", isMistake: true), key, node)
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
