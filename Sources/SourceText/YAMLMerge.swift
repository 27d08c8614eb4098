/// Merge keys, `<<`, which YAML 1.1 has and YAML 1.2 has not
/// (https://yaml.org/type/merge.html). The tree keeps them as they are written.
extension DocumentNode {
  /// Whether this entry of a YAML mapping is `<<` without quotes: no setting of that name, but
  /// entries from elsewhere. ``subscript(_:)`` looks through them.
  public var isMergeKey: Bool { tree.format == .yaml && tree.isMerge(tree.records[Int(index)]) }

  /// The entries of a mapping as a trainer has them after loading: its own, without `<<`, and behind
  /// them those of the mappings that it merges and does not override, which stand elsewhere in the
  /// file.
  public var entries: [DocumentNode] {
    let written = Array(children)
    let own = written.filter { !$0.isMergeKey }
    guard own.count < written.count else { return own }
    var keys = Set(own.compactMap(\.key))
    return own
      + tree.mergedMappings(into: contentIndex).flatMap { mapping in
        // Of a key that stands twice in one of them, the last is merged.
        let all = DocumentNode(tree: tree, index: mapping).children.filter { !$0.isMergeKey }
        let last = Dictionary(all.map { ($0.key ?? "", $0.id) }, uniquingKeysWith: { $1 })
        return all.filter { $0.id == last[$0.key ?? ""] && keys.insert($0.key ?? "").inserted }
      }
  }
}

extension DocumentTree {
  private static let mergeHash = hashOfKey("<<")

  func isMerge(_ record: NodeRecord) -> Bool {
    // With quotes or a tag it is a text, and has quotes in its bytes or its text apart.
    record.keyHash == Self.mergeHash && record.keyText < 0
      && record.keyEnd - record.keyStart == 2 && source.bytes[Int(record.keyStart)] == 0x3C
      && source.bytes[Int(record.keyStart) + 1] == 0x3C
  }

  /// The entry with this key that a mapping without one of its own gets through `<<`: from the
  /// mappings merged, the first that has it, each before those that it merges itself.
  func mergedEntry(_ key: String, in mapping: Int32) -> DocumentNode? {
    mergedMappings(into: mapping).lazy
      .compactMap { DocumentNode(tree: self, index: $0).ownEntry(key) }.first
  }

  /// The mappings that a mapping gets entries from through `<<`, those whose entries win first.
  func mergedMappings(into mapping: Int32) -> [Int32] {
    var found: [Int32] = []
    var pending = merged(into: mapping)
    // Mappings may merge one another in more ways than could be walked; each is looked at once.
    var visited: Set<Int32> = [mapping]
    while let next = pending.popLast() {
      guard visited.insert(next).inserted else { continue }
      if records[Int(next)].kind == .sequence {
        pending += children(of: next).reversed().map(content(of:))
      } else {
        found.append(next)
        pending += merged(into: next)
      }
    }
    return found
  }

  /// What the `<<` of a mapping stand for, the one that wins last.
  private func merged(into mapping: Int32) -> [Int32] {
    children(of: mapping).filter { isMerge(records[Int($0)]) }.map(content(of:))
  }

  /// A node, or what it stands for if it is an alias.
  private func content(of index: Int32) -> Int32 {
    let target = records[Int(index)].target
    return target >= 0 ? target : index
  }

  private func children(of index: Int32) -> [Int32] {
    var children: [Int32] = []
    var child = records[Int(index)].firstChild
    while child >= 0 {
      children.append(child)
      child = records[Int(child)].next
    }
    return children
  }

  /// - Throws: A ``SyntaxError`` at the first `<<` that PyYAML cannot merge.
  func checkMerges() throws(SyntaxError) {
    var checked: Set<Int32> = []
    for (index, record) in records.enumerated() where isMerge(record) {
      let value = content(of: Int32(index))
      switch records[Int(value)].kind {
      case .mapping: continue
      case .sequence:
        guard checked.insert(value).inserted else { continue }
        for item in children(of: value)
        where records[Int(content(of: item))].kind != .mapping { throw noMapping(item) }
      default: throw noMapping(Int32(index))
      }
    }
  }

  private func noMapping(_ index: Int32) -> SyntaxError {
    let record = records[Int(index)]
    return SyntaxError(
      "'<<' takes a mapping or a list of mappings, and this is none",
      at: Int(record.start)..<Int(record.end))
  }
}
