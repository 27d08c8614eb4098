import SourceText
import TestSupport
import Testing

@Suite struct LineTableTests {
  /// Every `|` is where the column is asked for; the answers follow in order.
  @Test(
    arguments: [
      ("|ab|c|", [(1, 1), (1, 3), (1, 4)]),
      ("|\n|a\n|", [(1, 1), (2, 1), (3, 1)]),
      ("a|\r\n|b|", [(1, 2), (2, 1), (2, 2)]),
      ("a\r|b\r\r|c", [(2, 1), (4, 1)]),
      ("é|日|😀|x", [(1, 2), (1, 3), (1, 4)]),
      // Scalars, not characters as readers see them: e and an accent are two
      ("e\u{301}|x", [(1, 3)]),
      ("\u{FEFF}|a|\n|", [(1, 1), (1, 2), (2, 1)]),
      ("a\n\u{FEFF}|", [(2, 2)]),
      ("a\u{85}|\u{2028}|", [(1, 3), (1, 4)]),
      ("|", [(1, 1)]),
    ] as [(String, [(Int, Int)])])
  func positions(marked: String, expected: [(Int, Int)]) {
    let parts = marked.split(separator: "|", omittingEmptySubsequences: false).map {
      Array($0.utf8)
    }
    let table = LineTable(of: SourceFile(path: "a", bytes: Array(parts.joined())))
    var offset = 0
    var found: [LineColumn] = []
    for part in parts.dropLast() {
      offset += part.count
      found.append(table.position(of: offset))
    }
    #expect(found == expected.map { LineColumn(line: $0.0, column: $0.1) })
  }

  @Test(
    arguments: [
      ("a\nb\r\nc\rd", ["a", "b", "c", "d"]), ("", [""]), ("\n", ["", ""]),
      ("\r\n\r\n", ["", "", ""]),
      ("\r\r\n", ["", "", ""]), ("\u{FEFF}a\n", ["a", ""]), ("é\n日", ["é", "日"]),
    ] as [(String, [String])])
  func lines(text: String, lines: [String]) {
    let file = SourceFile(path: "a", text: text)
    let table = LineTable(of: file)
    #expect(table.lineCount == lines.count)
    #expect((1...table.lineCount).map { file.text(of: table.content(ofLine: $0)) } == lines)
  }

  @Test func placesOutsideAreTheEnds() {
    let table = LineTable(of: SourceFile(path: "a", text: "\u{FEFF}ab\ncd"))
    #expect(table.position(of: 99) == LineColumn(line: 2, column: 3))
    #expect(table.position(of: -1) == LineColumn(line: 1, column: 1))
    // Within the byte-order mark and within a character
    #expect(table.position(of: 1) == LineColumn(line: 1, column: 1))
  }

  /// Against a walk over the scalars from the beginning.
  @Test func agreesWithAWalk() {
    var random = SplitMix64(seed: 11)
    for _ in 0..<300 {
      let scalars = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        random.pick(["\r", "\n", "a", "é", "😀"] as [Unicode.Scalar])
      }
      var bytes: [UInt8] = []
      var walked: [(offset: Int, place: LineColumn)] = []
      var (line, column) = (1, 1)
      for (index, scalar) in scalars.enumerated() {
        walked.append((bytes.count, LineColumn(line: line, column: column)))
        bytes += Array(String(scalar).utf8)
        let isBreak = scalar == "\n" || scalar == "\r" && scalars.dropFirst(index + 1).first != "\n"
        (line, column) = isBreak ? (line + 1, 1) : (line, column + 1)
      }
      walked.append((bytes.count, LineColumn(line: line, column: column)))
      let table = LineTable(of: SourceFile(path: "a", bytes: bytes))
      #expect(walked.allSatisfy { table.position(of: $0.offset) == $0.place }, "\(scalars)")
    }
  }
}

@Suite struct DocumentTests {
  private static func read(_ text: String) throws -> Document {
    try JSONReader.read(SourceFile(path: "a.json", text: text))
  }

  @Test func keyPathsNameThePlace() throws {
    let root = try Self.read(#"{"a": {"b.c": [1, [2, {"\u0064": 3}]]}}"#).root
    let paths = DocumentChecks.nodes(try Self.read(root.sourceText)).map(\.keyPath)
    #expect(
      paths == [
        "", "a", "a.b.c", "a.b.c[0]", "a.b.c[1]", "a.b.c[1][0]", "a.b.c[1][1]", "a.b.c[1][1].d",
      ])
  }

  @Test func ofEqualKeysTheLastIsFound() throws {
    let document = try Self.read(#"{"a": 1, "b": 2, "\u0061": 3}"#)
    #expect(document.root["a"]?.text == "3")
    #expect(document.root["c"] == nil)
    #expect(document.root["\\u0061"] == nil)
    #expect(document.repeatedKeys.map { [$0.first.text, $0.second.text] } == [["1", "3"]])
    #expect(document.root["a"]?.hasKey("a") == true)
    #expect(document.root.hasKey("") == false)
  }

  /// Equal as Swift compares text, but not as the trainers do.
  @Test func keysAreComparedByTheirScalars() throws {
    let document = try Self.read("{\"\u{E9}\": 1, \"e\u{301}\": 2}")
    #expect(document.repeatedKeys.isEmpty)
    #expect(document.root["\u{E9}"]?.text == "1")
    #expect(document.root["e\u{301}"]?.text == "2")
  }

  /// "costarring" and "liquid" share their FNV-1a hash.
  @Test func keysOfOneHashAreToldApart() throws {
    #expect(hashOfKey("costarring") == hashOfKey("liquid"))
    let text = #"{"costarring": 1, "liquid": 2, "costarring": 3, "l\u0069quid": 4}"#
    let document = try Self.read(text)
    #expect(document.root["costarring"]?.text == "3")
    #expect(document.root["liquid"]?.text == "4")
    let texts = document.repeatedKeys.map { [$0.first.text, $0.second.text] }
    #expect(texts == [["1", "3"], ["2", "4"]])
  }

  /// Test vectors of draft-eastlake-fnv, appendix C: "", "a" and "foobar".
  @Test(
    arguments: [
      ("", 0x811C_9DC5), ("a", 0xE40C_292C),
      ("foobar", 0xBF9C_F968),
    ] as [(String, UInt32)])
  func hashIsFNV1a(text: String, hash: UInt32) { #expect(hashOfKey(text) == hash) }

  @Test func scalarsHaveNoChildren() throws {
    let root = try Self.read("[1]").root
    let one = try #require(root.children.first { _ in true })
    #expect(one["a"] == nil && Array(one.children).isEmpty && !one.isCollection)
    #expect(one.parent == root && root.parent == nil && one.keySpan == nil && one.key == nil)
    #expect(root.text == "" && root.sourceText == "[1]")
  }
}
