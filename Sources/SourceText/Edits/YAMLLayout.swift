/// Where the entries of a YAML document stand.
struct YAMLLayout {
  let source: SourceFile
  private let tree: DocumentTree
  /// What aliases stand for.
  private let aliased: Set<Int32>

  init(_ document: Document) {
    source = document.source
    tree = document.tree
    aliased = Set(tree.records.lazy.map(\.target).filter { $0 >= 0 })
  }

  var hasAliases: Bool { !aliased.isEmpty || tree.records.contains { isAliasKey($0) } }

  private func isAliasKey(_ record: NodeRecord) -> Bool {
    record.keyStart >= 0 && source.byte(Int(record.keyStart)) == UInt8(ascii: "*")
  }

  /// Whether the node stands in several places, through an alias of it or of what it is in.
  func isShared(_ node: DocumentNode) -> Bool {
    if aliased.isEmpty { return node.isAlias }
    var next: DocumentNode? = node
    while let node = next {
      if node.isAlias || aliased.contains(node.index) { return true }
      next = node.parent
    }
    return false
  }

  /// Whether lines end in other ways than with LF and CR: U+0085, U+2028, U+2029.
  var hasOddLineBreaks: Bool {
    source.bytes.indices.dropLast().contains { place in
      switch source.bytes[place] {
      case 0xC2: source.bytes[place + 1] == 0x85
      case 0xE2: source.bytes[place + 1] == 0x80 && source.byte(place + 2) & 0xFE == 0xA8
      default: false
      }
    }
  }

  func hasBracket(_ node: DocumentNode) -> Bool {
    let byte = source.byte(node.span.bytes.lowerBound)
    return node.isCollection && !node.isAlias
      && (byte == UInt8(ascii: "{") || byte == UInt8(ascii: "["))
  }

  /// Whether brackets are around it.
  func isInFlow(_ node: DocumentNode) -> Bool {
    var next = node.parent
    while let collection = next {
      if hasBracket(collection) { return true }
      next = collection.parent
    }
    return false
  }

  /// A block: `|` or `>`.
  func isBlockScalar(_ node: DocumentNode) -> Bool {
    let byte = source.byte(node.span.bytes.lowerBound)
    return !node.isCollection && !node.isAlias && !node.span.bytes.isEmpty
      && (byte == UInt8(ascii: "|") || byte == UInt8(ascii: ">"))
  }

  /// The last thing that is written in a node.
  func lastLeaf(of node: DocumentNode) -> DocumentNode {
    var leaf = node
    while leaf.isCollection, !leaf.isAlias, let last = Array(leaf.children).last { leaf = last }
    return leaf
  }

  /// The first place from here on that is no space, no line break and no comment.
  func skipSpace(_ offset: Int) -> Int {
    var offset = offset
    while true {
      switch source.byte(offset) {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      case UInt8(ascii: "#"): offset = source.lineEnd(offset)
      default: return offset
      }
    }
  }

  // MARK: Entries

  /// Behind the `:` of an entry; nil where its key is written in another way than `key:`.
  func colonEnd(of entry: DocumentNode) -> Int? {
    guard let key = entry.keySpan, !key.bytes.isEmpty else { return nil }
    let colon = source.skipBlanks(key.bytes.upperBound)
    return source.byte(colon) == UInt8(ascii: ":") ? colon + 1 : nil
  }

  /// Where an entry of a block mapping begins, or an item of a block sequence: on its key, on the
  /// properties before it, or on its dash. Nil where it is written in another way.
  func start(of node: DocumentNode) -> Int? {
    guard let parent = node.parent else { return nil }
    guard let key = node.keySpan?.bytes.lowerBound else {
      let before = parent.children.prefix { $0 != node }.last
      let dash = before.map { skipSpace(end(of: $0)) } ?? parent.span.bytes.lowerBound
      return source.byte(dash) == UInt8(ascii: "-") ? dash : nil
    }
    guard colonEnd(of: node) != nil else { return nil }
    var start = source.skipBlanks(source.lineStart(key))
    while start < key, source.byte(start) == UInt8(ascii: "-"), source.byte(start + 1) == 0x20 {
      start = source.skipBlanks(start + 1)
    }
    let isProperty = "&!".utf8.contains(source.byte(start))
    return start == key || start < key && isProperty ? start : nil
  }

  /// Where a value ends, or where its key does if nothing is there.
  func end(of node: DocumentNode) -> Int {
    max(node.span.bytes.upperBound, colonEnd(of: node) ?? node.keySpan?.bytes.upperBound ?? 0)
  }

  /// The items between two brackets, each with its key and its properties.
  func items(of collection: DocumentNode) -> [Range<Int>] {
    var start = collection.span.bytes.lowerBound + 1
    return collection.children.map { child in
      let first = skipSpace(start)
      let end = end(of: child)
      start = skipSpace(end) + 1
      return min(first, end)..<end
    }
  }

  /// What stands between a value and its key, or whatever else comes before it.
  func gap(before node: DocumentNode) -> Range<Int> {
    let place = node.span.bytes.lowerBound
    if let colon = colonEnd(of: node) { return min(colon, place)..<place }
    guard let parent = node.parent else { return 0..<place }
    let before = parent.children.prefix { $0 != node }.last
    let start = before.map { end(of: $0) } ?? parent.span.bytes.lowerBound
    return min(start, place)..<place
  }
}
