/// Puts a document together while a reader reads. Entries may be added to any collection at any
/// time, as TOML's tables need.
struct DocumentBuilder {
  private(set) var records: [NodeRecord] = []
  private(set) var texts: [String] = []
  /// Mappings with more than one entry, to look for repeated keys in at the end.
  private var largeMappings: [Int32] = []

  /// A key as it stands in the file: its bytes with quotes, and its text where that differs.
  struct Key {
    var bytes: Range<Int>
    var hash: UInt32
    var text: String?
  }

  init(expectedNodes: Int = 64) { records.reserveCapacity(expectedNodes) }

  /// Adds a value; the first one added is the root.
  /// - Parameters:
  ///   - bytes: The value with its quotes or brackets. The end of a collection is set by ``close(_:end:)``.
  ///   - text: The decoded text, where it is not simply the bytes within the quotes.
  ///   - parent: Its collection, or nil for the root.
  /// - Returns: Its index, for children and ``close(_:end:)``.
  @discardableResult
  mutating func add(
    _ kind: NodeKind, _ bytes: Range<Int>, text: String? = nil, key: Key? = nil, to parent: Int32?
  ) -> Int32 {
    let index = Int32(records.count)
    var record = NodeRecord(
      kind: kind, start: Int32(bytes.lowerBound), end: Int32(bytes.upperBound))
    if let text { record.text = store(text) }
    if let key {
      record.keyStart = Int32(key.bytes.lowerBound)
      record.keyEnd = Int32(key.bytes.upperBound)
      record.keyHash = key.hash
      if let text = key.text { record.keyText = store(text) }
    }
    if let parent {
      record.parent = parent
      let last = records[Int(parent)].lastChild
      if last >= 0 {
        records[Int(last)].next = index
        if key != nil, records[Int(parent)].firstChild == last { largeMappings.append(parent) }
      } else {
        records[Int(parent)].firstChild = index
      }
      records[Int(parent)].lastChild = index
    }
    records.append(record)
    return index
  }

  /// Sets where a collection ends, in bytes, its bracket included.
  mutating func close(_ index: Int32, end: Int) { records[Int(index)].end = Int32(end) }

  /// Makes `index` stand for the content of `target`, an earlier node.
  mutating func alias(_ index: Int32, to target: Int32) { records[Int(index)].target = target }

  private mutating func store(_ text: String) -> Int32 {
    texts.append(text)
    return Int32(texts.count - 1)
  }

  /// The document, with its repeated keys found.
  func finish(_ source: SourceFile, _ format: DocumentFormat) -> Document {
    let tree = DocumentTree(
      source: source, format: format, records: records, texts: texts, repeated: [])
    let repeated = repeatedKeys(in: tree)
    guard !repeated.isEmpty else { return Document(tree: tree) }
    return Document(
      tree: DocumentTree(
        source: source, format: format, records: records, texts: texts, repeated: repeated))
  }

  private func repeatedKeys(in tree: DocumentTree) -> [(first: Int32, second: Int32)] {
    var repeated: [(first: Int32, second: Int32)] = []
    // Sorted by hash in the high half and place in the low half: equal keys come together.
    var order: [UInt64] = []
    for mapping in largeMappings {
      order.removeAll(keepingCapacity: true)
      var index = records[Int(mapping)].firstChild
      while index >= 0 {
        let record = records[Int(index)]
        let isOverriding =
          switch tree.format {
          // Each `<<` merges what the others do not have.
          case .yaml: !tree.isMerge(record)
          case .environment: !DocumentNode(tree: tree, index: index).isAppending
          default: true
          }
        if isOverriding {
          order.append(UInt64(record.keyHash) << 32 | UInt64(UInt32(bitPattern: index)))
        }
        index = record.next
      }
      order.sort()
      for place in order.indices.dropFirst() where order[place] >> 32 == order[place - 1] >> 32 {
        let second = Int32(truncatingIfNeeded: order[place])
        // Other keys may share the hash: look back for the nearest one with the same text.
        var before = place - 1
        while before >= 0, order[before] >> 32 == order[place] >> 32 {
          let first = Int32(truncatingIfNeeded: order[before])
          if DocumentNode(tree: tree, index: first).key
            == DocumentNode(tree: tree, index: second).key
          {
            repeated.append((first, second))
            break
          }
          before -= 1
        }
      }
    }
    return repeated.sorted { $0.second < $1.second }
  }
}
