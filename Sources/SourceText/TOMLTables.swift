/// The name of an entry in a table, compared byte for byte: TOML takes `é` and `e` with an accent
/// for two keys, a `String` takes them for one.
struct EntryName: Hashable {
  var table: Int32
  var key: String

  static func == (left: EntryName, right: EntryName) -> Bool {
    left.table == right.table && left.key.utf8.elementsEqual(right.key.utf8)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(table)
    var key = key
    key.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// How a table came to be, which decides who may add to it later. What is written in braces or
/// brackets is closed and has none.
struct TableOrigin {
  enum Kind {
    /// `[a]`
    case header
    /// `a` in `[a.b]`: may get a header yet.
    case superTable
    /// `a` in `a.b = 1`: takes more dotted keys, and tables below it, but no header.
    case dottedKey
    /// The sequence of `[[a]]`.
    case arrayOfTables
  }

  var kind: Kind
  /// Where its key stands that made it so.
  var offset: Int
}

/// The table that a header has opened, or the root.
struct OpenTable {
  var index: Int32
  /// The number of collections it is in, itself included.
  var depth: Int
  /// What grows with every entry: the table itself, if its span begins at its header, and the array
  /// of tables that it is an element of.
  var growing: [Int32] = []
}

/// Keys, headers, and who may define what: "Keys", "Table" and "Array of Tables" of the
/// specification.
extension TOMLReader {
  /// The part of a dotted key or a header that has been read, and the table it has led to.
  private struct Path {
    var start: Int
    var table: Int32
    var depth: Int
  }

  /// Reads `key =` or `a.b.key =`, makes the tables on the way, and moves to the value.
  mutating func readEntryKey(
    _ cursor: inout TOMLCursor, in table: Int32, depth: Int
  ) throws(SyntaxError) -> Slot {
    var path = Path(start: cursor.offset, table: table, depth: depth)
    let key = try readPath(&cursor, &path, making: .dottedKey)
    // The value is the next node that is added.
    let name = EntryName(table: path.table, key: key.text)
    if let earlier = entries.updateValue(Int32(builder.records.count), forKey: name) {
      let bytes = path.start..<key.bytes.upperBound
      throw SyntaxError(
        "\(cursor.quoted(bytes)) is already set \(line(ofEntry: earlier))", at: bytes)
    }
    guard cursor.byte == UInt8(ascii: "=") else { throw cursor.unexpected("'=' after the key") }
    cursor.offset += 1
    cursor.skipBlanks()
    return Slot(parent: path.table, key: key.forBuilder, depth: path.depth)
  }

  /// Reads `[a.b]` or `[[a.b]]` and opens its table.
  mutating func readHeader(_ cursor: inout TOMLCursor) throws(SyntaxError) {
    let start = cursor.offset
    let isArray = cursor.peek(1) == UInt8(ascii: "[")
    cursor.offset += isArray ? 2 : 1
    cursor.skipBlanks()
    var path = Path(start: cursor.offset, table: 0, depth: 1)
    let key = try readPath(&cursor, &path, making: .superTable)
    guard cursor.byte == UInt8(ascii: "]"), !isArray || cursor.peek(1) == UInt8(ascii: "]") else {
      throw cursor.unexpected("'\(isArray ? "]]" : "]")' after the table's name")
    }
    cursor.offset += isArray ? 2 : 1
    let header = start..<cursor.offset
    let written = path.start..<key.bytes.upperBound
    try checkDepth(path.depth + (isArray ? 2 : 1), at: written)
    let existing = entries[EntryName(table: path.table, key: key.text)]
    if isArray {
      try appendTable(key, in: path, header, existing, cursor.quoted(written), at: written)
    } else {
      try defineTable(key, in: path, header, existing, cursor.quoted(written), at: written)
    }
  }

  /// Moves the end of the open table behind an entry.
  mutating func extendTable(to end: Int) {
    for index in table.growing { builder.close(index, end: end) }
  }

  /// Reads keys with dots between them and goes into all but the last.
  private mutating func readPath(
    _ cursor: inout TOMLCursor, _ path: inout Path, making kind: TableOrigin.Kind
  ) throws(SyntaxError) -> TOMLCursor.Key {
    while true {
      let key = try cursor.readKey(inHeader: kind == .superTable)
      cursor.skipBlanks()
      guard cursor.byte == UInt8(ascii: ".") else { return key }
      try descend(&path, into: key, making: kind, cursor)
      cursor.offset += 1
      cursor.skipBlanks()
    }
  }

  /// Goes from a table into one below it, which is made if need be.
  private mutating func descend(
    _ path: inout Path, into key: TOMLCursor.Key, making kind: TableOrigin.Kind,
    _ cursor: TOMLCursor
  ) throws(SyntaxError) {
    let written = path.start..<key.bytes.upperBound
    path.depth += 1
    try checkDepth(path.depth, at: written)
    let name = EntryName(table: path.table, key: key.text)
    guard let existing = entries[name] else {
      path.table = builder.add(.mapping, key.bytes, key: key.forBuilder, to: path.table)
      entries[name] = path.table
      origins[path.table] = TableOrigin(kind: kind, offset: key.bytes.lowerBound)
      return
    }
    guard let origin = origins[existing] else {
      throw closed(existing, cursor.quoted(written), at: written)
    }
    switch (kind, origin.kind) {
    case (.superTable, .arrayOfTables):
      path.table = builder.records[Int(existing)].lastChild
      path.depth += 1
    case (.superTable, _), (_, .dottedKey):
      path.table = existing
    case (_, .superTable):
      origins[existing] = TableOrigin(kind: .dottedKey, offset: key.bytes.lowerBound)
      path.table = existing
    case (_, .header), (_, .arrayOfTables):
      throw SyntaxError(
        "\(cursor.quoted(written)) has a header of its own \(line(of: origin.offset)): "
          + "set its keys there", at: written)
    }
  }

  /// `[a]`: a new table, or one that only longer paths have named so far.
  private mutating func defineTable(
    _ key: TOMLCursor.Key, in path: Path, _ header: Range<Int>, _ existing: Int32?,
    _ name: String, at written: Range<Int>
  ) throws(SyntaxError) {
    guard let existing else {
      let index = builder.add(.mapping, header, key: key.forBuilder, to: path.table)
      entries[EntryName(table: path.table, key: key.text)] = index
      origins[index] = TableOrigin(kind: .header, offset: header.lowerBound)
      table = OpenTable(index: index, depth: path.depth + 1, growing: [index])
      return
    }
    guard let origin = origins[existing] else { throw closed(existing, name, at: written) }
    guard origin.kind == .superTable else {
      throw redefined(origin, name, at: written)
    }
    origins[existing] = TableOrigin(kind: .header, offset: header.lowerBound)
    table = OpenTable(index: existing, depth: path.depth + 1)
  }

  /// `[[a]]`: one more element, of a new array or of one that was begun in the same way.
  private mutating func appendTable(
    _ key: TOMLCursor.Key, in path: Path, _ header: Range<Int>, _ existing: Int32?,
    _ name: String, at written: Range<Int>
  ) throws(SyntaxError) {
    let sequence: Int32
    if let existing {
      guard let origin = origins[existing] else { throw closed(existing, name, at: written) }
      guard origin.kind == .arrayOfTables else {
        throw SyntaxError(
          "\(name) is a single table \(line(of: origin.offset)): [[ ]] cannot add to it",
          at: written)
      }
      sequence = existing
    } else {
      sequence = builder.add(.sequence, header, key: key.forBuilder, to: path.table)
      entries[EntryName(table: path.table, key: key.text)] = sequence
      origins[sequence] = TableOrigin(kind: .arrayOfTables, offset: header.lowerBound)
    }
    let index = builder.add(.mapping, header, to: sequence)
    builder.close(sequence, end: header.upperBound)
    table = OpenTable(index: index, depth: path.depth + 2, growing: [index, sequence])
  }

  /// The error of a header whose table is there already.
  private func redefined(
    _ origin: TableOrigin, _ name: String, at written: Range<Int>
  ) -> SyntaxError {
    let line = line(of: origin.offset)
    let message =
      switch origin.kind {
      case .dottedKey: "\(name) is made by the dotted keys \(line): it takes no header as well"
      case .arrayOfTables: "\(name) is an array of tables \(line): write [[ ]] here too"
      case .header, .superTable: "\(name) has a header already \(line): put its keys there"
      }
    return SyntaxError(message, at: written)
  }

  /// The error of a path that leads into a value.
  private func closed(_ index: Int32, _ name: String, at written: Range<Int>) -> SyntaxError {
    let line = line(ofEntry: index)
    let message =
      switch builder.records[Int(index)].kind {
      case .mapping: "\(name) is written in braces \(line): put its keys between them"
      case .sequence: "\(name) is an array in brackets \(line): put its elements between them"
      default: "\(name) is a value \(line): it cannot be a table as well"
      }
    return SyntaxError(message, at: written)
  }

  private func line(ofEntry entry: Int32) -> String {
    line(of: Int(builder.records[Int(entry)].keyStart))
  }

  /// For messages; counts from the start of the file.
  private func line(of offset: Int) -> String {
    "in line \(source.bytes.prefix(offset).reduce(1) { $1 == 0x0A ? $0 + 1 : $0 })"
  }
}
