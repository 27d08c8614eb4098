/// The formats that have a reader.
public enum DocumentFormat: String, Sendable, CaseIterable {
  case json, yaml, toml
  /// `KEY=value` lines.
  case environment
  /// Commands that start Python scripts.
  case arguments
}

/// What a node of a document is, as far as its format decides that.
public enum NodeKind: UInt8, Sendable {
  case null, boolean
  /// A number without, and one with, a fraction or an exponent.
  case integer, float
  /// Quoted text, and in YAML also block text.
  case string
  /// Unquoted YAML text, whose type the backend decides.
  case plain
  case dateTime
  case sequence, mapping
}

/// A file as a tree of located values. Nothing is interpreted: numbers and plain YAML scalars are
/// text until someone asks.
public struct Document: Sendable {
  let tree: DocumentTree

  public var source: SourceFile { tree.source }
  public var format: DocumentFormat { tree.format }
  public var root: DocumentNode { DocumentNode(tree: tree, index: 0) }
  /// Keys that stand more than once in one mapping, in the order of the file.
  public var repeatedKeys: [RepeatedKey] { tree.repeatedKeys }
}

/// A key that stands twice in one mapping; trainers use the last.
public struct RepeatedKey: Sendable {
  /// The entry that is overridden, and the one that comes next with the same key.
  public let first: DocumentNode
  public let second: DocumentNode
}

/// The arena behind a document: entries linked by index, so that no depth of nesting recurses.
final class DocumentTree: Sendable {
  let source: SourceFile
  let format: DocumentFormat
  let records: [NodeRecord]
  /// Text of scalars and keys that differ from their bytes in the file (escapes, folding).
  let texts: [String]
  let repeated: [(first: Int32, second: Int32)]

  init(
    source: SourceFile, format: DocumentFormat, records: [NodeRecord], texts: [String],
    repeated: [(first: Int32, second: Int32)]
  ) {
    self.source = source
    self.format = format
    self.records = records
    self.texts = texts
    self.repeated = repeated
  }

  var repeatedKeys: [RepeatedKey] {
    repeated.map {
      RepeatedKey(
        first: DocumentNode(tree: self, index: $0.first),
        second: DocumentNode(tree: self, index: $0.second))
    }
  }
}

/// One entry of the arena. Offsets are bytes, indices are places in the arena, -1 is none.
struct NodeRecord: Sendable {
  var kind: NodeKind
  var start: Int32
  var end: Int32
  /// The key's bytes with its quotes, for entries of mappings.
  var keyStart: Int32 = -1
  var keyEnd: Int32 = -1
  var keyHash: UInt32 = 0
  /// In `texts`, if the text is not simply the bytes.
  var text: Int32 = -1
  var keyText: Int32 = -1
  var parent: Int32 = -1
  var firstChild: Int32 = -1
  var lastChild: Int32 = -1
  var next: Int32 = -1
  /// For an alias of YAML: the node it stands for.
  var target: Int32 = -1
}

/// A value in a document, with its place.
public struct DocumentNode: Sendable {
  let tree: DocumentTree
  let index: Int32

  private var own: NodeRecord { tree.records[Int(index)] }
  /// The record that holds the content: an alias's is its target's.
  private var content: NodeRecord {
    own.target >= 0 ? tree.records[Int(own.target)] : own
  }

  /// Tells nodes of one document apart.
  public var id: Int { Int(index) }
  public var kind: NodeKind { content.kind }
  public var source: SourceFile { tree.source }

  /// The bytes of the value, quotes and brackets included.
  public var span: SourceSpan { SourceSpan(Int(own.start)..<Int(own.end), in: tree.source.id) }

  /// The bytes of the key, quotes included; nil for elements of sequences and the root.
  public var keySpan: SourceSpan? {
    own.keyStart < 0 ? nil : SourceSpan(Int(own.keyStart)..<Int(own.keyEnd), in: tree.source.id)
  }

  public var key: String? {
    let own = own
    guard own.keyStart >= 0 else { return nil }
    if own.keyText >= 0 { return tree.texts[Int(own.keyText)] }
    let quotes = isQuote(tree.source.bytes[Int(own.keyStart)]) ? 1 : 0
    return tree.source.text(of: (Int(own.keyStart) + quotes)..<(Int(own.keyEnd) - quotes))
  }

  /// The text of a scalar: decoded if it is quoted, as written if not. Empty for collections.
  public var text: String {
    let content = content
    if content.text >= 0 { return tree.texts[Int(content.text)] }
    switch content.kind {
    case .sequence, .mapping: return ""
    case .string:
      let quotes = isQuote(tree.source.bytes[Int(content.start)]) ? 1 : 0
      return tree.source.text(of: (Int(content.start) + quotes)..<(Int(content.end) - quotes))
    default: return tree.source.text(of: Int(content.start)..<Int(content.end))
    }
  }

  /// The bytes as they stand in the file.
  public var sourceText: String { tree.source.text(of: span.bytes) }

  public var parent: DocumentNode? {
    own.parent < 0 ? nil : DocumentNode(tree: tree, index: own.parent)
  }

  /// Whether this only stands for a value elsewhere in the file, as `*a` does in YAML. Kind, text and
  /// children are those of that value, and shared: whoever walks a whole tree must stop here, or the
  /// walk may never end.
  public var isAlias: Bool { own.target >= 0 }

  public var isCollection: Bool { kind == .mapping || kind == .sequence }

  /// Elements of a sequence or entries of a mapping, in the order of the file.
  public var children: Children { Children(tree: tree, first: content.firstChild) }

  public struct Children: Sequence, IteratorProtocol, Sendable {
    let tree: DocumentTree?
    var first: Int32

    public static let none = Children(tree: nil, first: -1)

    public mutating func next() -> DocumentNode? {
      guard first >= 0, let tree else { return nil }
      defer { first = tree.records[Int(first)].next }
      return DocumentNode(tree: tree, index: first)
    }
  }

  /// The entry of a mapping with this key; of several, the last, as all trainers read it. If a YAML
  /// mapping has none, the one that its `<<` merge into it, which stands elsewhere in the file.
  public subscript(key: String) -> DocumentNode? {
    if let entry = ownEntry(key) { return entry }
    guard tree.format == .yaml, kind == .mapping else { return nil }
    return tree.mergedEntry(key, in: contentIndex)
  }

  /// Where the content stands: an alias's is its target's.
  var contentIndex: Int32 { own.target >= 0 ? own.target : index }

  /// The last entry with this key that is written in the mapping itself.
  func ownEntry(_ key: String) -> DocumentNode? {
    let hash = hashOfKey(key)
    var found: DocumentNode?
    var index = content.firstChild
    while index >= 0 {
      let record = tree.records[Int(index)]
      if record.keyHash == hash {
        let node = DocumentNode(tree: tree, index: index)
        if node.hasKey(key) { found = node }
      }
      index = record.next
    }
    return found
  }

  /// Whether this entry's key is `name`; does not make a string of an unescaped key.
  public func hasKey(_ name: String) -> Bool {
    let own = own
    guard own.keyStart >= 0 else { return false }
    if own.keyText >= 0 { return tree.texts[Int(own.keyText)] == name }
    let bytes = tree.source.bytes
    let quotes = isQuote(bytes[Int(own.keyStart)]) ? 1 : 0
    let start = Int(own.keyStart) + quotes
    let end = Int(own.keyEnd) - quotes
    var name = name
    return name.withUTF8 { utf8 in
      guard utf8.count == end - start else { return false }
      for offset in 0..<utf8.count where utf8[offset] != bytes[start + offset] { return false }
      return true
    }
  }

  /// Hands over the decoded key's bytes; none for what has no key.
  public func withKeyBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let own = own
    guard own.keyStart >= 0 else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
    if own.keyText >= 0 {
      var text = tree.texts[Int(own.keyText)]
      return text.withUTF8(body)
    }
    return tree.source.bytes.withUnsafeBufferPointer { bytes in
      let quotes = isQuote(bytes[Int(own.keyStart)]) ? 1 : 0
      return body(
        UnsafeBufferPointer(
          rebasing: bytes[(Int(own.keyStart) + quotes)..<(Int(own.keyEnd) - quotes)]))
    }
  }

  /// The hash by which entries are found; equal keys have equal hashes.
  public var keyHash: UInt32 { own.keyHash }

  /// Where this value stands: keys joined with `.`, places in sequences as `[0]`.
  public var keyPath: String {
    var parts: [String] = []
    var node: DocumentNode? = self
    while let current = node, current.own.parent >= 0 {
      if let key = current.key {
        parts.append(key)
      } else {
        var place = 0
        for sibling in current.parent?.children ?? .none {
          if sibling.index == current.index { break }
          place += 1
        }
        parts.append("[\(place)]")
      }
      node = current.parent
    }
    if tree.format == .arguments {
      // Of an option its name is enough, of all else what it is in its command.
      let isOption = parts.count > 2 && parts[parts.count - 2] == "arguments"
      parts.removeLast(min(parts.count, isOption ? 2 : 1))
    }
    return KeyPath.joined(parts.reversed())
  }
}

extension DocumentNode: Equatable {
  /// Whether both are the same place of the same document.
  public static func == (left: DocumentNode, right: DocumentNode) -> Bool {
    left.tree === right.tree && left.index == right.index
  }
}

/// Key paths as text: `optimizer.beta1`, `concepts[0].name`.
public enum KeyPath {
  public static func joined(_ parts: some Sequence<String>) -> String {
    parts.reduce(into: "") { path, part in
      if !path.isEmpty && !part.hasPrefix("[") { path += "." }
      path += part
    }
  }
}

/// FNV-1a over the bytes of a key, 32 bits.
/// (Fowler, Noll, Vo: "The FNV Non-Cryptographic Hash Algorithm", draft-eastlake-fnv.)
public func hashOfKey(_ key: String) -> UInt32 {
  var key = key
  return key.withUTF8 { hashOfKey($0) }
}

/// The same of bytes.
public func hashOfKey(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
  var hash: UInt32 = 0x811C_9DC5
  for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
  return hash
}

private func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 }
