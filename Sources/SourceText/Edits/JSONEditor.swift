/// Changes of a JSON document.
struct JSONEditor: DocumentEditor {
  let source: SourceFile

  init(_ document: Document) { source = document.source }

  func replace(_ node: DocumentNode, with value: EditValue) -> [TextEdit]? {
    [TextEdit(node.span, JSONText.literal(value))]
  }

  /// Adds an entry after the last one, indented like it.
  func insert(key: String, _ value: EditValue, into mapping: DocumentNode) -> [TextEdit]? {
    guard mapping.kind == .mapping, mapping[key] == nil else { return nil }
    let entry = "\(JSONText.quoted(key)): \(JSONText.literal(value))"
    guard let last = Array(mapping.children).last, let keySpan = last.keySpan else {
      let inner = (mapping.span.bytes.lowerBound + 1)..<(mapping.span.bytes.upperBound - 1)
      return [TextEdit(inner, entry, in: source)]
    }
    let end = last.span.bytes.upperBound
    let blanks = source.blanks(before: keySpan.bytes.lowerBound)
    return [TextEdit(end..<end, "," + (blanks.isEmpty ? " " : blanks) + entry, in: source)]
  }

  /// Removes an entry or an element with its comma and the blanks before it.
  func remove(_ node: DocumentNode) -> [TextEdit]? {
    guard let parent = node.parent else { return nil }
    let siblings = Array(parent.children)
    guard let place = siblings.firstIndex(of: node) else { return nil }
    let end = node.span.bytes.upperBound
    if place > 0 {
      // From the end of the one before, so that its comma goes and ours stays.
      return [TextEdit(siblings[place - 1].span.bytes.upperBound..<end, "", in: source)]
    }
    let next = place + 1 < siblings.count ? siblings[place + 1].start : end
    return [TextEdit(node.start..<next, "", in: source)]
  }

  func rename(_ node: DocumentNode, to key: String) -> [TextEdit]? {
    node.keySpan.map { [TextEdit($0, JSONText.quoted(key))] }
  }
}

extension JSONText {
  static func literal(_ value: EditValue) -> String {
    switch value {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let number): Number.literal(number)
    case .numeral(let digits):
      isNumber(digits) ? digits : Number.parse(digits).map(Number.literal) ?? quoted(digits)
    case .text(let text): quoted(text)
    case .list(let values): "[" + values.map(literal).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\(quoted($0.key)): \(literal($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  private static func isNumber(_ text: String) -> Bool {
    let document = try? JSONReader.read(SourceFile(path: "", text: text), dialect: .python)
    return document?.root.kind == .integer || document?.root.kind == .float
  }
}
