import SourceText
import TestSupport
import Testing

/// Places, texts and refusals, input by input. That PyYAML takes or refuses each of them was seen
/// with its SafeLoader, 6.0.3.
@Suite struct YAMLReaderTests {
  private static func read(_ text: String) throws -> Document {
    try YAMLReader.read(SourceFile(path: "a.yaml", text: text))
  }

  private static func node(_ path: String, in document: Document) throws -> DocumentNode {
    try #require(DocumentChecks.nodes(document).last { $0.keyPath == path }, "no \(path)")
  }

  /// `⟪⟫` is the value at the path, `⟦⟧` its key.
  @Test(
    arguments: [
      ("⟪⟫", ""), ("\u{FEFF}⟪⟫", ""), ("⟪⟫# c\n", ""), ("---⟪⟫\n", ""), ("\u{FEFF}⟪a⟫", ""),
      ("⟪1⟫\n", ""),
      ("--- ⟪a⟫\n...\n", ""), ("%YAML 1.1\n---\n⟪a: 1⟫\n", ""),
      ("⟦a⟧: ⟪1e-4⟫\n", "a"), ("日本: 1\n⟦a⟧: ⟪é⟫\n", "a"), ("⟦日⟧:   ⟪x y⟫  # c\n", "日"),
      ("a:\n  ⟪b: 1\n  c: 2⟫\n\n# end\nd: 3\n", "a"), ("a:\n⟪- 1\n- 2⟫\n\nb: 1", "a"),
      ("a:\n  ⟪- 1\n  - 2⟫\n", "a"), ("a:\n  - ⟪b: 1\n    c: [1,\n   2]⟫\n\n  - 2", "a[0]"),
      ("- ⟪- 1\n  - -2⟫\n- 3", "[0]"), ("-\n  ⟪- 1⟫\n", "[0]"), ("a:⟪⟫\n\n# c\nb: 1", "a"),
      ("a:⟪⟫", "a"),
      ("-⟪⟫\n- 1", "[0]"), ("? ⟦a⟧⟪⟫\n\n# c\nb: 1", "a"),
      ("a: ⟪[1, {b: 2} , 3 ]⟫ # c\n", "a"), ("a: ⟪{}⟫\n", "a"), ("a: [⟪b: 1⟫, 2]", "a[0]"),
      ("a: [⟪? b : 1⟫]", "a[0]"), ("a: [[⟪{b: 1}⟫]]", "a[0][0]"), ("{⟦a⟧⟪⟫ , b: 1}", "a"),
      ("{a: ⟪1⟫, b}", "a"),
      ("{⟦\"a\"⟧:⟪1⟫}", "a"), ("⟦'a'⟧: ⟪\"x\\ty\"⟫\n", "a"), ("a: ⟪'it''s'⟫ # c", "a"),
      ("a: ⟪\"x\n  y\"⟫\n", "a"),
      ("a: ⟪x\n  y⟫\n\nb: 1", "a"), ("a: ⟪x#y⟫ #z\n", "a"), ("a: ⟪-1⟫", "a"),
      ("a: ⟪|\n  x\n  y⟫\n\n# c\nb: 1", "a"),
      ("a: ⟪>- # c\n  x\n\n  y  ⟫\n \n", "a"), ("a: ⟪|+\n  é⟫\n\n\nb: 1\n", "a"),
      ("a: ⟪|⟫\nb: 1", "a"), ("a: ⟪|\n  x⟫", "a"),
      ("a: &x ⟪1⟫\n", "a"), ("a: !!str ⟪1⟫\n", "a"), ("a: &x !!str\n  # c\n  ⟪'1'⟫\n", "a"),
      ("a: &x⟪⟫\nb: 1", "a"),
      ("a: !!map\n  ⟪b: 1⟫\n", "a"), ("a: &x\n  ⟪- 1⟫\n", "a"), ("a: &x\n⟪- 1⟫\n", "a"),
      ("a: &x ⟪[1]⟫\n", "a"),
      ("a: &x !!map ⟪{b: 1}⟫", "a"), ("a: !<tag:yaml.org,2002:str> ⟪x⟫", "a"),
      ("&x ⟦a⟧: ⟪1⟫\n", "a"),
      ("!!str ⟦1⟧: ⟪2⟫\n", "1"), ("a: &x 1\nb: ⟪*x⟫ # c\n", "b"), ("a: &x k\n⟦*x⟧ : ⟪1⟫\n", "k"),
      ("\r\na: 1\r\n⟦b⟧: ⟪é⟫\r\nc: 1\r\n", "b"),
      ("a: 1\r⟦b⟧:\r  ⟪- 1\r  - é⟫\r\rc: 1\r", "b"), ("a: 1\u{85}⟦b⟧: ⟪2⟫\u{85}", "b"),
      ("é: 1\u{2028}⟦b⟧: ⟪2⟫\u{2029}c: 1", "b"), ("a: ⟪|\r\n  x\r\n  y⟫\r\n\r\nb: 1", "a"),
      ("\u{FEFF}é: 😀\n⟦b⟧: ⟪2⟫", "b"), ("  ⟦a⟧: ⟪1⟫\n  b: 2\n", "a"),
      ("a:\n ⟦b⟧:\n  ⟪c:\n   d: 1⟫\n # c\n\ne: 1\n", "a.b"),
    ] as [(String, String)])
  func spansAreExact(marked: String, path: String) throws {
    let marks = MarkedText(marked)
    let document = try Self.read(marks.text)
    let node = try Self.node(path, in: document)
    let keys = marks.secondary.isEmpty ? [] : [node.keySpan?.bytes].compactMap { $0 }
    #expect(MarkedText.marking(marks.text, [node.span.bytes], secondary: keys) == marked)
    #expect(DocumentChecks.misplaced(document) == [])
  }

  @Test(
    arguments: [
      ("1", .plain, "1"), ("a b", .plain, "a b"), ("~", .plain, "~"), ("", .plain, ""),
      ("on", .plain, "on"),
      ("0x1F", .plain, "0x1F"), ("a\n  b\n\n  c", .plain, "a b\nc"), ("'1'", .string, "1"),
      ("''", .string, ""),
      ("'it''s'", .string, "it's"), ("\"\"", .string, ""),
      ("\"a\\tb\\x41\\u00e9\\U0001F600\"", .string, "a\tbAé😀"),
      ("\"a\\\n  b\"", .string, "ab"), ("\"a\n\n  b\"", .string, "a\nb"),
      ("'a\n  b'", .string, "a b"),
      ("|\n  a\n   b\n\n", .string, "a\n b\n"), (">\n  a\n  b\n", .string, "a b\n"),
      ("|-\n  a\n\n", .string, "a"),
      ("|+\n  a\n\n", .string, "a\n\n"), ("|2\n   a", .string, " a"),
      (">-\n  a\n\n  b", .string, "a\nb"), ("|\n", .string, ""),
      ("\"a\tb\"", .string, "a\tb"), ("|\n  a\tb\n  \t\n", .string, "a\tb\n\t\n"),
      ("!!str 1", .string, "1"), ("!!str", .string, ""), ("! 1", .string, "1"),
      ("!!int '3'", .plain, "3"),
      ("!!float \"1e-4\"", .plain, "1e-4"), ("!!python/name:os.system x", .plain, "x"),
      ("!!python/tuple", .plain, ""),
      ("!local 'x'", .plain, "x"), ("C:\\dir", .plain, "C:\\dir"), ("\"\\0\"", .string, "\0"),
      ("'\"'", .string, "\""),
    ] as [(String, NodeKind, String)])
  func scalars(written: String, kind: NodeKind, text: String) throws {
    let node = try #require(try Self.read("a: \(written)").root["a"])
    #expect(node.kind == kind)
    #expect(node.text == text)
  }

  @Test(
    arguments: [
      ("\"a\": 1", "a"), ("'a': 1", "a"), ("\"\\u0061\": 1", "a"), ("a b : 1", "a b"),
      ("? >-\n  a\n  b\n: 1", "a b"),
      ("? a\n  b\n: 1", "a b"), ("? \n: 1", ""), ("'': 1", ""), ("!!str a: 1", "a"),
      ("日: 1", "日"), ("~: 1", "~"), ("{'': 1}", ""),
    ] as [(String, String)])
  func keys(text: String, key: String) throws {
    let root = try Self.read(text).root
    #expect(root.children.map(\.key) == [key])
    #expect(root[key]?.text == "1")
    #expect(root[key]?.keyHash == hashOfKey(key))
  }

  @Test(
    arguments: [
      // Tabs, which libyaml takes and PyYAML does not
      "a:⟪\t⟫b", "a: b⟪\t⟫\n", "a: b⟪\t⟫c", "a: b⟪\t⟫# c", "⟪\t⟫a: 1", "a: 1\n⟪\t⟫\n",
      "a: [1,⟪\t⟫2]", "a: |⟪\t⟫\n  x\n",
      "a: 'x'⟪\t⟫\n", "-⟪\t⟫a", "a:\n⟪\t⟫b: 1", "a: 'x\ty' # \t\nb:⟪\t⟫1",
      "a: |\n  x\ty\nb:⟪\t⟫1", "a: é\n'b':⟪\t⟫1", "# c\n⟪\t⟫",
      // Quotes
      "a: ⟪'⟫x\n", "a: ⟪\"⟫x\nb: 1\n", "a: ⟪'⟫x\n---\ny'", "a: \"⟪\\q⟫\"", "a: \"⟪\\é⟫\"",
      "a: \"C:⟪\\d⟫ir\"", "a: \"⟪\\u⟫12\"", "a: \"é⟪\\U⟫00110000\"", "{⟪:⟫ 1}", "⟪:⟫ 1",
      // The end of a quote is missing, and the next one ends it.
      "m:\n  a: ⟪\"x⟫\n  b: \"y\"\n", "a: ⟪'é # c⟫\nb: 'y'\n", "a: ⟪\"x⟫\r\nb: 1\r\nc: \"y\"\r\n",
      "a: 'b' ⟪c⟫", "⟪'⟫a", "a: 'b'⟪:⟫ c",
      // Structure
      "a: b⟪:⟫ c", "é: b⟪:⟫ c", "a: 1\n b⟪:⟫ 2", "a: ⟪-⟫ b", "  a: 1\n⟪b⟫: 2\n", "a: 1\n⟪-⟫ b\n",
      "- a\n⟪b⟫: c\n", "- a\n⟪b⟫",
      "a\nb⟪:⟫ c\n", "a: 1\n⟪b⟫\n", "a: 1\n⟪b⟫\nc: 1\n", "a: b\n  c⟪:⟫ d", "  - a\n⟪-⟫ b",
      "a: ⟪}⟫", "a: ⟪,⟫",
      // Brackets
      "a: ⟪[⟫1, 2\n", "a: ⟪{⟫b: 1", "a: [1\nb⟪:⟫ 2", "a: [1, 2]⟪]⟫", "a: [1,⟪,⟫2]", "[⟪,⟫]",
      "{a: 1⟪]⟫", "{a: 1\nb⟪:⟫ 2}", "[a, ⟪}⟫",
      // What begins no value
      "a: ⟪@⟫b", "a: ⟪`⟫b`", "a: ⟪%⟫b", "a: ⟪&⟫", "a: ⟪*⟫", "a: ⟪&⟫日 1", "a: ⟪!⟫<x", "a: |⟪x⟫\n",
      "a: ⟪|⟫0\n x",
      // Aliases
      "⟪*x⟫", "a: ⟪*x⟫\nb: &x 1", "a: &x [1, ⟪*x⟫]", "&x a: &y {b: [⟪*y⟫]}", "&x\na:\n  b: ⟪*x⟫",
      "a: &x 1\nb: ⟪&x⟫ 2",
      // Keys
      "? ⟪[⟫a]\n: b", "⟪[⟫a]: b", "{⟪{⟫a: b}: c}", "? ⟪-⟫ a\n: b", "? ⟪a⟫: b\n: c",
      "a: &x [1]\n⟪*x⟫ : b",
      // Merges
      "<<: ⟪3⟫", "a: 1\n<<:⟪⟫", "<<: [{}, ⟪3⟫]", "a: &x 1\n<<: ⟪*x⟫",
      "a: &x 1\nb:\n  <<: [⟪*x⟫]", "<<: ⟪'x'⟫", "a: {<<: [⟪[]⟫]}",
      // Documents
      "a: 1\n⟪---⟫\nb: 2", "a\n...\n⟪b⟫", "--- a\n⟪---⟫\n",
      // Characters
      "a: ⟪\u{1}⟫", "é: ⟪\0⟫", "a: b\u{FEFF}⟪\u{7F}⟫", "a: ⟪\u{80}⟫", "\u{FEFF}é: ⟪\u{1B}⟫",
      "a: '⟪\u{FFFF}⟫'",
    ] as [String])
  func refuses(marked: String) throws {
    let marks = MarkedText(marked)
    let error = try #require(throws: SyntaxError.self) { try Self.read(marks.text) }
    #expect(MarkedText.marking(marks.text, [error.bytes]) == marked, "\(error.message)")
    #expect(error.message.first?.isUppercase == false && !error.message.hasSuffix("."))
  }

  @Test(
    arguments: [
      ("a:\tb", "a tab, where PyYAML takes only spaces"),
      ("a: @b", "'@' cannot begin a value: a text needs quotes"),
      ("a: \"\\d\"", "'\\d' is no escape of YAML: use single quotes, or / in paths"),
      ("a: [1", "the file ends before this '[' is closed"),
      ("b:\n a: [1\nc: 2", "':' where ',' or ']' belongs: '[' of line 2 is open"),
      ("- a\nb: 1", "'b' where '-' belongs: the items of the list of line 1 begin in one column"),
      ("a: *b", "'*b' stands for nothing: no '&b' comes before it"),
      ("a: &x 1\nb: &x 1", "'&x' is defined twice: PyYAML takes each anchor once"),
      ("a: &x [*x]", "'*x' stands within '&x', which would never end"),
      ("{[1]: 2}", "a list as a key: PyYAML takes single values only"),
      ("a\n---\nb", "a second document begins here: trainers read files of one"),
      ("<<: 1", "'<<' takes a mapping or a list of mappings, and this is none"),
      ("a: \u{1}", "the control character U+0001 is not accepted in YAML"),
      ("a: 'x", "this quote is not closed before the file ends"),
    ] as [(String, String)])
  func messages(text: String, message: String) throws {
    let error = try #require(throws: SyntaxError.self) { try Self.read(text) }
    #expect(error.message == message)
  }

  @Test func aliasesShareWhatTheyStandFor() throws {
    let root = try Self.read("a: &x {b: [1, 2]}\nc: *x\nd: &y k\ne: *y\n").root
    let (anchored, alias) = (try #require(root["a"]), try #require(root["c"]))
    #expect(
      alias.isAlias && !anchored.isAlias && alias.kind == .mapping && alias.sourceText == "*x")
    #expect(alias["b"] == anchored["b"])
    #expect(alias.keyPath == "c" && alias["b"]?.keyPath == "a.b")
    #expect(root["e"]?.text == "k" && root["e"]?.kind == .plain && root["e"]?.sourceText == "*y")
  }

  @Test(
    arguments: [
      ("a: 1\nb: 2\n'a': 3", ["a"]), ("a: 1\n\"\\u0061\": 2\na: 3", ["a", "a"]),
      ("{a: 1, a}", ["a"]),
      ("- a: 1\n- a: 2", []), ("a: &x {<<: {}}\nb: {<<: *x, <<: *x}", []),
      ("a: {b: 1}\nb: 1\nc: {b: 1, b: 2}", ["c.b"]),
      ("'<<': 1\n<<: {}\n'<<': 2", ["<<"]), ("a: &x k\n*x : 1\nk: 2", ["k"]),
    ] as [(String, [String])])
  func repeatedKeys(text: String, paths: [String]) throws {
    let document = try Self.read(text)
    #expect(document.repeatedKeys.map(\.second.keyPath) == paths)
    #expect(
      document.repeatedKeys.map { [$0.first.id, $0.second.id] }
        == DocumentChecks.repeatedKeys(document))
  }
}
