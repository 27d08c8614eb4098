/// Removing options and words, and the blanks and joiners between them.
extension ArgumentsEditor {
  func remove(_ node: DocumentNode) -> [TextEdit]? {
    guard let parent = node.parent, parent.parent?.parent != nil else { return nil }
    // A single value goes with its option only.
    if parent.kind == .sequence, parent.children.dropFirst().first(where: { _ in true }) == nil {
      return nil
    }
    guard !isBeforeFreeWord(node) else { return nil }
    let start = wordStart(node)
    var end = max(node.span.bytes.upperBound, node.keySpan?.bytes.upperBound ?? 0)
    if start != (node.keySpan ?? node.span).bytes.lowerBound { end += 1 }
    if node.keySpan == nil, beginsUnjoinedLine(start) { return nil }
    let line = source.lineStart(start)
    let rest = restOfLine(end)
    let isFirst = source.isBlank(line..<start)
    if isFirst, rest < source.lineEnd(rest) {
      // What comes next takes the place, so that no comment before can swallow it.
      return [TextEdit(start..<rest, "", in: source)]
    }
    let before = separator(before: start)
    guard let before else {
      // A comment is before it: its line goes, with the joiner.
      return isFirst ? [TextEdit(line..<source.nextLine(end), "", in: source)] : nil
    }
    return [TextEdit((start - before.utf8.count)..<end, "", in: source)]
  }

  /// Whether a line begins here that belongs to the command only for how it begins.
  func beginsUnjoinedLine(_ start: Int) -> Bool {
    let line = source.lineStart(start)
    guard line > 0, source.isBlank(line..<start) else { return false }
    let before = source.bytes[..<line].last { $0 > 0x20 }
    return before != shell.dialect.joiner
  }

  /// Whether a word follows an option that is not its value, and would be that of another without it.
  func isBeforeFreeWord(_ node: DocumentNode) -> Bool {
    guard let mapping = node.parent, mapping.kind == .mapping, let words = mapping.parent?["words"]
    else { return false }
    let next = mapping.children.first { $0.start > node.start }?.start ?? Int.max
    return words.children.contains { $0.start > node.start && $0.start < next }
  }

  /// Where the word of an option begins, with the quote that may be around it.
  func wordStart(_ node: DocumentNode) -> Int {
    guard let key = node.keySpan?.bytes, node.parent?.kind == .mapping else {
      return node.span.bytes.lowerBound
    }
    let before = source.byte(key.lowerBound - 1)
    let isQuote = before == UInt8(ascii: "\"") || before == UInt8(ascii: "'")
    return isQuote ? key.lowerBound - 1 : key.lowerBound
  }

  /// Behind the blanks and the joiner that end a line here, or the next word in it.
  private func restOfLine(_ end: Int) -> Int {
    let next = source.skipBlanks(end)
    guard source.byte(next) == shell.dialect.joiner else { return next }
    let behind = source.skipBlanks(next + 1)
    return behind == source.lineEnd(behind) ? behind : next
  }

  /// The blanks before a word, with line breaks and what joins the lines.
  /// - Returns: Nil where a comment is among them.
  func separator(before start: Int) -> String? {
    var offset = start
    while true {
      let line = source.lineStart(offset)
      while offset > line, SourceFile.isBlank(source.bytes[offset - 1]) { offset -= 1 }
      guard offset == line, offset > 0 else { break }
      // The line before, without its joiner.
      offset -= source.byte(offset - 1) == 0x0A && source.byte(offset - 2) == 0x0D ? 2 : 1
      let above = source.lineStart(offset)
      if source.byte(source.skipBlanks(above)) == UInt8(ascii: "#") { return nil }
      while offset > above, SourceFile.isBlank(source.bytes[offset - 1]) { offset -= 1 }
      if offset > above, source.bytes[offset - 1] == shell.dialect.joiner { offset -= 1 }
    }
    return source.text(of: offset..<start)
  }
}
