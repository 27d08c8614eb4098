import Foundation
import SourceText
import TestSupport
import Testing

@Suite struct EnvironmentTests {
  private static func read(_ text: String) throws -> Document {
    try DocumentReader.read(SourceFile(path: "config/config.env", text: text))
  }

  /// Marked are the values; the entries follow in order, with `+` behind a key that adds words.
  @Test(arguments: [
    ("A=⟪1⟫\nexport B = ⟪\"x y\"⟫  \n", ["A:1", "B:x y"]),
    ("# A=1\n\n  A=⟪a # b⟫\r\nexport  C=⟪'d'⟫\r\n", ["A:a # b", "C:d"]),
    (
      "\u{FEFF}A=⟪⟫\nB=⟪\"⟫\nC=⟪''⟫\nD=⟪\"x'⟫\nE=⟪\"a\"b\"⟫",
      ["A:", "B:", "C:", "D:\"x'", "E:a\"b"]
    ),
    ("A=⟪1⟫\nA+=⟪\"--x 'y' \"⟫\nA+=⟪z\"⟫", ["A:1", "A+:--x 'y'", "A+:z"]),
    ("A=b+=⟪c=d⟫\n\"K\"=⟪1⟫\n=⟪é⟫", ["A=b+:c=d", "\"K\":1", ":é"]),
    ("no assignment\nset -e\n", []), ("", []),
  ])
  func reads(marked: String, entries: [String]) throws {
    let expected = MarkedText(marked)
    let root = try Self.read(expected.text).root
    let nodes = Array(root.children)
    #expect(nodes.map { "\($0.key ?? "")\($0.isAppending ? "+" : ""):\($0.text)" } == entries)
    #expect(MarkedText.marking(expected.text, nodes.map(\.span.bytes)) == marked)
    #expect(try DocumentChecks.misplaced(Self.read(expected.text)) == [])
  }

  @Test func skippedLines() throws {
    let source = SourceFile(path: "a.env", text: "A=1\n  set -e \n# c\n\nsource b")
    let skipped = EnvironmentReader.skippedLines(of: source).map { source.text(of: $0.bytes) }
    #expect(skipped == ["set -e", "source b"])
  }

  @Test func onlyLaterAssignmentsOverride() throws {
    let document = try Self.read("A=1\nA+=2\nB=1\nA=3\nB+=2\n")
    #expect(document.repeatedKeys.map { [$0.first.text, $0.second.text] } == [["1", "3"]])
    #expect(document.root["A"]?.text == "3")
  }

  @Test func textsHavePlaces() throws {
    let document = try Self.read("A+=\"' --lr=1 --x'\"\nB='é foo'\n")
    let (a, b) = (try #require(document.root["A"]), try #require(document.root["B"]))
    #expect(document.source.text(of: a.span(ofText: 0..<6).bytes) == "--lr=1")
    #expect(document.source.text(of: b.span(ofText: 3..<6).bytes) == "foo")
  }

  @Test(
    arguments: [
      ("A=1", "A", EditValue.number(1e-4), "A=0.0001"), ("A='x'", "A", .text("y z"), "A='y z'"),
      ("A=x", "A", .text("y z"), "A=\"y z\""), ("A=x", "A", .text("$y"), "A='$y'"),
      ("A=x", "A", .text("it's"), "A=\"it's\""), ("A=\"x\"", "A", .text("\"y\""), "A=\"\"y\"\""),
      ("A=x", "A", .texts(["--a", "b"]), "A=\"--a b\""), ("A=x", "A", .null, nil),
      ("A=x", "A", .text("a\nb"), nil), ("A+=x", "A", .text("'y"), nil),
      ("A=x", "A", .text(""), "A="),
      ("A=true # c", "A", .boolean(false), "A=false"),
    ] as [(String, String, EditValue, String?)])
  func replaces(text: String, key: String, value: EditValue, expected: String?) throws {
    let document = try Self.read(text)
    let node = try #require(document.root[key])
    #expect(Self.apply(document.editor.replace(node, with: value), document) == expected)
  }

  @Test func addsRemovesAndRenames() throws {
    let document = try Self.read("# c\r\nexport A=1\r\nB=2")
    let (root, editor) = (document.root, document.editor)
    func apply(_ edits: [TextEdit]?) -> String? { Self.apply(edits, document) }
    #expect(
      apply(editor.insert(key: "C", .text("x"), into: root)) == "# c\r\nexport A=1\r\nB=2\r\nC=x")
    #expect(apply(editor.insert(key: "A", .text("x"), into: root)) == nil)
    #expect(apply(editor.insert(key: "1 A", .text("x"), into: root)) == nil)
    #expect(apply(root["A"].flatMap(editor.remove)) == "# c\r\nB=2")
    #expect(apply(root["A"].flatMap { editor.rename($0, to: "C") }) == "# c\r\nexport C=1\r\nB=2")
    #expect(apply(root["A"].flatMap { editor.rename($0, to: "B") }) == nil)
    let exported = try Self.read("\texport A=1\n")
    #expect(
      Self.apply(exported.editor.insert(key: "B", .number(2), into: exported.root), exported)
        == "\texport A=1\n\texport B=2\n")
    let empty = try Self.read("# c")
    #expect(
      Self.apply(empty.editor.insert(key: "B", .number(2), into: empty.root), empty) == "# c\nB=2")
  }

  private static func apply(_ edits: [TextEdit]?, _ document: Document) -> String? {
    edits.map {
      let fix = Fix(title: "", safety: .safe, edits: $0)
      return String(decoding: document.source.applying([fix]).bytes, as: UTF8.self)
    }
  }

  @Test(.enabled(if: SharedFiles.arePresent))
  func shippedFiles() throws {
    let files = SharedFiles.all(["env"])
    #expect(files.count >= 4)
    for file in files {
      let source = SourceFile(path: file.path(), bytes: Array(try Data(contentsOf: file)))
      #expect(try DocumentReader.read(source).root["TRAINING_NUM_PROCESSES"]?.text == "1")
      #expect(EnvironmentReader.skippedLines(of: source).isEmpty)
    }
  }

  /// Any text is read, and every change of it reads back.
  @Test func takesAnything() throws {
    let alphabet = [
      "A", "B", "=", "+=", "export ", "\n", "\r\n", "\"", "'", " ", "\t", "#", "é", "\\", "x y",
      "$",
    ]
    var random = SplitMix64(seed: 5)
    for seed in 0..<1500 as Range<UInt64> {
      let text = (0..<Int.random(in: 0...14, using: &random)).map { _ in random.pick(alphabet) }
        .joined()
      let document = try Self.read(text)
      #expect(DocumentChecks.misplaced(document) == [], "\(text.debugDescription)")
      let keys = document.root.children.map { $0.key ?? "" }
      guard Set(keys).count == keys.count else { continue }
      var checks = EditChecks(document, seed: seed) { source throws(SyntaxError) in
        try EnvironmentReader.read(source)
      }
      checks.isUntyped = true
      checks.run()
      #expect(checks.problems.prefix(1) == [], "\(text.debugDescription)")
    }
  }
}
