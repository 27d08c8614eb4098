import SourceText

/// `# tuneup: ignore[rule, rule] reason` in a YAML or TOML file: what is found on its line, or on the next
/// line with content where it has one of its own, is not reported.
struct Suppression {
  /// The comment from its `#` to the end of the line, in bytes.
  let bytes: Range<Int>
  /// The rules that it names, with their places; nil where it cannot be read.
  let rules: [(id: String, bytes: Range<Int>)]?
  let reason: String
  /// The line, from 1, that it speaks of.
  let line: Int
  /// The comment with what stands between it and the text before it, or its whole line.
  let removable: Range<Int>

  /// The comments of a file, in order. Those inside of texts are none.
  static func all(in document: Document) -> [Suppression] {
    let bytes = document.source.bytes
    guard document.format == .yaml || document.format == .toml else { return [] }
    let starts = places(in: bytes)
    if starts.isEmpty { return [] }
    let scalars = texts(of: document.root)
    let lines = LineTable(of: document.source)
    return starts.compactMap { start in
      scalars.contains { $0.contains(start) } ? nil : Suppression(bytes, at: start, lines)
    }
  }

  private static let mark = Array("tuneup:".utf8)

  /// Where `# tuneup:` stands at the start of a line or after a blank.
  private static func places(in bytes: [UInt8]) -> [Int] {
    var found: [Int] = []
    for start in bytes.indices where bytes[start] == UInt8(ascii: "#") {
      if start > 0, !bytes[start - 1].isBlank, !bytes[start - 1].isLineBreak { continue }
      var cursor = start + 1
      while cursor < bytes.count, bytes[cursor].isBlank { cursor += 1 }
      if bytes[cursor...].starts(with: mark) { found.append(start) }
    }
    return found
  }

  /// The spans of all scalars that could hold a `#`.
  private static func texts(of node: DocumentNode) -> [Range<Int>] {
    node.isCollection ? node.children.flatMap(texts) : [node.span.bytes]
  }

  private init(_ bytes: [UInt8], at start: Int, _ lines: LineTable) {
    let end = bytes[start...].firstIndex(where: \.isLineBreak) ?? bytes.count
    self.bytes = start..<end
    let lineStart = bytes[..<start].lastIndex(where: \.isLineBreak).map { $0 + 1 } ?? 0
    let isAlone = bytes[lineStart..<start].allSatisfy(\.isBlank)
    let line = lines.position(of: start).line
    if isAlone {
      self.line = Self.lineOfContent(bytes, after: end, lines)
      removable = lineStart..<Self.afterBreak(bytes, end)
    } else {
      self.line = line
      let before = bytes[..<start].lastIndex { !$0.isBlank }.map { $0 + 1 } ?? start
      removable = before..<end
    }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    let offset =
      start + (text.firstRange(of: "tuneup:").map { text.utf8Offset($0.upperBound) } ?? 0)
    (rules, reason) = Self.parse(bytes, offset..<end)
  }

  /// `ignore[a, b] reason`.
  private static func parse(
    _ bytes: [UInt8], _ range: Range<Int>
  ) -> ([(id: String, bytes: Range<Int>)]?, String) {
    var cursor = range.lowerBound
    while cursor < range.upperBound, bytes[cursor].isBlank { cursor += 1 }
    let word = Array("ignore[".utf8)
    guard bytes[cursor..<range.upperBound].starts(with: word) else { return (nil, "") }
    cursor += word.count
    guard let close = bytes[cursor..<range.upperBound].firstIndex(of: UInt8(ascii: "]")) else {
      return (nil, "")
    }
    let rules = bytes[cursor..<close].split(separator: UInt8(ascii: ",")).compactMap {
      part -> (id: String, bytes: Range<Int>)? in
      guard let first = part.firstIndex(where: { !$0.isBlank }),
        let last = part.lastIndex(where: { !$0.isBlank })
      else { return nil }
      return (String(decoding: bytes[first...last], as: UTF8.self), first..<last + 1)
    }
    let rest = bytes[(close + 1)..<range.upperBound].drop(while: \.isBlank)
    return (rules.isEmpty ? nil : rules, String(decoding: rest, as: UTF8.self))
  }

  /// The first line after an offset that holds more than a comment.
  private static func lineOfContent(_ bytes: [UInt8], after end: Int, _ lines: LineTable) -> Int {
    var cursor = afterBreak(bytes, end)
    while cursor < bytes.count {
      let lineEnd = bytes[cursor...].firstIndex(where: \.isLineBreak) ?? bytes.count
      let first = bytes[cursor..<lineEnd].first { !$0.isBlank }
      if let first, first != UInt8(ascii: "#") { return lines.position(of: cursor).line }
      cursor = afterBreak(bytes, lineEnd)
    }
    return 0
  }

  private static func afterBreak(_ bytes: [UInt8], _ end: Int) -> Int {
    if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "\r"), bytes[end + 1] == UInt8(ascii: "\n")
    {
      return end + 2
    }
    return min(bytes.count, end + 1)
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
  fileprivate var isLineBreak: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
}

extension String {
  fileprivate func utf8Offset(_ index: Index) -> Int { utf8.distance(from: startIndex, to: index) }

  /// Without Foundation, which a lint must not load.
  fileprivate func firstRange(of mark: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(mark) { return start..<index(start, offsetBy: mark.count) }
      start = index(after: start)
    }
    return nil
  }
}
