/// Reads TOML 1.0 and keeps the place of every key and value.
///
/// Takes what the specification takes and refuses what it refuses (https://toml.io/en/v1.0.0), with
/// two freedoms it grants: integers may be of any size, since they stay text, and line breaks in
/// texts of several lines are read as LF.
///
/// Tables are written in pieces, so their spans need a word:
///
/// - The root is the whole file.
/// - `[a.b]`: from the header's bracket to the end of the last entry under it. Tables below it have
///   headers of their own and are not within.
/// - `[[a]]`: each element as above; the sequence from its first header to the end of the last
///   entry of its last element.
/// - A table that only a longer path makes, as `a` in `[a.b]` and in `a.b = 1`: the part of the
///   path that first names it, even if a header `[a]` follows.
///
/// All other values lie within the collection they are in. Numbers, dates and times stay as they
/// are written: `1_000`, `0xFF` and `+1` are left to whoever asks for the number.
///
/// Iterative: no depth of nesting can exhaust the stack.
public struct TOMLReader: Sendable {
  /// How many collections may stand within one another, the root included.
  static let maximumDepth = JSONReader.maximumDepth

  let source: SourceFile
  var builder: DocumentBuilder
  /// Every entry of every table, to find the one a path means and the one a key repeats.
  var entries: [EntryName: Int32] = [:]
  /// How the tables and the arrays of tables came to be that a path may still pass through.
  var origins: [Int32: TableOrigin] = [:]
  /// The table whose entries are being read.
  var table = OpenTable(index: 0, depth: 1)

  /// - Throws: A ``SyntaxError`` with the place of the first thing that is not TOML.
  public static func read(_ source: SourceFile) throws(SyntaxError) -> Document {
    try Encoding.check(source)
    var reader = TOMLReader(source)
    // Typed throws do not pass through `withUnsafeBufferPointer`.
    let failure: SyntaxError? = source.bytes.withUnsafeBufferPointer { bytes in
      do throws(SyntaxError) {
        var cursor = TOMLCursor(bytes)
        if source.hasByteOrderMark { cursor.offset = 3 }
        try reader.readDocument(&cursor)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
    return reader.builder.finish(source, .toml)
  }

  private init(_ source: SourceFile) {
    self.source = source
    builder = DocumentBuilder(expectedNodes: min(source.bytes.count / 16 + 8, 1 << 20))
    builder.add(.mapping, 0..<source.bytes.count, to: nil)
  }

  private mutating func readDocument(_ cursor: inout TOMLCursor) throws(SyntaxError) {
    while true {
      try cursor.skipBlankLines()
      if cursor.isAtEnd { return }
      if cursor.byte == UInt8(ascii: "[") {
        try readHeader(&cursor)
      } else {
        let slot = try readEntryKey(&cursor, in: table.index, depth: table.depth)
        try readValue(&cursor, into: slot)
        extendTable(to: cursor.offset)
      }
      try cursor.finishLine()
    }
  }

  /// Where a value is to be put.
  struct Slot {
    var parent: Int32
    var key: DocumentBuilder.Key?
    /// How many collections are around the value.
    var depth: Int
  }

  /// Reads one value and everything within it.
  private mutating func readValue(
    _ cursor: inout TOMLCursor, into first: Slot
  ) throws(SyntaxError) {
    var open: [OpenCollection] = []
    var slot = first
    while true {
      let start = cursor.offset
      let isOpening = cursor.byte == UInt8(ascii: "[") || cursor.byte == UInt8(ascii: "{")
      if isOpening {
        let isMapping = cursor.byte == UInt8(ascii: "{")
        cursor.offset += 1
        try checkDepth(slot.depth + 1, at: start..<cursor.offset)
        let index = builder.add(
          isMapping ? .mapping : .sequence, start..<cursor.offset, key: slot.key, to: slot.parent)
        open.append(OpenCollection(index: index, isMapping: isMapping, depth: slot.depth + 1))
      } else {
        let scalar = try cursor.readScalar()
        builder.add(
          scalar.kind, start..<cursor.offset, text: scalar.text, key: slot.key, to: slot.parent)
      }
      guard let next = try nextSlot(&cursor, in: &open, isOpening: isOpening) else { return }
      slot = next
    }
  }

  /// An inline table or an array whose end has not been read.
  private struct OpenCollection {
    var index: Int32
    var isMapping: Bool
    var depth: Int
  }

  /// Moves to the next value in the brackets that are open, closing those that end before it.
  /// - Returns: Nil when all are closed.
  private mutating func nextSlot(
    _ cursor: inout TOMLCursor, in open: inout [OpenCollection], isOpening: Bool
  ) throws(SyntaxError) -> Slot? {
    var isFirst = isOpening
    while let top = open.last {
      let bracket = UInt8(ascii: top.isMapping ? "}" : "]")
      try skipSpace(&cursor, in: top)
      let comma = cursor.offset
      if !isFirst, cursor.byte == UInt8(ascii: ",") {
        cursor.offset += 1
        try skipSpace(&cursor, in: top)
        if top.isMapping, cursor.byte == bracket {
          throw SyntaxError(
            "a comma before the closing brace: TOML takes none there", at: comma..<(comma + 1))
        }
      } else if !isFirst, cursor.byte != bracket {
        throw unexpected(cursor, in: top)
      }
      guard cursor.byte == bracket else {
        if top.isMapping { return try readEntryKey(&cursor, in: top.index, depth: top.depth) }
        if cursor.isAtEnd { throw unexpected(cursor, in: top) }
        return Slot(parent: top.index, key: nil, depth: top.depth)
      }
      cursor.offset += 1
      builder.close(top.index, end: cursor.offset)
      open.removeLast()
      isFirst = false
    }
    return nil
  }

  /// Arrays may spread over lines and hold comments, inline tables may not.
  private func skipSpace(
    _ cursor: inout TOMLCursor, in collection: OpenCollection
  ) throws(SyntaxError) {
    guard collection.isMapping else { return try cursor.skipBlankLines() }
    cursor.skipBlanks()
    guard cursor.isAtLineEnd else { return }
    if cursor.isAtEnd { throw unexpected(cursor, in: collection) }
    let start = Int(builder.records[Int(collection.index)].start)
    throw SyntaxError(
      "this '{' is not closed in its line: an inline table takes no line breaks and no comments",
      at: start..<(start + 1))
  }

  private func unexpected(_ cursor: TOMLCursor, in collection: OpenCollection) -> SyntaxError {
    guard cursor.isAtEnd else {
      return cursor.unexpected("a comma or '\(collection.isMapping ? "}" : "]")'")
    }
    let start = Int(builder.records[Int(collection.index)].start)
    return SyntaxError(
      "the file ends before this '\(collection.isMapping ? "{" : "[")' is closed",
      at: start..<(start + 1))
  }

  func checkDepth(_ depth: Int, at bytes: Range<Int>) throws(SyntaxError) {
    guard depth <= Self.maximumDepth else {
      throw SyntaxError(
        "nested more than \(Self.maximumDepth) levels deep: not a config", at: bytes)
    }
  }
}
