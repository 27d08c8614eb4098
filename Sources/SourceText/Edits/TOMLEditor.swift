/// Changes of a TOML document.
struct TOMLEditor: DocumentEditor {
  private let document: Document
  let source: SourceFile
  private let layout: TOMLLayout

  init(_ document: Document) {
    self.document = document
    source = document.source
    layout = TOMLLayout(source: document.source)
  }

  func replace(_ node: DocumentNode, with value: EditValue) -> [TextEdit]? {
    guard layout.form(of: node) == .value, !node.hasComment else { return nil }
    return TOMLText.literal(value, replacing: node).map { [TextEdit(node.span, $0)] }
  }

  // MARK: Adding

  func insert(key: String, _ value: EditValue, into mapping: DocumentNode) -> [TextEdit]? {
    guard mapping.kind == .mapping, mapping[key] == nil, let literal = TOMLText.literal(value)
    else { return nil }
    let entry = "\(layout.prefix(in: mapping))\(TOMLText.key(key)) = \(literal)"
    let last = layout.entries(of: mapping).last
    if let table = layout.inlineTable(around: mapping) {
      let bytes = table.span.bytes
      guard let end = last?.span.bytes.upperBound else {
        return [TextEdit(bytes.lowerBound..<bytes.upperBound, "{ \(entry) }", in: source)]
      }
      return [TextEdit(end..<end, ", " + entry, in: source)]
    }
    if let last { return [line(entry, after: last.span.bytes.upperBound, like: last.start)] }
    switch layout.form(of: mapping) {
    case .table where mapping.parent == nil: return [firstLine(entry, in: mapping)]
    case .table: return [line(entry, after: mapping.span.bytes.lowerBound, like: mapping.start)]
    default: return nil
    }
  }

  /// A line below the one at `offset`, indented like the one at `other`.
  private func line(_ text: String, after offset: Int, like other: Int) -> TextEdit {
    let start = source.lineStart(other)
    let indentation = source.text(of: start..<source.skipBlanks(start))
    let end = source.lineEnd(offset)
    return TextEdit(end..<end, source.lineBreak + indentation + text, in: source)
  }

  /// The first entry of the root: before the first header and the comments right above it.
  private func firstLine(_ text: String, in root: DocumentNode) -> TextEdit {
    guard let first = root.children.map(\.headerStart).min() else {
      let end = source.bytes.count
      let isAtStart = source.lineStart(end) == end
      return TextEdit(end..<end, (isAtStart ? "" : source.lineBreak) + text, in: source)
    }
    var start = source.lineStart(first)
    while start > 0 {
      let above = source.lineStart(source.lineBreakStart(before: start))
      guard above < start, source.byte(source.skipBlanks(above)) == UInt8(ascii: "#") else { break }
      start = above
    }
    return TextEdit(start..<start, text + source.lineBreak + source.lineBreak, in: source)
  }

  // MARK: Removing

  func remove(_ node: DocumentNode) -> [TextEdit]? {
    guard let parent = node.parent else { return nil }
    let isOnlyChild = parent.children.dropFirst().first { _ in true } == nil
    if isOnlyChild {
      // The table or the array would go with it.
      let form = layout.form(of: parent)
      if form == .path || form == .arrayOfTables { return nil }
    }
    guard layout.form(of: node) == .value else { return removeTables(node) }
    if parent.kind == .sequence {
      return removal(of: node, from: parent, parent.children.map { ($0, $0.span.bytes) })
    }
    if let table = layout.inlineTable(around: parent) {
      return removal(of: node, from: table, layout.statements(in: table))
    }
    return [TextEdit(layout.lines(of: layout.statement(of: node)), "", in: source)]
  }

  private func removal(
    of node: DocumentNode, from collection: DocumentNode,
    _ items: [(entry: DocumentNode, bytes: Range<Int>)]
  ) -> [TextEdit]? {
    let list = BracketItems(
      source: source, bytes: collection.span.bytes, items: items.map(\.bytes))
    return items.firstIndex { $0.entry == node }.map(list.removal)
  }

  /// Removes a table that has lines of its own, with all tables below it.
  private func removeTables(_ node: DocumentNode) -> [TextEdit]? {
    guard layout.inlineTable(around: node) == nil else { return nil }
    var edits: [TextEdit] = []
    var pending = [node]
    while let next = pending.popLast() {
      switch layout.form(of: next) {
      case .value:
        edits.append(TextEdit(layout.lines(of: layout.statement(of: next)), "", in: source))
      case .table:
        let lines = layout.lines(of: next.span.bytes)
        edits.append(
          TextEdit(source.lineStart(lines.lowerBound)..<lines.upperBound, "", in: source))
        // The others stand within its lines.
        pending += next.children.filter { $0.start >= next.span.bytes.upperBound }
      case .path, .arrayOfTables: pending += next.children
      }
    }
    // A table of a path may have a header further down, of which the tree knows nothing.
    return isGone(node, after: edits) ? edits : nil
  }

  private func isGone(_ node: DocumentNode, after edits: [TextEdit]) -> Bool {
    let fix = Fix(title: "", safety: .safe, edits: edits)
    let (bytes, applied) = source.applying([fix])
    guard !applied.isEmpty, let parent = node.parent,
      let changed = try? TOMLReader.read(SourceFile(id: source.id, path: "", bytes: bytes)),
      let now = changed.root.descendant(like: parent)
    else { return false }
    return node.key.map { now[$0] == nil }
      ?? (now.children.count { _ in true } + 1 == parent.children.count { _ in true })
  }

  // MARK: Renaming

  /// Tables are renamed only where their name stands once.
  func rename(_ node: DocumentNode, to key: String) -> [TextEdit]? {
    guard let keySpan = node.keySpan, let parent = node.parent, parent[key] == nil else {
      return nil
    }
    switch layout.form(of: node) {
    case .value: break
    case .table:
      let isPart = node.children.allSatisfy { $0.start < node.span.bytes.upperBound }
      guard isPart, source.byte(node.span.bytes.lowerBound + 1) != UInt8(ascii: "[") else {
        return nil
      }
    case .path:
      let isSingle = layout.entries(of: node).count == 1
      guard isSingle, layout.inlineTable(around: node) != nil || !layout.isInHeader(node) else {
        return nil
      }
    case .arrayOfTables: return nil
    }
    return [TextEdit(keySpan, TOMLText.key(key))]
  }
}

extension DocumentNode {
  /// Where the line of a header begins that first names this child of the root.
  fileprivate var headerStart: Int { min(start, span.bytes.lowerBound) }

  /// The node of this document at the place of one of another.
  fileprivate func descendant(like other: DocumentNode) -> DocumentNode? {
    guard let parent = other.parent else { return self }
    guard let above = descendant(like: parent) else { return nil }
    if let key = other.key { return above[key] }
    let place = parent.children.prefix { $0 != other }.count
    return above.children.dropFirst(place).first { _ in true }
  }
}

extension SourceFile {
  /// Where the line break begins that ends here.
  fileprivate func lineBreakStart(before offset: Int) -> Int {
    let isPair = offset > 1 && bytes[offset - 1] == 0x0A && bytes[offset - 2] == 0x0D
    return offset - (isPair ? 2 : 1)
  }
}
