import SourceText
import TestSupport
import Testing

@Suite struct EditorTests {
  enum Edit {
    case replace(EditValue)
    case insert(String, EditValue)
    case remove
    case rename(String)
  }

  /// What stands between `⟪ ⟫` is the node that is changed; nothing is marked for the root. The text
  /// after is nil where the change cannot be made.
  struct Case: CustomTestStringConvertible {
    let before: String
    let edit: Edit
    let after: String?

    init(_ before: String, _ edit: Edit, _ after: String?) {
      self.before = before
      self.edit = edit
      self.after = after
    }

    var testDescription: String { "\(edit) in \(before.debugDescription)" }
  }

  private static func check(_ test: Case, _ path: String) throws {
    let marked = MarkedText(test.before)
    let document = try DocumentReader.read(SourceFile(path: path, text: marked.text))
    let node = try #require(
      marked.ranges.first.map { range in
        DocumentChecks.nodes(document).first { $0.span.bytes == range }
      } ?? document.root)
    let edits =
      switch test.edit {
      case .replace(let value): document.editor.replace(node, with: value)
      case .insert(let key, let value): document.editor.insert(key: key, value, into: node)
      case .remove: document.editor.remove(node)
      case .rename(let key): document.editor.rename(node, to: key)
      }
    let after = edits.map {
      let fix = Fix(title: "", safety: .safe, edits: $0)
      return String(decoding: document.source.applying([fix]).bytes, as: UTF8.self)
    }
    #expect(after == test.after)
  }

  @Test(arguments: [
    Case(#"{"a": ⟪1e-4⟫}"#, .replace(.number(1)), #"{"a": 1}"#),
    Case(#"{"a": ⟪1⟫}"#, .replace(.numeral("1e-4")), #"{"a": 1e-4}"#),
    Case(#"{"a": ⟪1⟫}"#, .replace(.numeral("1_0")), #"{"a": 10}"#),
    Case(#"{"a": ⟪1⟫}"#, .replace(.null), #"{"a": null}"#),
    Case(#"{"a": ⟪1⟫}"#, .replace(.texts(["x", "\""])), #"{"a": ["x", "\""]}"#),
    Case(
      #"{"a": ⟪1⟫}"#, .replace(.entry("b", .list([.boolean(true)]))), #"{"a": {"b": [true]}}"#),
    Case("{\n  \"a\": 1\n}", .insert("b", .text("x")), "{\n  \"a\": 1,\n  \"b\": \"x\"\n}"),
    Case("{ }", .insert("b", .number(2)), "{\"b\": 2}"),
    Case(#"{"a": 1, "b": ⟪2⟫}"#, .remove, #"{"a": 1}"#),
    Case(#"{"a": ⟪1⟫, "b": 2}"#, .remove, #"{"b": 2}"#),
    Case(#"[⟪1⟫, 2]"#, .remove, #"[2]"#),
    Case(#"[1, ⟪2⟫]"#, .remove, #"[1]"#),
    Case(#"{"a": ⟪1⟫}"#, .rename("b\""), #"{"b\"": 1}"#),
  ])
  func json(test: Case) throws { try Self.check(test, "a.json") }

  @Test(arguments: [
    // A float stays a float, a whole number whole; comments stay
    Case("a = ⟪1e-4⟫ # c\n", .replace(.number(1)), "a = 1.0 # c\n"),
    Case("a = ⟪1⟫\r\nb = 2\r\n", .replace(.number(2)), "a = 2\r\nb = 2\r\n"),
    Case("a = ⟪1⟫", .replace(.number(0.5)), "a = 0.5"),
    Case("a = ⟪1⟫", .replace(.number(1e-5)), "a = 1e-05"),
    Case("a = ⟪1.0⟫", .replace(.number(.infinity)), "a = inf"),
    Case("a = ⟪'x'⟫", .replace(.text("C:\\x")), "a = 'C:\\x'"),
    Case("a = ⟪'x'⟫", .replace(.text("it's")), "a = \"it's\""),
    Case("a = ⟪\"\"\"x\ny\"\"\"⟫\n", .replace(.text("a\nb\u{7F}")), "a = \"a\\nb\\u007F\"\n"),
    Case("a = ⟪1⟫", .replace(.numeral("1_0.5")), "a = 1_0.5"),
    Case("a = ⟪1⟫", .replace(.numeral(".5")), "a = 0.5"),
    Case("a = ⟪1⟫", .replace(.null), nil),
    Case("a = ⟪[\n  1, # one\n]⟫", .replace(.texts(["x"])), nil),
    Case("a = ⟪[\n  '#',\n]⟫", .replace(.texts(["x", "y z"])), "a = [\"x\", \"y z\"]"),
    Case("⟪[a]\nb = 1⟫\n", .replace(.text("x")), nil),
    // Entries of the root come before the first header
    Case("a = 1 # c\n\n# t\n[t]\n", .insert("b", .number(2)), "a = 1 # c\nb = 2\n\n# t\n[t]\n"),
    Case("# f\n\n# t\n[t]\nx = 1\n", .insert("b", .number(2)), "# f\n\nb = 2\n\n# t\n[t]\nx = 1\n"),
    Case("", .insert("b", .text("x")), "b = \"x\""),
    Case("# c", .insert("b c", .text("x")), "# c\n\"b c\" = \"x\""),
    Case("a = 1", .insert("a", .number(2)), nil),
    Case(
      "⟪[t]\r\n  x = 1⟫\r\n\r\n[u]\r\n", .insert("y", .boolean(true)),
      "[t]\r\n  x = 1\r\n  y = true\r\n\r\n[u]\r\n"),
    Case("⟪[t]⟫ # c\n[u]\n", .insert("y", .texts([])), "[t] # c\ny = []\n[u]\n"),
    Case(
      "[[d]]\nx = 1\n⟪[[d]]\nx = [\n  2\n]⟫\n[d.e]\n", .insert("y", .number(1)),
      "[[d]]\nx = 1\n[[d]]\nx = [\n  2\n]\ny = 1\n[d.e]\n"),
    // Dotted keys, inline tables
    Case("⟪o⟫ . b = 1\nc = 2\n", .insert("d", .number(3)), "o . b = 1\no . d = 3\nc = 2\n"),
    Case("t = ⟪{ a = 1 }⟫", .insert("b", .text("x")), "t = { a = 1, b = \"x\" }"),
    Case("t = ⟪{}⟫", .insert("b", .text("x")), "t = { b = \"x\" }"),
    Case("t = { ⟪a⟫.b = 1 }", .insert("c", .number(2)), "t = { a.b = 1, a.c = 2 }"),
    Case("[⟪a⟫.b]\nx = 1\n", .insert("c", .number(2)), nil),
    // Removing
    Case("a = 1\n  b = ⟪2⟫  \nc = 3\n", .remove, "a = 1\nc = 3\n"),
    Case("b = ⟪2⟫ # c\nc = 3\n", .remove, "# c\nc = 3\n"),
    Case("a = 1\r\nb = ⟪[\r\n  1,\r\n]⟫\r\n", .remove, "a = 1\r\n"),
    Case("a.b = ⟪1⟫\n", .remove, nil),
    Case("a = [⟪1⟫, 2]", .remove, "a = [2]"),
    Case("a = [1, ⟪2⟫]", .remove, "a = [1]"),
    Case("a = [ ⟪1⟫, ]", .remove, "a = [ ]"),
    Case("a = [\n  1, # one\n  ⟪2⟫, # two\n  3\n]", .remove, "a = [\n  1, # one\n  # two\n  3\n]"),
    Case("a = [\n  1,\n  ⟪2⟫,\n  # three\n  3\n]", .remove, "a = [\n  1,\n  # three\n  3\n]"),
    Case("a = [\n  1, # one\n  ⟪2⟫\n]", .remove, "a = [\n  1, # one\n]"),
    Case("a = {b = ⟪1⟫, c = 2}", .remove, "a = {c = 2}"),
    Case("a = {b = 1, c = ⟪2⟫}", .remove, "a = {b = 1}"),
    Case("⟪[t]\nx = 1⟫\n[t.u]\ny = 1\n[v]\n", .remove, "[v]\n"),
    Case("[[d]]\nx = 1\n⟪[[d]]⟫\n[d.e]\ny = 1\n", .remove, "[[d]]\nx = 1\n"),
    Case("⟪[[d]]\nx = 1⟫\n", .remove, ""),
    // Renaming
    Case("a = ⟪1⟫", .rename("b.c"), "\"b.c\" = 1"),
    Case("a = ⟪1⟫\nb = 2", .rename("b"), nil),
    Case("⟪[t]\nx = 1⟫\n", .rename("u"), "[u]\nx = 1\n"),
    Case("⟪[t]\nx = 1⟫\n[t.v]\n", .rename("u"), nil),
    Case("⟪a⟫.b = 1\na.c = 1\n", .rename("u"), nil),
  ])
  func toml(test: Case) throws { try Self.check(test, "a.toml") }

  @Test(arguments: [
    Case("a: ⟪1e-4⟫ # c\n", .replace(.number(1)), "a: 1.0 # c\n"),
    Case("a: ⟪0.1⟫", .replace(.number(1e-5)), "a: 1.0e-05"),
    Case("a: ⟪1⟫\r\nb: 2\r\n", .replace(.number(2)), "a: 2\r\nb: 2\r\n"),
    Case("a: ⟪x⟫", .replace(.numeral("1e-4")), "a: 0.0001"),
    Case("a: ⟪x⟫", .replace(.numeral("1.0e-4")), "a: 1.0e-4"),
    Case("a: ⟪'1'⟫", .replace(.text("it's")), "a: 'it''s'"),
    Case("a: ⟪\"1\"⟫", .replace(.text("x\n\u{85}")), "a: \"x\\n\\u0085\""),
    Case("a: ⟪x⟫", .replace(.null), "a: null"),
    Case("a:⟪⟫ # c\n", .replace(.text("x")), "a: x # c\n"),
    Case("- ⟪a\n  b⟫\n", .replace(.boolean(true)), "- true\n"),
    Case("a: ⟪|\n  x\n  y⟫\n\nb: 1\n", .replace(.text("z")), "a: z\n\nb: 1\n"),
    Case("a: ⟪| # c\n  x⟫\n", .replace(.text("z")), nil),
    Case("a: !!str ⟪1⟫\n", .replace(.number(2)), nil),
    Case("a: &x ⟪1⟫\n", .replace(.number(2)), "a: &x 2\n"),
    Case("a: &x ⟪1⟫\nb: *x\n", .replace(.number(2)), nil),
    Case("a: &x 1\nb: ⟪*x⟫\n", .replace(.number(2)), nil),
    Case("a: &x {b: ⟪1⟫}\nc:\n  <<: *x\n", .replace(.number(2)), nil),
    Case("a:\n⟪- x\n- y⟫\nb: 1\n", .replace(.texts(["x, y", "z"])), "a: [\"x, y\", z]\nb: 1\n"),
    Case("a:\n  ⟪- x # c\n  - y⟫\n", .replace(.texts(["x"])), nil),
    Case("a: {b: ⟪x⟫}\n", .replace(.text("y: z")), "a: {b: \"y: z\"}\n"),
    // Adding
    Case(
      "a:\n  ⟪b: 1 # c\n  d:\n    - e⟫\n\n  # x\nf: 1\n", .insert("k", .text("1")),
      "a:\n  b: 1 # c\n  d:\n    - e\n  k: \"1\"\n\n  # x\nf: 1\n"),
    Case("- ⟪a: 1⟫\n- b\n", .insert("k", .boolean(true)), "- a: 1\n  k: true\n- b\n"),
    Case("a: 1", .insert("yes", .number(2)), "a: 1\n\"yes\": 2"),
    Case("a: 1\r\n", .insert("b", .entry("c", .texts(["d"]))), "a: 1\r\nb: {c: [d]}\r\n"),
    Case("a: |\n  x\n\nb: |+\n  x\n\n", .insert("c", .number(1)), nil),
    Case("a: |\n  x", .insert("c", .number(1)), nil),
    Case("a: |\n  x\n\n\n", .insert("c", .number(1)), "a: |\n  x\nc: 1\n\n\n"),
    Case("a: ⟪{b: 1}⟫", .insert("c", .text("x y")), "a: {b: 1, c: x y}"),
    Case("a: ⟪{ }⟫", .insert("c", .text("x")), "a: {c: x}"),
    Case("{\n  \"b\": 1,\n}", .insert("c", .number(2)), "{\n  \"b\": 1,\n  \"c\": 2,\n}"),
    Case("a: &x ⟪{b: 1}⟫\nc: *x\n", .insert("c", .number(2)), nil),
    Case("? a\n: b\n", .insert("c", .number(2)), nil),
    // Removing
    Case("a: 1\nb:\n  ⟪- x # c\n  - y⟫ # d\nc: 1\n", .remove, "a: 1\nc: 1\n"),
    Case("a: 1\nb: ⟪2⟫ # c\nd: 1\n", .remove, "a: 1\n# c\nd: 1\n"),
    Case("- a: ⟪1⟫ # c\n  b: 2\n", .remove, "- # c\n  b: 2\n"),
    Case("- a: ⟪1⟫\n  b: 2\n", .remove, "- b: 2\n"),
    Case("a:\n  b: ⟪1⟫\nc: 2\n", .remove, "a: {}\nc: 2\n"),
    Case("a:\n- ⟪1⟫\nc: 2\n", .remove, "a: []\nc: 2\n"),
    Case("- a\n- ⟪b⟫\n- c\n", .remove, "- a\n- c\n"),
    Case("a: [⟪x⟫, y]\n", .remove, "a: [y]\n"),
    Case("a: {b: 1, c: ⟪2⟫, }\n", .remove, "a: {b: 1, }\n"),
    Case("a: |\n  x\nb: ⟪1⟫\n  # d\nc: 1\n", .remove, nil),
    Case("a: &x ⟪1⟫\nb: *x\n", .remove, nil),
    Case("a: &x 1\nb: ⟪*x⟫\n", .remove, "a: &x 1\n"),
    // Renaming
    Case("a: ⟪1⟫\n", .rename("b"), "b: 1\n"),
    Case("a: ⟪1⟫\n", .rename("on"), "\"on\": 1\n"),
    Case("'a': ⟪1⟫\n", .rename("b"), "'b': 1\n"),
    Case("a: ⟪1⟫\nb: 2\n", .rename("b"), nil),
    Case("{\"a\":⟪1⟫}", .rename("b"), "{\"b\":1}"),
    Case("&x a: ⟪1⟫\nb: *x\n", .rename("c"), nil),
  ])
  func yaml(test: Case) throws { try Self.check(test, "a.yaml") }

  /// What is there is replaced, what is not is added with the mappings on the way to it.
  @Test(
    arguments: [
      ("a.json", #"{"a": {"b": 1}}"#, ["a", "b"], #"{"a": {"b": 0.5}}"#),
      ("a.json", #"{"a": {"b": 1}}"#, ["a", "c", "d"], #"{"a": {"b": 1, "c": {"d": 0.5}}}"#),
      ("a.toml", "[a]\nb = 1\n", ["a", "c"], "[a]\nb = 1\nc = 0.5\n"),
      ("a.yaml", "a:\n  b: 1\n", ["c", "d"], "a:\n  b: 1\nc: {d: 0.5}\n"),
      ("a.yaml", "a:\n  b: 1\n", ["a", "b", "c"], nil),
    ] as [(String, String, [String], String?)])
  func sets(path: String, text: String, keys: [String], expected: String?) throws {
    let document = try DocumentReader.read(SourceFile(path: path, text: text))
    let edits = document.editor.set(keys, below: document.root, to: .number(0.5))
    let after = edits.map {
      let fix = Fix(title: "", safety: .safe, edits: $0)
      return String(decoding: document.source.applying([fix]).bytes, as: UTF8.self)
    }
    #expect(after == expected)
  }

  /// What PyYAML 6.0.3 reads as something else than this text is written in quotes.
  @Test(arguments: [
    "~", "null", "Null", "yes", "Yes", "no", "NO", "true", "True", "on", "OFF", "1", "-1", "+1",
    "0", "010", "0x1F", "0b1", "1_000", "1.0", "1.", ".5", "1.0e-4", "1.5E+3", ".inf", "-.inf",
    "+.INF", ".nan", ".NaN", "1:30", "190:20:30", "1:30.5", "2001-12-14", "2001-12-14T21:59:43Z",
    "2001-12-14 21:59:43.10 -5", "<<", "=", "-", "", "a: b", "a #b", "- a", "a ", " a", "[a]",
    "{a", "@a", "`a", "%a", "!a", "&a", "*a", "|a", ">a", "'a", "\"a", "#a", ",a", "a:", "a\tb",
  ])
  func quotesWhatIsNoPlainText(text: String) throws {
    let document = try YAMLReader.read(SourceFile(path: "", text: "a: x"))
    let node = try #require(document.root["a"])
    let edit = try #require(document.editor.replace(node, with: .text(text))?.first)
    #expect(edit.text.hasPrefix("\""))
  }

  @Test(arguments: [
    "none", "1girl", "512,768", "a1", "-a", "-1a", "8bit_adam", "0.9,0.99", "1/2", "-x=1", "a#b",
    "x:y", "a]", "a, b", "http://a/b?c", "C:\\x", "/a/b.safetensors", "é 日", "a 'b' \"c\"",
  ])
  func leavesPlainTextsPlain(text: String) throws {
    let document = try YAMLReader.read(SourceFile(path: "", text: "a: x"))
    let node = try #require(document.root["a"])
    let edit = try #require(document.editor.replace(node, with: .text(text))?.first)
    #expect(edit.text == text)
  }
}
