import CLibYAML

/// libyaml's parser over the bytes of one file: what it reports, one by one, placed in bytes.
struct YAMLEvents: ~Copyable {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case scalar, alias
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private var event = yaml_event_t()
  private var offsets: ScalarOffsets
  /// Where the event begins and ends, in bytes of the file; properties (`&a`, `!!str`) included.
  private(set) var start = 0
  private(set) var end = 0

  /// - Parameters:
  ///   - bytes: The whole file, in UTF-8. Must outlive the events.
  ///   - base: Where the text begins: behind the byte-order mark. There must be text.
  init(_ bytes: UnsafeBufferPointer<UInt8>, from base: Int) throws(SyntaxError) {
    // libyaml keeps pointers into its own parser, which therefore must not move.
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    offsets = ScalarOffsets(bytes, from: base)
    guard yaml_parser_initialize(parser) == 1 else {
      throw SyntaxError("no memory is left to read this file", at: base..<base)
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    let text = UnsafeBufferPointer(rebasing: bytes[base...])
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    var event = event
    yaml_event_delete(&event)
    yaml_parser_delete(parser)
    parser.deinitialize(count: 1)
    parser.deallocate()
  }

  /// Moves to the next event. What the properties below say belongs to it until the next call.
  mutating func next() throws(SyntaxError) -> Kind {
    yaml_event_delete(&event)
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    start = offsets.byte(atScalar: Int(event.start_mark.index))
    end = max(start, offsets.byte(atScalar: Int(event.end_mark.index)))
    switch event.type {
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias
    case YAML_SCALAR_EVENT: return .scalar
    case YAML_SEQUENCE_START_EVENT: return .sequenceStart
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT: return .mappingStart
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    default: return .streamEnd
    }
  }

  /// The name behind `&`, or of an alias the one behind `*`.
  var anchor: String? {
    switch event.type {
    case YAML_ALIAS_EVENT: Self.string(event.data.alias.anchor)
    case YAML_SCALAR_EVENT: Self.string(event.data.scalar.anchor)
    case YAML_SEQUENCE_START_EVENT: Self.string(event.data.sequence_start.anchor)
    case YAML_MAPPING_START_EVENT: Self.string(event.data.mapping_start.anchor)
    default: nil
    }
  }

  /// The tag of a scalar, written out: `tag:yaml.org,2002:str`.
  var tag: String? {
    event.type == YAML_SCALAR_EVENT ? Self.string(event.data.scalar.tag) : nil
  }

  /// Whether a scalar stands without quotes and is no block.
  var isPlain: Bool { event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE }

  /// Whether a scalar is a block: `|` or `>`.
  var isBlock: Bool {
    event.data.scalar.style == YAML_LITERAL_SCALAR_STYLE
      || event.data.scalar.style == YAML_FOLDED_SCALAR_STYLE
  }

  /// Whether the collection that begins is written with brackets, or is the pair of `[a: b]`.
  var isFlow: Bool {
    event.type == YAML_SEQUENCE_START_EVENT
      ? event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
      : event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
  }

  /// The text of a scalar, decoded and folded, in UTF-8.
  var text: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length)
  }

  /// Whether the text of the scalar is these bytes.
  func textEquals(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == bytes.count, let left = text.baseAddress, let right = bytes.baseAddress
    else { return text.count == bytes.count }
    return memcmp(left, right, bytes.count) == 0
  }

  private static func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private mutating func failure() -> SyntaxError {
    let parser = parser.pointee
    switch parser.error {
    case YAML_MEMORY_ERROR:
      return SyntaxError("no memory is left to read this file", at: end..<end)
    case YAML_READER_ERROR:
      return YAMLProblem.character(
        UInt32(bitPattern: parser.problem_value), at: offsets.base + Int(parser.problem_offset),
        in: offsets.bytes)
    default:
      let place = offsets.byte(atScalar: Int(parser.problem_mark.index))
      // Without a context libyaml leaves its mark at zero.
      let context = parser.context.map { String(cString: $0) } ?? ""
      return YAMLProblem(
        bytes: offsets.bytes, text: parser.problem.map { String(cString: $0) } ?? "",
        place: place, context: context,
        contextPlace: context.isEmpty
          ? place : offsets.byte(atScalar: Int(parser.context_mark.index)),
        contextLine: Int(parser.context_mark.line) + 1
      ).error
    }
  }
}

/// Byte offsets of Unicode scalars, by which libyaml counts. Remembers where it was: the marks of
/// a file come nearly in order, so that all together cost one walk over it.
private struct ScalarOffsets {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Where scalar 0 begins.
  let base: Int
  private let isASCII: Bool
  private var scalar = 0
  private var byte: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, from base: Int) {
    self.bytes = bytes
    self.base = base
    byte = base
    isASCII = Self.isASCII(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[base...]))
  }

  private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      if word & 0x8080_8080_8080_8080 != 0 { return false }
      index += 8
    }
    return bytes[index...].allSatisfy { $0 < 0x80 }
  }

  /// Places beyond the end, which libyaml reports where the last line break is missing, are the end.
  mutating func byte(atScalar wanted: Int) -> Int {
    if isASCII { return min(base + wanted, bytes.count) }
    while scalar < wanted, byte < bytes.count {
      byte += 1
      while byte < bytes.count, bytes[byte] & 0xC0 == 0x80 { byte += 1 }
      scalar += 1
    }
    while scalar > wanted {
      byte -= 1
      while bytes[byte] & 0xC0 == 0x80 { byte -= 1 }
      scalar -= 1
    }
    return byte
  }
}
