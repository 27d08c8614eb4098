/// Reads settings written as environment variables, one `KEY=value` to a line, as SimpleTuner reads
/// its `config.env` (bc8e6ab7, simpletuner/helpers/configuration/env_file.py:151-186).
///
/// `export` may stand before a key. Quotes around a whole value are no part of it. A comment takes
/// a line of its own: a `#` behind a value belongs to the value. `KEY+=words` adds words to what an
/// earlier line has set, and is an entry of its own, with ``DocumentNode/isAppending``. Lines without
/// `=`, which the trainer skips, are no part of the tree: ``skippedLines(of:)`` lists them.
public struct EnvironmentReader {
  /// - Throws: A ``SyntaxError`` if the file is no text.
  public static func read(_ source: SourceFile) throws(SyntaxError) -> Document {
    try Encoding.check(source)
    var builder = DocumentBuilder(expectedNodes: source.bytes.count / 24 + 8)
    builder.add(.mapping, 0..<source.bytes.count, to: nil)
    for line in lines(of: source) {
      guard case .assignment(let assignment) = line else { continue }
      add(assignment, of: source, to: &builder)
    }
    return builder.finish(source, .environment)
  }

  /// The lines that hold something, but neither a comment nor `KEY=value`.
  public static func skippedLines(of source: SourceFile) -> [SourceSpan] {
    lines(of: source).compactMap {
      if case .other(let bytes) = $0 { SourceSpan(bytes, in: source.id) } else { nil }
    }
  }

  private static func add(
    _ assignment: Assignment, of source: SourceFile, to builder: inout DocumentBuilder
  ) {
    let name = source.bytes[assignment.key].withUnsafeBufferPointer(hashOfKey)
    // The builder takes the bytes within quotes for the text, where there are any.
    let key = DocumentBuilder.Key(
      bytes: assignment.key, hash: name,
      text: isQuote(source.byte(assignment.key.lowerBound)) ? source.text(of: assignment.key) : nil)
    let (value, text) = (assignment.value, assignment.text)
    let isInQuotes = value.count >= 2 && text == (value.lowerBound + 1)..<(value.upperBound - 1)
    builder.add(
      text == value ? .plain : .string, value,
      text: text == value || isInQuotes ? nil : source.text(of: text), key: key, to: 0)
  }

  // MARK: Lines

  private struct Assignment {
    var key: Range<Int>
    var isAppending: Bool
    /// As it stands in the file, with its quotes.
    var value: Range<Int>
    /// Within the quotes.
    var text: Range<Int>
  }

  private enum Line {
    case assignment(Assignment)
    case other(Range<Int>)
  }

  private static func lines(of source: SourceFile) -> [Line] {
    var lines: [Line] = []
    var start = source.hasByteOrderMark ? 3 : 0
    while start < source.bytes.count {
      let end = source.lineEnd(start)
      if let line = line(source.trimmed(start..<end), of: source) { lines.append(line) }
      start = source.nextLine(start)
    }
    return lines
  }

  private static func line(_ range: Range<Int>, of source: SourceFile) -> Line? {
    if range.isEmpty || source.byte(range.lowerBound) == UInt8(ascii: "#") { return nil }
    var start = range.lowerBound
    if source.bytes[range].starts(with: "export ".utf8) { start += 7 }
    guard let equals = source.bytes[start..<range.upperBound].firstIndex(of: UInt8(ascii: "="))
    else { return .other(range) }
    // The first `+=` wins, wherever it stands: `A=b+=c` appends `c` to `A=b`.
    let plus = (start..<max(start, range.upperBound - 1)).first {
      source.bytes[$0] == UInt8(ascii: "+") && source.bytes[$0 + 1] == UInt8(ascii: "=")
    }
    let value = source.trimmed((plus.map { $0 + 2 } ?? equals + 1)..<range.upperBound)
    return .assignment(
      Assignment(
        key: source.trimmed(start..<(plus ?? equals)), isAppending: plus != nil, value: value,
        text: text(in: value, of: source, isAppending: plus != nil)))
  }

  /// A value without its quotes.
  static func text(
    in value: Range<Int>, of source: SourceFile, isAppending: Bool
  ) -> Range<Int> {
    isAppending ? source.stripped(value) : source.unquoted(value)
  }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }
}

extension DocumentNode {
  /// Whether an entry of an environment file is `KEY+=words`, which adds words to those that the key
  /// has already.
  public var isAppending: Bool {
    guard tree.format == .environment, let key = keySpan else { return false }
    let place = source.skipBlanks(key.bytes.upperBound)
    return source.byte(place) == UInt8(ascii: "+") && source.byte(place + 1) == UInt8(ascii: "=")
  }
}

extension SourceFile {
  /// Without spaces and tabs around.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, Self.isBlank(bytes[start]) { start += 1 }
    while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// Without one pair of equal quotes around. A lone quote is both, and leaves nothing.
  fileprivate func unquoted(_ range: Range<Int>) -> Range<Int> {
    guard let first = bytes[range].first, first == bytes[range.upperBound - 1],
      first == UInt8(ascii: "\"") || first == UInt8(ascii: "'")
    else { return range }
    return range.count == 1
      ? range.upperBound..<range.upperBound : (range.lowerBound + 1)..<(range.upperBound - 1)
  }

  /// Without all double quotes around, then all single ones.
  fileprivate func stripped(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    for quote in [UInt8(ascii: "\""), UInt8(ascii: "'")] {
      while start < end, bytes[start] == quote { start += 1 }
      while end > start, bytes[end - 1] == quote { end -= 1 }
    }
    return trimmed(start..<end)
  }
}
