import SourceText
import TestSupport
import Testing

/// Parts of texts, found in the file and replaced there.
@Suite struct TextSpanTests {
  /// In each file `a` is a text that holds `foo` once, which is marked. After it, the file in which
  /// it is `b"a'r`.
  static let files: [(path: String, text: String, replaced: String)] = [
    ("a.json", #"{"a": "x ⟪foo⟫ y"}"#, #"{"a": "x b\"a'r y"}"#),
    ("a.json", #"{"a": "⟪foo⟫"}"#, #"{"a": "b\"a'r"}"#),
    (
      "a.json", #"{"a": "\t\u00e9\ud83d\ude00é😀 ⟪f\u006fo⟫\\"}"#,
      #"{"a": "\t\u00e9\ud83d\ude00é😀 b\"a'r\\"}"#
    ),
    ("a.json", "{\r\n\"a\": \"日\\\"⟪foo⟫\"}", "{\r\n\"a\": \"日\\\"b\\\"a'r\"}"),
    ("a.toml", "a = \"x\\t⟪fo\\U0000006f⟫\"\r\n", "a = \"x\\tb\\\"a'r\"\r\n"),
    ("a.toml", "a = 'x\\t⟪foo⟫'\n", "a = \"x\\\\tb\\\"a'r\"\n"),
    (
      "a.toml", "a = \"\"\"\r\né\\\r\n   \r\n ⟪foo⟫\r\n\"\"\"\n",
      "a = \"\"\"\r\né\\\r\n   \r\n b\\\"a'r\r\n\"\"\"\n"
    ),
    ("a.toml", "a = '''x\r\n\"⟪foo⟫'''\n", "a = \"x\\n\\\"b\\\"a'r\"\n"),
    ("a.yaml", "a: x ⟪foo⟫ y # c\n", "a: x b\"a'r y # c\n"),
    ("a.yaml", "a: 'it''s ⟪foo⟫'\n", "a: 'it''s b\"a''r'\n"),
    (
      "a.yaml", "a: \"\\x41\\N日 ⟪f\\x6fo⟫\\\r\n   x\"\r\n",
      "a: \"\\x41\\N日 b\\\"a'r\\\r\n   x\"\r\n"
    ),
    ("a.yaml", "{a: ⟪foo⟫}\n", "{a: b\"a'r}\n"),
    ("a.yaml", "a: !!str ⟪foo⟫\n", "a: !!str b\"a'r\n"),
  ]

  @Test(arguments: files)
  func findsAndReplaces(path: String, text: String, replaced: String) throws {
    let marked = MarkedText(text)
    let document = try DocumentReader.read(SourceFile(path: path, text: marked.text))
    let node = try #require(document.root["a"])
    let place = try #require(Self.place(of: "foo", in: node.text))
    let span = node.span(ofText: place)
    #expect(MarkedText.marking(marked.text, [span.bytes]) == text)
    let edits = try #require(document.editor.replace(part: place, of: node, with: "b\"a'r"))
    let (bytes, _) = document.source.applying([Fix(title: "", safety: .safe, edits: edits)])
    #expect(String(decoding: bytes, as: UTF8.self) == replaced)
    let after = try DocumentReader.read(SourceFile(path: path, bytes: bytes))
    #expect(after.root["a"]?.text == node.text.replacing("foo", with: "b\"a'r"))
  }

  /// All of the value where its text is not simply there.
  @Test(arguments: [
    ("a.yaml", "a: ⟪>\n  x\n  foo⟫\n"), ("a.yaml", "a: ⟪x\n  foo⟫\n"),
    ("a.yaml", "a: ⟪'x\n\n  foo'⟫\n"),
    ("a.yaml", "b: &b foo\na: ⟪*b⟫\n"), ("a.json", "{\"a\": ⟪[\"foo\"]⟫}"),
  ])
  func fallsBackToTheValue(path: String, text: String) throws {
    let marked = MarkedText(text)
    let document = try DocumentReader.read(SourceFile(path: path, text: marked.text))
    let node = try #require(document.root["a"])
    #expect(MarkedText.marking(marked.text, [node.span(ofText: 0..<1).bytes]) == text)
  }

  @Test(arguments: [
    ("a.json", "{\"a\": 12}", 0..<1), ("a.json", "{\"a\": \"x\"}", 0..<2),
    ("a.json", "{\"a\": \"é\"}", 0..<1), ("a.yaml", "a: |\n  x\n", 0..<1),
    ("a.yaml", "b: &b x\na: *b\n", 0..<1), ("a.toml", "a = 1", 0..<1),
    ("a.json", "{\"a\": \"é\"}", -1..<0),
  ])
  func refuses(path: String, text: String, part: Range<Int>) throws {
    let document = try DocumentReader.read(SourceFile(path: path, text: text))
    let node = try #require(document.root["a"])
    #expect(document.editor.replace(part: part, of: node, with: "y") == nil)
  }

  /// Other quotes, and an alias's folded text, where the old ones cannot hold the new part.
  @Test(arguments: [
    ("a.yaml", "a: x y\n", 1..<2, ": ", "a: \"x: y\"\n"),
    ("a.yaml", "a: x1\n", 0..<1, "", "a: \"1\"\n"),
    ("a.yaml", "a: 'x'\n", 1..<1, "\n", "a: \"x\\n\"\n"),
    ("a.yaml", "a: x\n  y\n", 0..<1, "z", "a: z y\n"),
    ("a.toml", "a = 'x'\n", 0..<0, "\n", "a = \"\\nx\"\n"),
    ("a.json", "{\"a\": \"\"}", 0..<0, "x", "{\"a\": \"x\"}"),
  ])
  func changesTheQuotes(path: String, text: String, part: Range<Int>, new: String, after: String)
    throws
  {
    let document = try DocumentReader.read(SourceFile(path: path, text: text))
    let node = try #require(document.root["a"])
    let edits = try #require(document.editor.replace(part: part, of: node, with: new))
    let (bytes, _) = document.source.applying([Fix(title: "", safety: .safe, edits: edits)])
    #expect(String(decoding: bytes, as: UTF8.self) == after)
  }

  /// Each character of each text of generated documents is found where it stands, and replaced there.
  @Test(arguments: ["toml", "yaml"])
  func agreesWithReading(ending: String) throws {
    var exact = 0
    for seed in 0..<300 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      var generator = TOMLGenerator(seed: seed)
      let text = ending == "toml" ? generator.document() : YAMLGenerator.document(&random)
      let document = try DocumentReader.read(SourceFile(path: "a.\(ending)", text: text))
      for node in DocumentChecks.nodes(document) where !node.isCollection {
        let value = node.text
        guard !value.isEmpty else { continue }
        let index = value.unicodeScalars.indices.randomElement(using: &random) ?? value.startIndex
        let start = value.utf8.distance(from: value.startIndex, to: index)
        let part = start..<(start + String(value.unicodeScalars[index]).utf8.count)
        let span = node.span(ofText: part)
        let isWhole = span == node.span
        if !isWhole, !node.sourceText.contains("\\") {
          exact += 1
          let found = document.source.text(of: span.bytes)
          #expect([found, "'"].contains(String(value.unicodeScalars[index])) || found == "\r\n")
        }
        for new in ["", "ß", "a b", "'\"\n"] {
          guard let edits = document.editor.replace(part: part, of: node, with: new) else {
            continue
          }
          let (bytes, _) = document.source.applying([Fix(title: "", safety: .safe, edits: edits)])
          let after = try DocumentReader.read(SourceFile(path: "a.\(ending)", bytes: bytes))
          let expected = node.text(replacing: part, with: new)
          let path = Step.path(node)
          #expect(Tree(after.root)[path]?.text == expected, "\(text) \(edits)")
          #expect(
            Tree(document.root).changing(path) { _ in Tree(after.root)[path] } == Tree(after.root))
        }
      }
    }
    #expect(exact > 500)
  }

  private static func place(of part: String, in text: String) -> Range<Int>? {
    text.firstRange(of: part).map {
      let start = text.utf8.distance(from: text.startIndex, to: $0.lowerBound)
      return start..<(start + part.utf8.count)
    }
  }
}

extension DocumentNode {
  fileprivate func text(replacing part: Range<Int>, with new: String) -> String {
    var bytes = Array(text.utf8)
    bytes.replaceSubrange(part, with: new.utf8)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Tree {
  fileprivate var text: String? {
    guard case .scalar(let text) = self else { return nil }
    return text.hasPrefix("string ") ? String(text.unicodeScalars.dropFirst(7)) : text
  }
}
