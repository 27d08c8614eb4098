/// Changes of a JSON document as text edits that leave everything else byte for byte.
public struct JSONEditor: Sendable {
  private let document: Document

  public init(_ document: Document) { self.document = document }

  /// Replaces a value.
  public func replace(_ node: DocumentNode, with literal: String) -> [TextEdit] {
    [TextEdit(node.span, literal)]
  }

  /// Adds an entry after the last one, indented like it.
  public func insert(key: String, literal: String, into mapping: DocumentNode) -> [TextEdit]? {
    guard mapping.kind == .mapping, mapping[key] == nil else { return nil }
    let entry = "\(JSONText.quoted(key)): \(literal)"
    guard let last = Array(mapping.children).last, let keySpan = last.keySpan else {
      let inner = (mapping.span.bytes.lowerBound + 1)..<(mapping.span.bytes.upperBound - 1)
      return [TextEdit(SourceSpan(inner, in: document.source.id), entry)]
    }
    let end = last.span.bytes.upperBound
    let separator = "," + whitespace(before: keySpan.bytes.lowerBound)
    return [TextEdit(SourceSpan(end..<end, in: document.source.id), separator + entry)]
  }

  /// Removes an entry with its comma and the blanks before it.
  public func remove(_ node: DocumentNode) -> [TextEdit]? {
    guard let keySpan = node.keySpan, let parent = node.parent else { return nil }
    let siblings = Array(parent.children)
    guard let place = siblings.firstIndex(of: node) else { return nil }
    let end = node.span.bytes.upperBound
    if place > 0 {
      // From the end of the one before, so that its comma goes and ours stays.
      let start = siblings[place - 1].span.bytes.upperBound
      return [TextEdit(SourceSpan(start..<end, in: document.source.id), "")]
    }
    if place + 1 < siblings.count, let next = siblings[place + 1].keySpan {
      let range = keySpan.bytes.lowerBound..<next.bytes.lowerBound
      return [TextEdit(SourceSpan(range, in: document.source.id), "")]
    }
    return [TextEdit(SourceSpan(keySpan.bytes.lowerBound..<end, in: document.source.id), "")]
  }

  /// Renames a key.
  public func rename(_ node: DocumentNode, to key: String) -> [TextEdit]? {
    node.keySpan.map { [TextEdit($0, JSONText.quoted(key))] }
  }

  private func whitespace(before offset: Int) -> String {
    let bytes = document.source.bytes
    var start = offset
    while start > 0, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[start - 1]) { start -= 1 }
    let blanks = document.source.text(of: start..<offset)
    return blanks.isEmpty ? " " : blanks
  }
}
