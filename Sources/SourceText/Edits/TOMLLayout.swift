/// How a node of a TOML document is written.
enum TOMLForm {
  /// Behind its `=` or between commas: scalars, arrays, inline tables.
  case value
  /// The root, the table of `[a]`, one of `[[a]]`.
  case table
  /// All of `[[a]]`.
  case arrayOfTables
  /// A table that only longer paths name: `a` of `[a.b]` and of `a.b = 1`.
  case path
}

/// Where the entries of a TOML document stand.
struct TOMLLayout {
  let source: SourceFile

  func form(of node: DocumentNode) -> TOMLForm {
    switch node.kind {
    case .mapping:
      if node.parent == nil { return .table }
      if source.byte(node.span.bytes.lowerBound) == UInt8(ascii: "{") { return .value }
      return node.keySpan == node.span ? .path : .table
    case .sequence:
      let first = node.children.first { _ in true }
      return first.map { $0.kind == .mapping && form(of: $0) == .table } == true
        ? .arrayOfTables : .value
    default: return .value
    }
  }

  /// The inline table that a table made by a path, or an entry, stands in, itself included.
  func inlineTable(around node: DocumentNode) -> DocumentNode? {
    var table = node
    while form(of: table) == .path, let parent = table.parent { table = parent }
    return table.kind == .mapping && form(of: table) == .value ? table : nil
  }

  /// The entries of a table with values, in the order of the file: its own and those of the tables
  /// that dotted keys make below it.
  func entries(of table: DocumentNode) -> [DocumentNode] {
    let isInline = inlineTable(around: table) != nil
    var found: [DocumentNode] = []
    var pending = Array(table.children)
    while let node = pending.popLast() {
      switch form(of: node) {
      case .value: found.append(node)
      case .path where isInline || !isInHeader(node): pending += node.children
      default: continue
      }
    }
    return found.sorted { $0.start < $1.start }
  }

  /// Whether the key of a table made by a path first stands in a header.
  func isInHeader(_ node: DocumentNode) -> Bool {
    source.byte(source.skipBlanks(source.lineStart(node.start))) == UInt8(ascii: "[")
  }

  /// The bytes of an entry of a table that has lines, with its whole path: `a.b = 1`.
  func statement(of entry: DocumentNode) -> Range<Int> {
    source.skipBlanks(source.lineStart(entry.start))..<entry.span.bytes.upperBound
  }

  /// The same of all entries of an inline table, in the order of the file.
  func statements(in inlineTable: DocumentNode) -> [(entry: DocumentNode, bytes: Range<Int>)] {
    var start = inlineTable.span.bytes.lowerBound + 1
    return entries(of: inlineTable).map { entry in
      defer { start = source.skipBlanks(entry.span.bytes.upperBound) + 1 }
      return (entry, source.skipBlanks(start)..<entry.span.bytes.upperBound)
    }
  }

  /// What stands before the last key of an entry in a table: nothing, or `a.` where a path makes it.
  func prefix(in table: DocumentNode) -> String {
    guard form(of: table) == .path else { return "" }
    let inline = inlineTable(around: table)
    let child = table.children.first {
      form(of: $0) == .value || inline != nil || !isInHeader($0)
    }
    guard let child, let entry = form(of: child) == .value ? child : entries(of: child).first
    else { return "" }
    let bytes =
      inline.flatMap { statements(in: $0).first { $0.entry == entry }?.bytes }
      ?? statement(of: entry)
    return source.text(of: bytes.lowerBound..<max(child.start, bytes.lowerBound))
  }

  /// The lines of an entry or a table: whole, unless a comment follows that is not within.
  func lines(of bytes: Range<Int>) -> Range<Int> {
    let start = source.lineStart(bytes.lowerBound)
    let end = source.skipBlanks(bytes.upperBound)
    return end == source.lineEnd(end) ? start..<source.nextLine(end) : bytes.lowerBound..<end
  }
}
