/// Where each byte of a scalar's decoded text stands in the file.
struct TextAlignment {
  /// For each byte of the text, the bytes of the file that it comes from: of an escape, all of it.
  private(set) var origins: [Range<Int>] = []
  /// Where the text begins, behind the quote.
  private(set) var start: Int
  /// Whether lines are joined by backslashes, which take the blanks behind them along.
  private(set) var joinsLines = false

  init(start: Int) { self.start = start }

  mutating func append(_ bytes: Range<Int>, count: Int = 1) {
    for _ in 0..<count { origins.append(bytes) }
    if count == 0 { joinsLines = true }
  }

  /// The bytes of the file that a part of the text comes from.
  func bytes(of part: Range<Int>) -> Range<Int> {
    let lower = min(max(part.lowerBound, 0), origins.count)
    let upper = min(max(part.upperBound, lower), origins.count)
    if lower < upper { return origins[lower].lowerBound..<origins[upper - 1].upperBound }
    let place =
      lower < origins.count ? origins[lower].lowerBound : origins.last?.upperBound ?? start
    return place..<place
  }
}

extension DocumentNode {
  /// The bytes of the file in which a part of the text stands.
  ///
  /// - Parameter range: Of ``text``, in UTF-8.
  /// - Returns: Of an escape, all of it; the whole value where the text does not stand in the file
  ///   byte by byte: folded and block text of YAML, aliases, collections.
  public func span(ofText range: Range<Int>) -> SourceSpan {
    alignment.map { SourceSpan($0.bytes(of: range), in: source.id) } ?? span
  }

  /// Nil where the text does not stand in the file byte by byte.
  var alignment: TextAlignment? {
    guard !isAlias, !isCollection else { return nil }
    let bytes = span.bytes
    let text = Array(self.text.utf8)
    if tree.format == .arguments { return wordAlignment(text) }
    return source.bytes.withUnsafeBufferPointer { file in
      let reader = AlignmentReader(file: file, bytes: bytes, text: text)
      return switch tree.format {
      case .json: reader.quoted(by: 1, escape: .backslash)
      case .toml: reader.toml()
      case .yaml: reader.yaml()
      case .environment:
        reader.aligned(
          EnvironmentReader.text(in: bytes, of: source, isAppending: isAppending), .none)
      case .arguments: nil
      }
    }
  }
}

extension DocumentNode {
  /// Of a word of a command, read once more.
  private func wordAlignment(_ text: [UInt8]) -> TextAlignment? {
    let bytes = span.bytes
    guard !text.isEmpty else {
      // Empty quotes, or an option without a value.
      return bytes.count == 2 ? TextAlignment(start: bytes.lowerBound + 1) : nil
    }
    var lexer = ShellLexer(
      source, ShellDialect(of: source), at: bytes.lowerBound, aligning: text.count)
    if let word = try? lexer.readWord(), word.bytes == bytes, word.text == text {
      return word.alignment
    }
    // Within quotes that are around an option as well.
    guard text.elementsEqual(source.bytes[bytes]) else { return nil }
    var alignment = TextAlignment(start: bytes.lowerBound)
    for offset in bytes { alignment.append(offset..<(offset + 1)) }
    return alignment
  }
}

/// Walks over a scalar and its decoded text side by side.
private struct AlignmentReader {
  enum Escape {
    case none
    /// JSON's, TOML's and YAML's: of two bytes, or of `\x`, `\u` and `\U` with digits.
    case backslash
    /// Two for one.
    case doubledQuote
  }

  let file: UnsafeBufferPointer<UInt8>
  let bytes: Range<Int>
  let text: [UInt8]

  private static let backslash = UInt8(ascii: "\\")

  private func byte(_ offset: Int) -> UInt8 { offset < bytes.upperBound ? file[offset] : 0 }

  /// Text in quotes of so many bytes.
  func quoted(by quotes: Int, escape: Escape) -> TextAlignment? {
    let isQuoted = bytes.count >= 2 * quotes && [0x22, 0x27].contains(byte(bytes.lowerBound))
    // Numbers and words have no quotes.
    let inset = isQuoted ? quotes : 0
    return aligned(
      (bytes.lowerBound + inset)..<(bytes.upperBound - inset), isQuoted ? escape : .none)
  }

  func toml() -> TextAlignment? {
    let quote = byte(bytes.lowerBound)
    let escape = quote == UInt8(ascii: "\"") ? Escape.backslash : .none
    let isMultiline =
      bytes.count >= 6 && byte(bytes.lowerBound + 1) == quote && byte(bytes.lowerBound + 2) == quote
    guard isMultiline, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      return quoted(by: 1, escape: escape)
    }
    var start = bytes.lowerBound + 3
    // The first line break is none.
    if byte(start) == 0x0D { start += 1 }
    if byte(start) == 0x0A { start += 1 }
    return aligned(start..<(bytes.upperBound - 3), escape)
  }

  func yaml() -> TextAlignment? {
    switch byte(bytes.lowerBound) {
    case UInt8(ascii: "\""): quoted(by: 1, escape: .backslash)
    case UInt8(ascii: "'"): quoted(by: 1, escape: .doubledQuote)
    case UInt8(ascii: "|"), UInt8(ascii: ">"): nil
    default: aligned(bytes, .none)
    }
  }

  func aligned(_ range: Range<Int>, _ escape: Escape) -> TextAlignment? {
    var alignment = TextAlignment(start: range.lowerBound)
    alignment.reserve(text.count)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let place = alignment.origins.count
      let next = place < text.count ? text[place] : 0
      switch byte(offset) {
      case Self.backslash where escape == .backslash:
        let end = endOfEscape(offset, next)
        // One that ends its line stands for nothing.
        alignment.append(offset..<end, count: isBlank(byte(offset + 1)) ? 0 : length(next))
        offset = end
      case UInt8(ascii: "'") where escape == .doubledQuote:
        alignment.append(offset..<(offset + 2))
        offset += 2
      case 0x0D where next == 0x0A && byte(offset + 1) == 0x0A:
        alignment.append(offset..<(offset + 2))
        offset += 2
      case next:
        alignment.append(offset..<(offset + 1))
        offset += 1
      default: return nil
      }
    }
    return offset == range.upperBound && alignment.origins.count == text.count ? alignment : nil
  }

  private func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  /// - Parameter next: The first byte of what it stands for.
  private func endOfEscape(_ offset: Int, _ next: UInt8) -> Int {
    switch byte(offset + 1) {
    case UInt8(ascii: "x"): return offset + 4
    // Beyond U+FFFF a pair of them.
    case UInt8(ascii: "u"): return offset + (length(next) == 4 ? 12 : 6)
    case UInt8(ascii: "U"): return offset + 10
    case let byte where isBlank(byte):
      var end = offset + 1
      while end < bytes.upperBound, isBlank(self.byte(end)) { end += 1 }
      return end
    default: return offset + 2
    }
  }

  /// The length of the character that begins with this byte.
  private func length(_ lead: UInt8) -> Int {
    switch lead {
    case 0xC0...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...: 4
    default: 1
    }
  }
}

extension TextAlignment {
  fileprivate mutating func reserve(_ count: Int) { origins.reserveCapacity(count) }
}
