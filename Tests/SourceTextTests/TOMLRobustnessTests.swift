import SourceText
import TestSupport
import Testing

/// Inputs that no one means: nothing stops the reader but an error, and every place is in the file.
@Suite struct TOMLRobustnessTests {
  private static func read(_ bytes: [UInt8]) -> (document: Document?, error: SyntaxError?) {
    do throws(SyntaxError) {
      return (try TOMLReader.read(SourceFile(path: "a.toml", bytes: bytes)), nil)
    } catch {
      return (nil, error)
    }
  }

  /// What is wrong with the places of a document or of an error, or nil.
  private static func misplaced(_ bytes: [UInt8]) -> String? {
    let source = SourceFile(path: "a.toml", bytes: bytes)
    let (document, error) = read(bytes)
    if let error {
      // Bytes that are no text have no whole characters to point at.
      let isText = String(validating: bytes, as: UTF8.self) != nil
      let isInFile = error.bytes.lowerBound >= 0 && error.bytes.upperBound <= bytes.count
      let isWellPlaced = isText ? DocumentChecks.isWellPlaced(error, in: source) : isInFile
      return isWellPlaced ? nil : "\(error)"
    }
    var pending = [document?.root].compactMap { $0 }
    while let node = pending.popLast() {
      let span = node.span.bytes
      guard span.lowerBound >= 0, span.upperBound <= bytes.count else {
        return "\(node.keyPath) \(span)"
      }
      var keyEnd = 0
      for child in node.children {
        let key = child.keySpan?.bytes ?? child.span.bytes.prefix(0)
        // Entries come in the order of the file.
        guard key.lowerBound >= keyEnd else { return "\(child.keyPath) \(key) from \(keyEnd)" }
        keyEnd = key.upperBound
        guard !holds(node) || isTable(child) || contains(span, child) else {
          return "\(child.keyPath) \(child.span.bytes) in \(span)"
        }
        pending.append(child)
      }
      let isClosed = isTable(node) || !node.isCollection || node.sourceText.count > 1
      guard isClosed else { return node.keyPath }
    }
    return nil
  }

  /// Whether the span of a collection must hold its values: all but tables that only paths name.
  private static func holds(_ node: DocumentNode) -> Bool {
    let first = node.source.bytes[node.span.bytes].first
    return node.parent == nil || first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
  }

  /// Whether this may be written in pieces, and lie outside of the table it is in.
  private static func isTable(_ node: DocumentNode) -> Bool {
    node.kind == .mapping && !node.sourceText.hasPrefix("{") || node.sourceText.hasPrefix("[[")
  }

  private static func contains(_ span: Range<Int>, _ child: DocumentNode) -> Bool {
    [child.span.bytes, child.keySpan?.bytes ?? child.span.bytes].allSatisfy {
      span.lowerBound <= $0.lowerBound && $0.upperBound <= span.upperBound
    }
  }

  @Test func generatedDocuments() {
    for seed in 0..<500 as Range<UInt64> {
      var generator = TOMLGenerator(seed: seed)
      let text = generator.document()
      #expect(Self.misplaced(Array(text.utf8)) == nil, "seed \(seed):\n\(text)")
    }
  }

  @Test func truncatedDocuments() {
    for seed in 0..<25 as Range<UInt64> {
      var generator = TOMLGenerator(seed: seed)
      let bytes = Array(generator.document().utf8)
      for end in bytes.indices {
        #expect(Self.misplaced(Array(bytes[..<end])) == nil, "seed \(seed), \(end) bytes")
      }
    }
  }

  private static let pieces = [
    "\"", "'", "\"\"\"", "'''", "\\", "\n", "\r", "\t", ".", "=", "[", "]", "[[", "]]", "{", "}",
    ",", "#", "a", "0", "1", "-", "+", "_", "e5", "T", ":", "é", "\u{7F}", "\0", "\\u12", "\\U",
    "00:00:00", "2024-01-01",
  ]

  @Test func mutatedDocuments() {
    var random = SplitMix64(seed: 1)
    for seed in 0..<400 as Range<UInt64> {
      var generator = TOMLGenerator(seed: seed)
      let bytes = Array(generator.document().utf8)
      for _ in 0..<10 {
        let mutant = mutated(bytes, with: Self.pieces, &random)
        #expect(Self.misplaced(mutant) == nil, "\(String(decoding: mutant, as: UTF8.self))")
      }
    }
  }

  @Test func piecesInAnyOrder() {
    var random = SplitMix64(seed: 2)
    for _ in 0..<10_000 {
      let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in random.pick(Self.pieces) }
        .joined()
      #expect(Self.misplaced(Array(("a = " + text).utf8)) == nil, "\(text)")
      #expect(Self.misplaced(Array(text.utf8)) == nil, "\(text)")
    }
  }

  @Test(arguments: [
    ("a = ", "[", "1", "]", ""), ("a = ", "{a = ", "1", "}", ""), ("a = ", "[{a = ", "1", "}]", ""),
    ("", "a.", "a = 1", "", ""), ("[", "a.", "a]", "", ""), ("[[", "a.", "a]]", "", ""),
    ("a = {", "a.", "a = 1", "", "}"),
  ])
  func depthIsLimited(
    start: String, opening: String, middle: String, closing: String, end: String
  ) {
    func nested(_ count: Int) -> (document: Document?, error: SyntaxError?) {
      let text =
        start + String(repeating: opening, count: count) + middle
        + String(repeating: closing, count: count) + end
      return Self.read(Array(text.utf8))
    }
    #expect(nested(100_000).error?.message == "nested more than 512 levels deep: not a config")
    #expect(nested(600).error != nil)
    #expect(nested(200).document != nil)
  }

  @Test func exactDepth() {
    func nested(_ count: Int) -> Bool {
      let brackets = ["[", "]"].map { String(repeating: $0, count: count) }
      return Self.read(Array("a = \(brackets[0])\(brackets[1])".utf8)).document != nil
    }
    // The root is one of the 512.
    #expect(nested(511))
    #expect(!nested(512))
  }

  /// Nothing here takes more than its size demands: each is done within a few seconds even
  /// unoptimized.
  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      ("a = \"", "x", 50_000_000, "\"", 1), ("a = '''", "xxxxxxxxxxxxxxx\n", 200_000, "'''", 1),
      ("a = \"", "\\n", 500_000, "\"", 1), ("# ", "c", 5_000_000, "", 0),
      ("", "\n", 1_000_000, "", 0), ("a = [", "1,", 200_000, "]", 1),
      ("a = 1", "0", 1_000_000, "", 1), ("", "[[a]]\n", 50_000, "", 1),
      ("[[a]]\n", "[a.b]\n[[a]]\n", 25_000, "", 1),
    ])
  func largeInputs(
    opening: String, piece: String, count: Int, closing: String, entries: Int
  ) throws {
    let text = opening + String(repeating: piece, count: count) + closing
    let document = try #require(Self.read(Array(text.utf8)).document)
    #expect(Array(document.root.children).count == entries)
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["key_# = 1\n", "[t#]\n", "[t.u#]\n", "a.k# = 1\n"])
  func manyKeys(line: String) throws {
    let lines = (0..<100_000).map { line.replacing("#", with: "\($0)") }
    let text = lines.joined()
    #expect(Self.read(Array(text.utf8)).error == nil)
    let error = try #require(Self.read(Array((text + lines[0]).utf8)).error)
    #expect(error.bytes.lowerBound >= text.utf8.count)
  }

  @Test(
    .timeLimit(.minutes(10)),
    arguments: ["[", "a = [", "a = {", "\"", "a = \"\"\"", "a", "[a.", "\\", "a = -"])
  func unfinishedInputs(opening: String) {
    for piece in ["[", "{a=", "\"", "a", "\\", " ", ".", "]", "\n", ","] {
      let bytes = Array((opening + String(repeating: piece, count: 200_000)).utf8)
      #expect(Self.misplaced(bytes) == nil, "\(opening) \(piece)")
    }
  }

  @Test(
    arguments: [
      ([0x61, 0x3D, 0x22, 0xFF, 0x22], 3, "byte 0xFF is not UTF-8: save the file as UTF-8"),
      ([0x61, 0x3D, 0x22, 0xC3], 3, "byte 0xC3 is not UTF-8: save the file as UTF-8"),
      ([0x23, 0xED, 0xA0, 0x80], 1, "byte 0xED is not UTF-8: save the file as UTF-8"),
      (
        [0xFF, 0xFE, 0x61, 0x00], 0,
        "this is UTF-16, the trainers read UTF-8: save the file as UTF-8"
      ),
      ([0x89, 0x50, 0x4E, 0x47, 0x00], 0, "this is a binary file, not a text"),
    ] as [([UInt8], Int, String)])
  func notText(bytes: [UInt8], offset: Int, message: String) {
    let error = Self.read(bytes).error
    #expect(error?.bytes.lowerBound == offset)
    #expect(error?.message == message)
  }
}
