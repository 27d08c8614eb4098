public import Knowledge
public import Plans
public import SourceText

/// One object of a file with the settings it may hold: which entry is which setting, and what the
/// trainer makes of it.
///
/// Immutable; a class because every rule is handed it.
public final class SettingsObject: Sendable {
  public let facts: ObjectFacts
  /// The object in the file; nil if the file has none.
  public let node: DocumentNode?
  /// Where a missing key would stand: `train`, empty at the top.
  public let path: String
  /// What a finding about a missing key points at.
  let anchor: SourceSpan
  /// All entries that are settings, the last where a key is repeated.
  let known: [Entry]
  /// Where the entry of each setting of `facts` stands in `known`, -1 for none.
  private let slots: [Int16]
  /// Entries whose key no setting has.
  public let unknown: [DocumentNode]
  /// Settings that nothing states, where they go by another name or start with another value than
  /// the facts say.
  private let unstated: [String: Unstated]

  /// A setting that nothing states.
  struct Unstated: Sendable {
    /// Where it would stand.
    let path: String
    let value: SettingValue
  }

  /// A setting that the object states.
  struct Entry: Sendable {
    let facts: SettingFacts
    let node: DocumentNode
    let reading: ValueReading
    /// Where it stands, if that is a part of the node's text.
    var place: Place?
  }

  /// - Parameters:
  ///   - anchor: What a finding about a missing key points at where the file has no such object.
  ///   - place: What it points at where it has; the object itself if nil.
  ///   - entries: What stands in the object.
  ///   - spelling: The setting that an entry's key means, where it is not simply spelled so.
  ///   - read: What the trainer makes of a value.
  init(
    _ facts: ObjectFacts, node: DocumentNode?, path: String, anchor: SourceSpan,
    place: SourceSpan? = nil, entries: some Sequence<DocumentNode>,
    spelling: (DocumentNode) -> String? = { _ in nil },
    read: (DocumentNode, SettingFacts) -> ValueReading
  ) {
    self.facts = facts
    self.node = node
    self.path = path
    self.anchor = node.map { place ?? $0.span } ?? anchor
    var slots = [Int16](repeating: -1, count: facts.settings.count)
    var nodes: [(place: Int, node: DocumentNode)] = []
    var unknown: [DocumentNode] = []
    for entry in entries {
      let place = facts.place(of: entry) ?? spelling(entry).flatMap { facts.place(of: $0) }
      guard let place else {
        unknown.append(entry)
        continue
      }
      if slots[place] >= 0 {
        nodes[Int(slots[place])].node = entry
      } else {
        slots[place] = Int16(nodes.count)
        nodes.append((place, entry))
      }
    }
    self.slots = slots
    self.unknown = unknown
    unstated = [:]
    known = nodes.map { place, node in
      let setting = facts.settings[place]
      return Entry(facts: setting, node: node, reading: read(node, setting))
    }
  }

  /// An object that is put together from entries which mean its settings in another way than by
  /// their keys; of several for one setting the last counts.
  init(
    _ facts: ObjectFacts, node: DocumentNode?, path: String, anchor: SourceSpan, made: [Entry],
    unknown: [DocumentNode] = [], unstated: [String: Unstated] = [:]
  ) {
    self.facts = facts
    self.node = node
    self.path = path
    self.anchor = node?.span ?? anchor
    self.unknown = unknown
    self.unstated = unstated
    var slots = [Int16](repeating: -1, count: facts.settings.count)
    var known: [Entry] = []
    for entry in made {
      guard let place = facts.place(of: entry.facts.key) else { continue }
      if slots[place] >= 0 {
        known[Int(slots[place])] = entry
      } else {
        slots[place] = Int16(known.count)
        known.append(entry)
      }
    }
    self.slots = slots
    self.known = known
  }

  /// The entry of a setting in the file.
  public func entry(_ key: String) -> DocumentNode? {
    facts.place(of: key).flatMap { slots[$0] < 0 ? nil : known[Int(slots[$0])].node }
  }

  /// The settings that the file states.
  var statedKeys: [String] { known.map(\.facts.key) }

  /// A setting as the trainer uses it; null for a key that does not exist.
  public func setting(_ key: String) -> Setting {
    guard let place = facts.place(of: key) else { return absent(key, .null) }
    guard slots[place] >= 0 else { return absent(key, facts.defaultValues[place]) }
    let entry = known[Int(slots[place])]
    let span = entry.place?.span ?? entry.node.span
    let (value, origin) = entry.reading.used(at: span, else: facts.defaultValues[place])
    if let own = entry.place { return Setting(value, origin, keyPath: own.keyPath) }
    // Under the name that the file gives it.
    return entry.node.hasKey(key) && entry.node.parent == node
      ? Setting(value, origin, of: path, key: key)
      : Setting(value, origin, keyPath: entry.node.keyPath)
  }

  private func absent(_ key: String, _ value: SettingValue) -> Setting {
    if let own = unstated[key] {
      return Setting(own.value, .defaulted(anchor: anchor, by: .table), keyPath: own.path)
    }
    return Setting(value, .defaulted(anchor: anchor, by: .bare), of: path, key: key)
  }

  func childPath(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
