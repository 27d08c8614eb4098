/// Changes of a YAML document, in block and in flow style.
struct YAMLEditor: DocumentEditor {
  let document: Document
  let source: SourceFile
  let layout: YAMLLayout

  init(_ document: Document) {
    self.document = document
    source = document.source
    layout = YAMLLayout(document)
  }

  // MARK: Replacing

  func replace(_ node: DocumentNode, with value: EditValue) -> [TextEdit]? {
    let gap = layout.gap(before: node)
    guard !layout.isShared(node), !node.hasComment, let literal = literal(value, replacing: node),
      // A tag decides what the new value is as well.
      !source.bytes[gap].contains(UInt8(ascii: "!"))
    else { return nil }
    let bytes = node.span.bytes
    if bytes.isEmpty {
      let before = source.byte(bytes.lowerBound - 1)
      guard before == UInt8(ascii: ":") || before == UInt8(ascii: "-") else { return nil }
      return [TextEdit(bytes, " " + literal, in: source)]
    }
    if layout.isBlockScalar(node) {
      // The line of its `|` may hold a comment.
      let head = source.bytes[bytes.lowerBound..<source.lineEnd(bytes.lowerBound)]
      return head.contains(UInt8(ascii: "#")) ? nil : [TextEdit(bytes, literal, in: source)]
    }
    guard node.isCollection, !layout.hasBracket(node), !layout.isInFlow(node) else {
      return [TextEdit(bytes, literal, in: source)]
    }
    return replaceBlock(node, with: literal)
  }

  /// Replaces a block collection, which may begin in the line after its key.
  func replaceBlock(_ node: DocumentNode, with literal: String) -> [TextEdit]? {
    let bytes = node.span.bytes
    let gap = layout.gap(before: node)
    if layout.colonEnd(of: node) != nil {
      let isBlank = source.bytes[gap].allSatisfy { $0 <= 0x20 }
      return isBlank
        ? [TextEdit(gap.lowerBound..<bytes.upperBound, " " + literal, in: source)] : nil
    }
    return node.keySpan == nil ? [TextEdit(bytes, literal, in: source)] : nil
  }

  private func literal(_ value: EditValue, replacing node: DocumentNode) -> String? {
    let text = node.isCollection ? "" : node.sourceText
    let first = text.utf8.first ?? 0
    let isQuoted = first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
    let isFloat = text.utf8.contains { ".eE".utf8.contains($0) } && Number.parse(text) != nil
    return YAMLText(
      quote: isQuoted ? first : nil, isInFlow: layout.isInFlow(node), isFloat: isFloat
    ).literal(value)
  }

  // MARK: Adding

  func insert(key: String, _ value: EditValue, into mapping: DocumentNode) -> [TextEdit]? {
    guard mapping.kind == .mapping, !layout.isShared(mapping), mapping.ownEntry(key) == nil,
      !layout.hasOddLineBreaks
    else { return nil }
    let last = Array(mapping.children).last
    if layout.hasBracket(mapping) { return insertInFlow(key, value, mapping, after: last) }
    guard let last, !layout.isInFlow(mapping), let start = layout.start(of: last),
      endsCleanly(layout.lastLeaf(of: last)),
      let literal = YAMLText(quote: nil, isInFlow: false).literal(value)
    else { return nil }
    let end = source.lineEnd(layout.end(of: last))
    let indentation = String(repeating: " ", count: start - source.lineStart(start))
    let name = YAMLText(quote: nil, isInFlow: false).text(key)
    return [
      TextEdit(end..<end, "\(source.lineBreak)\(indentation)\(name): \(literal)", in: source)
    ]
  }

  private func insertInFlow(
    _ key: String, _ value: EditValue, _ mapping: DocumentNode, after last: DocumentNode?
  ) -> [TextEdit]? {
    let quote = last?.keySpan.map { source.byte($0.bytes.lowerBound) }.flatMap {
      $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") ? $0 : nil
    }
    let name = YAMLText(quote: quote, isInFlow: true).text(key)
    guard let literal = YAMLText(quote: nil, isInFlow: true).literal(value) else { return nil }
    let bytes = mapping.span.bytes
    guard let last else {
      let inner = (bytes.lowerBound + 1)..<(bytes.upperBound - 1)
      let isBlank = source.bytes[inner].allSatisfy { $0 <= 0x20 }
      return isBlank ? [TextEdit(inner, "\(name): \(literal)", in: source)] : nil
    }
    guard !last.span.bytes.isEmpty else { return nil }
    let blanks = source.blanks(before: last.start)
    let end = last.span.bytes.upperBound
    return [
      TextEdit(end..<end, ",\(blanks.isEmpty ? " " : blanks)\(name): \(literal)", in: source)
    ]
  }

  /// Whether a line below changes nothing of it: a block that keeps its last line breaks, or whose
  /// line break is missing, would change.
  private func endsCleanly(_ leaf: DocumentNode) -> Bool {
    guard layout.isBlockScalar(leaf) else { return true }
    let bytes = leaf.span.bytes
    let head = source.bytes[bytes.lowerBound..<source.lineEnd(bytes.lowerBound)]
    return !head.contains(UInt8(ascii: "+"))
      && (source.lineEnd(bytes.upperBound) < source.bytes.count
        || head.contains(UInt8(ascii: "-")))
  }

  // MARK: Renaming

  func rename(_ node: DocumentNode, to key: String) -> [TextEdit]? {
    guard let keySpan = node.keySpan, let parent = node.parent, parent.ownEntry(key) == nil,
      !layout.isShared(parent), !node.isMergeKey, layout.colonEnd(of: node) != nil
    else { return nil }
    let first = source.byte(keySpan.bytes.lowerBound)
    let isQuoted = first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
    let isInFlow = layout.hasBracket(parent) || layout.isInFlow(parent)
    if first == UInt8(ascii: "*") || !isInFlow && layout.start(of: node) != keySpan.bytes.lowerBound
    {
      return nil
    }
    if layout.hasAliases, isInFlow { return nil }
    let text = YAMLText(quote: isQuoted ? first : nil, isInFlow: isInFlow).text(key)
    return [TextEdit(keySpan, text)]
  }
}
