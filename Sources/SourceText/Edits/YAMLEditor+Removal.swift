/// Removing entries and items.
extension YAMLEditor {
  func remove(_ node: DocumentNode) -> [TextEdit]? {
    guard let parent = node.parent, !layout.isShared(parent), !layout.hasOddLineBreaks else {
      return nil
    }
    let siblings = Array(parent.children)
    guard let place = siblings.firstIndex(of: node) else { return nil }
    let edits: [TextEdit]?
    if layout.hasBracket(parent) {
      edits = BracketItems(
        source: source, bytes: parent.span.bytes, items: layout.items(of: parent)
      ).removal(of: place)
    } else if layout.isInFlow(parent) {
      return nil
    } else if siblings.count == 1 {
      // Without its last entry a block is null; empty, it takes brackets.
      guard !parent.hasComment, layout.start(of: node) != nil else { return nil }
      edits = replaceBlock(parent, with: parent.kind == .mapping ? "{}" : "[]")
    } else {
      edits = removeLines(node, isLast: place == siblings.count - 1)
    }
    guard let edits, !takesAnchor(edits) else { return nil }
    let before = place > 0 ? layout.lastLeaf(of: siblings[place - 1]) : nil
    if let before, layout.isBlockScalar(before), !keeps(before, edits) { return nil }
    return edits
  }

  private func removeLines(_ node: DocumentNode, isLast: Bool) -> [TextEdit]? {
    guard let start = layout.start(of: node) else { return nil }
    let end = source.skipBlanks(layout.end(of: node))
    let isAtLineEnd = end == source.lineEnd(end)
    guard source.isBlank(source.lineStart(start)..<start) else {
      // Behind the dash of a list: what comes next takes the place.
      if isLast { return nil }
      var next = end
      while next < source.bytes.count, source.bytes[next] <= 0x20 { next += 1 }
      return [TextEdit(start..<next, "", in: source)]
    }
    // A comment beside a value stays, one at the end of a whole block goes with it.
    let isWhole = isAtLineEnd || node.isCollection && !node.isAlias
    let lines = source.lineStart(start)..<source.nextLine(end)
    return [TextEdit(isWhole ? lines : start..<end, "", in: source)]
  }

  /// Whether an anchor would go that an alias may need.
  private func takesAnchor(_ edits: [TextEdit]) -> Bool {
    layout.hasAliases && edits.contains { source.bytes[$0.span.bytes].contains(UInt8(ascii: "&")) }
  }

  /// Whether a block keeps its text: lines that come after it now may be taken for its own.
  private func keeps(_ block: DocumentNode, _ edits: [TextEdit]) -> Bool {
    let fix = Fix(title: "", safety: .safe, edits: edits)
    let (bytes, _) = source.applying([fix])
    guard let changed = try? YAMLReader.read(SourceFile(id: source.id, path: "", bytes: bytes))
    else { return false }
    let start = block.span.bytes.lowerBound
    let now = changed.tree.records.indices.lazy.map {
      DocumentNode(tree: changed.tree, index: Int32($0))
    }.first { $0.span.bytes.lowerBound == start && !$0.isCollection }
    return now?.text == block.text
  }
}
