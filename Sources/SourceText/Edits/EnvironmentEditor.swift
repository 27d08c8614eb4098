/// Changes of a file of environment variables.
struct EnvironmentEditor: DocumentEditor {
  private let document: Document
  private let source: SourceFile

  init(_ document: Document) {
    self.document = document
    source = document.source
  }

  func replace(_ node: DocumentNode, with value: EditValue) -> [TextEdit]? {
    guard node.parent != nil, let text = Self.text(value) else { return nil }
    let first = source.byte(node.span.bytes.lowerBound)
    let isQuoted = node.kind == .string && "\"'".utf8.contains(first)
    let literal = Self.literal(text, quote: isQuoted ? first : nil, isAppending: node.isAppending)
    return literal.map { [TextEdit(node.span, $0)] }
  }

  func replace(part: Range<Int>, of node: DocumentNode, with text: String) -> [TextEdit]? {
    guard node.parent != nil, let whole = node.text(replacing: part, with: text) else { return nil }
    return replace(node, with: .text(whole))
  }

  /// Adds a line after the last entry, exported if that one is.
  func insert(key: String, _ value: EditValue, into mapping: DocumentNode) -> [TextEdit]? {
    guard mapping.parent == nil, mapping.kind == .mapping, mapping[key] == nil, Self.isName(key),
      let literal = Self.text(value).flatMap({ Self.literal($0, quote: nil, isAppending: false) })
    else { return nil }
    guard let last = Array(mapping.children).last else {
      let end = source.bytes.count
      let separator = source.lineStart(end) == end ? "" : source.lineBreak
      return [TextEdit(end..<end, "\(separator)\(key)=\(literal)", in: source)]
    }
    let start = source.lineStart(last.start)
    let end = source.lineEnd(last.start)
    let before = source.text(of: start..<last.start)
    return [TextEdit(end..<end, "\(source.lineBreak)\(before)\(key)=\(literal)", in: source)]
  }

  func remove(_ node: DocumentNode) -> [TextEdit]? {
    guard node.parent != nil else { return nil }
    return [TextEdit(source.lineStart(node.start)..<source.nextLine(node.start), "", in: source)]
  }

  func rename(_ node: DocumentNode, to key: String) -> [TextEdit]? {
    guard let span = node.keySpan, document.root[key] == nil, Self.isName(key) else { return nil }
    return [TextEdit(span, key)]
  }

  // MARK: Writing

  /// A list is words with blanks between.
  private static func text(_ value: EditValue) -> String? {
    switch value {
    case .null, .mapping: return nil
    case .boolean(let flag): return flag ? "true" : "false"
    case .number(let number): return Number.literal(number)
    case .numeral(let digits): return digits
    case .text(let text): return text
    case .list(let values):
      let words = values.compactMap(text)
      let areWords = words.allSatisfy { !$0.isEmpty && !$0.utf8.contains { $0 <= 0x20 } }
      return words.count == values.count && areWords ? words.joined(separator: " ") : nil
    }
  }

  /// In the old quotes if they hold the text, else in those that do and that a shell reads alike. There
  /// are no escapes.
  private static func literal(_ text: String, quote: UInt8?, isAppending: Bool) -> String? {
    let needsNone = text.utf8.allSatisfy { isWordByte($0) || "-./:,=+@%".utf8.contains($0) }
    let keepsShell = !text.utf8.contains { "$`\\\"!".utf8.contains($0) }
    let all = ["\"", "'", ""]
    let old = quote.map { [String(Unicode.Scalar($0))] } ?? (needsNone ? [""] : [])
    let literals = (old + (keepsShell ? all : ["'", "\"", ""])).map { "\($0)\(text)\($0)" }
    return literals.first { literal in
      let line = SourceFile(path: "", text: "A\(isAppending ? "+" : "")=\(literal)")
      let root = try? EnvironmentReader.read(line).root
      return root.map { Array($0.children).map(\.text) } == [text]
    }
  }

  private static func isName(_ key: String) -> Bool {
    key.utf8.allSatisfy(isWordByte) && key.utf8.first.map { $0 &- 0x30 >= 10 } == true
  }
}
