/// Reads one YAML 1.1 document as PyYAML's loaders read it, with the place of every key and value.
///
/// libyaml scans and parses; the types of plain scalars stay open. What PyYAML refuses and libyaml
/// takes is refused here too: tabs between values, an anchor defined twice, collections as keys, a
/// `<<` that merges no mapping, a second document. An alias shares what it stands for. Iterative:
/// no depth of nesting can exhaust the stack.
public struct YAMLReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var builder: DocumentBuilder
  /// The collections that are open, outermost first.
  private var frames: [Frame] = []
  private var anchors: [String: Anchor] = [:]
  /// Where the last token with content ended.
  private var lastEnd: Int
  private var tabs: TabCheck
  /// The last text in quotes that goes over several lines.
  private var longQuote: Range<Int>?

  private struct Frame {
    let index: Int32
    let isMapping: Bool
    /// Whether a bracket ends it; if not, its last child does.
    let hasBracket: Bool
    /// The key whose value comes next.
    var key: DocumentBuilder.Key?
  }

  private struct Anchor {
    let index: Int32
    /// Of scalars, which may be keys.
    let text: String?
  }

  /// - Throws: A ``SyntaxError`` with the place of what PyYAML's loaders would refuse.
  public static func read(_ source: SourceFile) throws(SyntaxError) -> Document {
    try Encoding.check(source)
    // Typed throws do not pass through `withUnsafeBufferPointer`.
    let result = source.bytes.withUnsafeBufferPointer { bytes in
      Result { () throws(SyntaxError) in
        var reader = YAMLReader(bytes, from: source.hasByteOrderMark ? 3 : 0)
        try reader.readStream()
        return reader.builder
      }
    }
    let document = try result.get().finish(source, .yaml)
    try document.tree.checkMerges()
    return document
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>, from base: Int) {
    self.bytes = bytes
    builder = DocumentBuilder(expectedNodes: min(bytes.count / 16 + 8, 1 << 20))
    lastEnd = base
    tabs = TabCheck(bytes, from: base)
  }

  private mutating func readStream() throws(SyntaxError) {
    let base = lastEnd
    if base < bytes.count { try readEvents(from: base) }
    try tabs.pass(to: bytes.count)
    // No document at all is null, as an empty one is.
    if builder.records.isEmpty { builder.add(.plain, base..<base, to: nil) }
  }

  private mutating func readEvents(from base: Int) throws(SyntaxError) {
    var events = try YAMLEvents(bytes, from: base)
    var hasDocument = false
    while true {
      switch try next(&events) {
      case .streamStart, .documentEnd: continue
      case .streamEnd: return
      case .documentStart:
        if hasDocument {
          throw SyntaxError(
            "a second document begins here: trainers read files of one",
            at: events.start..<max(events.end, YAMLProblem.scalarEnd(events.start, in: bytes)))
        }
        hasDocument = true
        lastEnd = events.end
      case .scalar: try readScalar(events)
      case .alias: try readAlias(events)
      case .sequenceStart: try open(.sequence, events)
      case .mappingStart: try open(.mapping, events)
      case .sequenceEnd, .mappingEnd: close(events)
      }
    }
  }

  private func next(
    _ events: inout YAMLEvents
  ) throws(SyntaxError) -> YAMLEvents.Kind {
    do throws(SyntaxError) {
      return try events.next()
    } catch {
      throw missingQuote(behind: error) ?? error
    }
  }

  /// A text that begins right behind a long quote was to begin with a quote of its own: the one before
  /// is missing its end.
  private func missingQuote(behind error: SyntaxError) -> SyntaxError? {
    guard let quote = longQuote, quote.upperBound == error.bytes.lowerBound,
      error.bytes.lowerBound < bytes.count
    else { return nil }
    let first = bytes[quote].prefix { $0 != 0x0A && $0 != 0x0D }.count
    return SyntaxError(
      "this quote is not closed on its line, and the next one, lines below, ends it",
      at: quote.lowerBound..<(quote.lowerBound + first))
  }

  // MARK: Collections

  private mutating func open(
    _ kind: NodeKind, _ events: borrowing YAMLEvents
  ) throws(SyntaxError) {
    let (start, hasBracket) = startOfCollection(kind, events)
    let head = start..<YAMLProblem.scalarEnd(start, in: bytes)
    if expectsKey { throw Self.unhashable(kind, at: head) }
    guard frames.count < JSONReader.maximumDepth else {
      throw SyntaxError(YAMLProblem.depth, at: head)
    }
    let index = builder.add(kind, head, key: takeKey(), to: frames.last?.index)
    try define(events.anchor, as: Anchor(index: index, text: nil), at: events.start)
    frames.append(Frame(index: index, isMapping: kind == .mapping, hasBracket: hasBracket))
  }

  /// Where a collection begins behind its properties, from how libyaml ends its first event: behind
  /// the bracket, on the first key or item, or behind the `-` of a list as little indented as its
  /// key.
  private func startOfCollection(
    _ kind: NodeKind, _ events: borrowing YAMLEvents
  ) -> (start: Int, hasBracket: Bool) {
    let end = events.end
    let before = end > events.start ? bytes[end - 1] : 0
    if events.isFlow {
      let hasBracket = before == UInt8(ascii: kind == .mapping ? "{" : "[")
      // The pair of `[a: b]` begins on its key, that of `[? a: b]` behind its question mark.
      return (hasBracket || before == UInt8(ascii: "?") ? end - 1 : end, hasBracket)
    }
    let isOnDash = end < bytes.count && bytes[end] == UInt8(ascii: "-")
    return (kind == .sequence && !isOnDash && before == UInt8(ascii: "-") ? end - 1 : end, false)
  }

  private mutating func close(_ events: borrowing YAMLEvents) {
    guard let frame = frames.popLast() else { return }
    if frame.hasBracket { lastEnd = events.end }
    let start = Int(builder.records[Int(frame.index)].start)
    builder.close(frame.index, end: max(start, lastEnd))
  }

  // MARK: Scalars

  private mutating func readScalar(_ events: borrowing YAMLEvents) throws(SyntaxError) {
    let place = placeOfScalar(events)
    let kind = Self.kind(events)
    if !events.isPlain {
      if !events.isBlock, bytes[place].contains(0x0A) { longQuote = place }
      try tabs.pass(to: place.lowerBound, over: events.end, isBlock: events.isBlock)
    }
    let needsText = !isWritten(kind, place, events)
    let anchor = events.anchor
    let text =
      needsText || anchor != nil ? String(decoding: events.text, as: UTF8.self) : nil
    let index: Int32
    if expectsKey {
      // An anchored key is a value as well, which stands in no collection.
      index = anchor == nil ? -1 : builder.add(kind, place, text: text, to: nil)
      frames[frames.count - 1].key = DocumentBuilder.Key(
        bytes: place, hash: hashOfKey(events.text), text: needsText ? text : nil)
    } else {
      index = addValue(kind, place, text: needsText ? text : nil)
    }
    try define(anchor, as: Anchor(index: index, text: text ?? ""), at: events.start)
    lastEnd = place.upperBound
  }

  /// Where a scalar stands without its properties.
  private func placeOfScalar(_ events: borrowing YAMLEvents) -> Range<Int> {
    let hasProperties = events.tag != nil || events.anchor != nil
    if events.isPlain, events.text.isEmpty {
      if hasProperties { return events.end..<events.end }
      // What is left out stands behind its ':' or '-'. Where there is none, libyaml names the next
      // token, which may be lines away.
      let before = events.start > lastEnd ? bytes[events.start - 1] : 0
      let isBehindIndicator = [":", "-", "?"].contains(Unicode.Scalar(before))
      let place = isBehindIndicator ? events.start : lastEnd
      return place..<place
    }
    let start = hasProperties ? endOfProperties(events.start, events.end) : events.start
    return start..<(events.isBlock ? endOfBlock(start, events.end) : events.end)
  }

  private func endOfProperties(_ start: Int, _ end: Int) -> Int {
    var offset = start
    while offset < end {
      switch bytes[offset] {
      case UInt8(ascii: "&"), UInt8(ascii: "!"):
        while offset < end, blankLength(at: offset) == 0 { offset += 1 }
      case UInt8(ascii: "#"):
        while offset < end, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
      default:
        let length = blankLength(at: offset)
        if length == 0 { return offset }
        offset += length
      }
    }
    return end
  }

  /// The length of the space, tab or line break of YAML 1.1 that begins here, or 0.
  private func blankLength(at offset: Int) -> Int {
    switch bytes[offset] {
    case 0x20, 0x09, 0x0A, 0x0D: return 1
    case 0xC2: return offset + 1 < bytes.count && bytes[offset + 1] == 0x85 ? 2 : 0
    case 0xE2:
      let isBreak =
        offset + 2 < bytes.count && bytes[offset + 1] == 0x80 && bytes[offset + 2] & 0xFE == 0xA8
      return isBreak ? 3 : 0
    default: return 0
    }
  }

  /// The end of the last line of a block that is not blank; libyaml's end lies behind blank lines.
  private func endOfBlock(_ start: Int, _ end: Int) -> Int {
    func isBlank(_ byte: UInt8) -> Bool {
      byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
    var last = end
    while last > start + 1, isBlank(bytes[last - 1]) { last -= 1 }
    while last < end, bytes[last] != 0x0A, bytes[last] != 0x0D { last += 1 }
    return last
  }

  /// Whether the text of a scalar is just its bytes, within quotes if it has them.
  private func isWritten(
    _ kind: NodeKind, _ place: Range<Int>, _ events: borrowing YAMLEvents
  ) -> Bool {
    // `!!str <<` is a text and no merge key, and the bytes alone do not show it.
    if place.isEmpty || events.isBlock || (kind == .string) == events.isPlain { return false }
    let quotes = events.isPlain ? 0 : 1
    let inner =
      (place.lowerBound + quotes)..<max(place.lowerBound + quotes, place.upperBound - quotes)
    return events.textEquals(UnsafeBufferPointer(rebasing: bytes[inner]))
  }

  /// Quotes and `!!str` make a string; other tags leave the type open, as no tag does.
  private static func kind(_ events: borrowing YAMLEvents) -> NodeKind {
    switch events.tag {
    case nil: events.isPlain ? .plain : .string
    case "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:python/str": .string
    default: .plain
    }
  }

  // MARK: Anchors and aliases

  private mutating func define(
    _ name: String?, as anchor: Anchor, at place: Int
  ) throws(SyntaxError) {
    guard let name else { return }
    if anchors.updateValue(anchor, forKey: name) != nil {
      throw SyntaxError(
        "'&\(name)' is defined twice: PyYAML takes each anchor once",
        at: place..<min(place + 1 + name.utf8.count, bytes.count))
    }
  }

  private mutating func readAlias(_ events: borrowing YAMLEvents) throws(SyntaxError) {
    let place = events.start..<events.end
    let name = events.anchor ?? ""
    guard let anchor = anchors[name] else {
      throw SyntaxError("'*\(name)' stands for nothing: no '&\(name)' comes before it", at: place)
    }
    if frames.contains(where: { $0.index == anchor.index }) {
      throw SyntaxError("'*\(name)' stands within '&\(name)', which would never end", at: place)
    }
    let kind = builder.records[Int(anchor.index)].kind
    if expectsKey {
      guard let text = anchor.text else { throw Self.unhashable(kind, at: place) }
      frames[frames.count - 1].key = DocumentBuilder.Key(
        bytes: place, hash: hashOfKey(text), text: text)
    } else {
      builder.alias(addValue(kind, place, text: nil), to: anchor.index)
    }
    lastEnd = place.upperBound
  }

  // MARK: Keys and values

  private var expectsKey: Bool {
    guard let frame = frames.last else { return false }
    return frame.isMapping && frame.key == nil
  }

  private mutating func takeKey() -> DocumentBuilder.Key? {
    guard !frames.isEmpty else { return nil }
    defer { frames[frames.count - 1].key = nil }
    return frames[frames.count - 1].key
  }

  private mutating func addValue(_ kind: NodeKind, _ place: Range<Int>, text: String?) -> Int32 {
    builder.add(kind, place, text: text, key: takeKey(), to: frames.last?.index)
  }

  private static func unhashable(_ kind: NodeKind, at place: Range<Int>) -> SyntaxError {
    SyntaxError(
      "a \(kind == .mapping ? "mapping" : "list") as a key: PyYAML takes single values only",
      at: place)
  }
}
