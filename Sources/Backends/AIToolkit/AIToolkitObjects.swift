import Knowledge
import Plans
import SourceText

/// Reads the objects of a process, each with the settings that its kind has.
struct AIToolkitObjects {
  private let facts = Catalogue.backend("ai-toolkit")
  private let reading: AIToolkitReading
  /// Kinds that a key has only here, such as the slider block of one type of process.
  private let kinds: [String: String]
  /// All that were read, in the order of the file.
  private(set) var all: [SettingsObject] = []
  /// Those of which a process has one, by kind.
  private(set) var blocks: [String: SettingsObject] = [:]

  /// - Parameter kinds: What kind of object stands under a key, where the data names another.
  init(_ context: AIToolkitContext, kinds: [String: String] = [:]) {
    reading = AIToolkitReading(context: context)
    self.kinds = kinds
  }

  /// Reads an object and those within.
  mutating func read(_ kind: ObjectFacts, _ node: DocumentNode, path: String) {
    let top = object(kind, node, path)
    blocks[kind.name] = top
    all.append(top)
    var place = all.count - 1
    while place < all.count {
      for entry in all[place].known { readChildren(of: all[place], entry) }
      place += 1
    }
  }

  private mutating func readChildren(of object: SettingsObject, _ entry: SettingsObject.Entry) {
    let (setting, node) = (entry.facts, entry.node)
    guard let name = kinds[setting.key] ?? setting.object, let kind = facts.object(name) else {
      return
    }
    let path =
      node.parent == object.node ? object.childPath(setting.key) : node.keyPath
    switch setting.type {
    case .object where node.kind == .mapping:
      let made = self.object(kind, node, path)
      all.append(made)
      // Of what stands in several places, such as a network in an adapter, the process's own.
      if blocks[name] == nil { blocks[name] = made }
    case .list where node.kind == .sequence:
      for (place, child) in node.children.enumerated() where child.kind == .mapping {
        all.append(self.object(kind, child, "\(path)[\(place)]"))
      }
    default: break
    }
  }

  private func object(_ kind: ObjectFacts, _ node: DocumentNode, _ path: String) -> SettingsObject {
    SettingsObject(
      kind, node: node, path: path, anchor: node.span, place: Self.place(of: node),
      entries: node.entries, read: { reading($0, $1) })
  }

  /// What a finding about a missing key points at: of a block of many lines its key.
  static func place(of node: DocumentNode) -> SourceSpan {
    let start = node.span.bytes.lowerBound
    let bytes = node.source.bytes
    let isFlow = start < bytes.count && bytes[start] == UInt8(ascii: "{")
    return isFlow ? node.span : node.keySpan ?? node.span
  }

  /// An object that the file does not have.
  static func missing(_ kind: String, path: String, anchor: SourceSpan) -> SettingsObject {
    SettingsObject(
      Catalogue.backend("ai-toolkit").object(kind) ?? .none, node: nil, path: path, anchor: anchor,
      entries: [], read: { _, _ in .taken(.null) })
  }
}
