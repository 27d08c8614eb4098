import SourceText
import TestSupport
import Testing

/// The grammar, input by input. JSONTestSuite names its like `y_…` and `n_…`.
@Suite struct JSONReaderTests {
  private static func value(_ text: String, _ dialect: JSONReader.Dialect = .standard) throws
    -> String
  {
    DocumentChecks.value(
      try JSONReader.read(SourceFile(path: "a.json", text: text), dialect: dialect).root)
  }

  @Test(
    arguments: [
      // Structure and whitespace
      ("[]", "[]"), ("{}", "{}"), ("[[]]", "[[]]"), (" [ ] ", "[]"), ("\t{\n}\r\n", "{}"),
      ("[[],{}]", "[[],{}]"), ("{\"a\":{}}", #"{"a":{}}"#),
      ("{\"a\":[],\"b\":{}}", #"{"a":[],"b":{}}"#),
      ("\u{FEFF}[]", "[]"), ("[\r1\r]", "[integer \"1\"]"), ("\n\n[\n]\n\n", "[]"),
      ("{ \"a\" : 1 }", #"{"a":integer "1"}"#), ("{\"\":0}", #"{"":integer "0"}"#),
      ("{\"a\":1,\"a\":2}", #"{"a":integer "1","a":integer "2"}"#),
      // Words
      ("null", #"null "null""#), ("true", #"boolean "true""#), (" false ", #"boolean "false""#),
      ("[null,true]", #"[null "null",boolean "true"]"#),
      // Numbers
      ("0", #"integer "0""#), ("-0", #"integer "-0""#), ("-1", #"integer "-1""#),
      ("123456789012345678901234567890", #"integer "123456789012345678901234567890""#),
      ("0.5", #"float "0.5""#), ("-0.0", #"float "-0.0""#), ("1e4", #"float "1e4""#),
      ("1E4", #"float "1E4""#), ("1e+4", #"float "1e+4""#), ("1e-4", #"float "1e-4""#),
      ("1.5E-07", #"float "1.5E-07""#), ("0e0", #"float "0e0""#), ("0e+1", #"float "0e+1""#),
      ("1e00", #"float "1e00""#), ("1e999", #"float "1e999""#),
      ("[1,2]", #"[integer "1",integer "2"]"#),
      ("10", #"integer "10""#), ("1.000", #"float "1.000""#), ("[-9\n]", #"[integer "-9"]"#),
      // Texts
      (#""""#, #"string """#), (#""a b""#, #"string "a b""#), (#""'""#, #"string "\'""#),
      (#""/\/""#, #"string "//""#), (#""\"\\""#, #"string "\"\\""#),
      (#""\b\f\n\r\t""#, #"string "\u{08}\u{0C}\n\r\t""#), (#""\u0041""#, #"string "A""#),
      (#""\u00e9\u00E9""#, #"string "éé""#), (#""\ud83d\ude00""#, #"string "😀""#),
      (#""\uD834\uDD1Ex""#, #"string "𝄞x""#), (#""é日😀""#, #"string "é日😀""#),
      ("\"\u{7F}\"", #"string "\u{7F}""#), ("\"\u{2028}\"", "string \"\u{2028}\""),
      (#""\u0000""#, #"string "\0""#), (#""//""#, #"string "//""#),
      ("\"# text\"", "string \"# text\""),
      (#""[1,]""#, #"string "[1,]""#), (#""\\u0041""#, #"string "\\u0041""#),
      (#""\\\"""#, #"string "\\\"""#),
      // A surrogate without its partner is no character
      (#""\ud800""#, #"string "�""#), (#""\udc00x""#, #"string "�x""#),
      (#""\ud800\u0041""#, #"string "�A""#), (#""\ud800\ud83d\ude00""#, #"string "�😀""#),
      (#""\ude00\ud83d""#, #"string "��""#), (#"{"\ud800":1}"#, #"{"�":integer "1"}"#),
      // Keys
      (#"{"a\u0062":1}"#, #"{"ab":integer "1"}"#), (#"{"日":1}"#, #"{"日":integer "1"}"#),
      (#"{"a\"b":1}"#, #"{"a\"b":integer "1"}"#), (#"{"'a'":1}"#, #"{"\'a\'":integer "1"}"#),
    ] as [(String, String)])
  func accepts(text: String, value: String) throws {
    #expect(try Self.value(text) == value)
    #expect(try Self.value(text, .python) == value)
  }

  @Test(
    arguments: [
      // Structure
      "⟪⟫", " ⟪⟫", "\u{FEFF}⟪⟫", "⟪[⟫", "⟪{⟫", "⟪]⟫", "⟪}⟫", "[⟪[⟫", "⟪[⟫[]", "[1⟪}⟫",
      "{\"a\":1⟪]⟫",
      "[]⟪]⟫", "[] ⟪x⟫", "[]⟪[⟫]", "1 ⟪2⟫", "{}⟪}⟫", "null⟪,⟫", "{\"a\":1}⟪,⟫", "⟪:⟫", "⟪,⟫",
      "[⟪:⟫1]",
      "[1 ⟪2⟫]", "[1⟪:⟫2]", "[⟪,⟫]", "[⟪,⟫1]", "[1,⟪,⟫2]", "[1⟪,⟫]", "[1⟪,⟫ \n ]", "[1⟪,⟫}",
      "{\"a\":1⟪,⟫}",
      "{⟪,⟫}", "{\"a\":1,⟪,⟫\"b\":2}", "{\"a\"⟪}⟫", "{\"a\":⟪}⟫", "{\"a\":⟪,⟫}", "{\"a\"⟪,⟫\"b\"}",
      "{\"a\" ⟪1⟫}", "{\"a\"⟪=⟫1}", "{\"a\":⟪:⟫1}", "{⟪1⟫:1}", "{⟪a⟫:1}", "{⟪null⟫:1}", "{⟪[⟫]:1}",
      "{⟪'⟫a':1}", "{\"a\":1 ⟪\"⟫b\":2}", "[⟪a⟫]", "[1,⟪⟫", "⟪[⟫1", "⟪{⟫\"a\":1", "{\"a\"⟪⟫",
      "{\"a\":⟪⟫",
      "⟪{⟫\"a\":[]", "{\"a\":⟪[⟫{}",
      // Comments and quotes of other languages
      "⟪/⟫/ c\n[]", "[] ⟪/⟫/ c", "[⟪/⟫* c */1]", "⟪#⟫ c\n1", "[⟪'⟫a']", "⟪`⟫a`", "⟪“⟫a”",
      // Words
      "⟪True⟫", "⟪None⟫", "⟪nul⟫", "⟪nullx⟫", "⟪NULL⟫", "⟪tru⟫", "[⟪false0⟫]", "⟪undefined⟫", "⟪a⟫",
      "⟪true_⟫", "⟪NaN0⟫", "⟪inf⟫",
      // Numbers
      "⟪+⟫1", "⟪.⟫5", "1.⟪⟫", "1.⟪e5⟫", "1e⟪⟫", "1e+⟪⟫", "1e⟪x⟫", "-⟪⟫", "-⟪a⟫", "-⟪-⟫1",
      "⟪01⟫", "⟪-01⟫", "[⟪00⟫]", "0⟪x10⟫", "1⟪_000⟫", "1⟪x⟫", "1.5⟪.⟫2", "1e5⟪.⟫1",
      "[1⟪a⟫]", "⟪１⟫", "-⟪.⟫5", "0⟪L⟫", "[-⟪]⟫",
      // Texts
      "⟪\"⟫", "⟪\"⟫a", "⟪\"⟫a\\\"", "⟪\"a⟫\n\"", "⟪\"a⟫\r\n\"", "\"a⟪\t⟫\"", "\"⟪\u{1}⟫\"",
      "\"⟪\0⟫\"",
      "\"⟪\u{1F}⟫\"", "\"⟪\\x⟫41\"", "\"⟪\\'⟫\"", "\"⟪\\é⟫\"", "\"⟪\\😀⟫\"", "\"⟪\\ ⟫\"",
      "\"⟪\\⟫", "\"⟪\\U⟫0041\"",
      "\"⟪\\u\"⟫", "\"⟪\\u00g⟫0\"", "\"⟪\\u12é⟫4\"", "\"⟪\\u00⟫", "\"\\ud800⟪\\u12x⟫\"",
      "\"⟪\\\n⟫\"", "\"⟪\\a⟫\"",
      "[\"a\"⟪b⟫]", "[\"a\" ⟪\"⟫b\"]", "{⟪\"⟫a:1}", "{\"⟪\\q⟫\":1}", "{\"a⟪\t⟫\":1}",
      // Characters that are no whitespace here
      "⟪\u{A0}⟫1", "⟪\u{2028}⟫1", "⟪\u{C}⟫1", "⟪\0⟫", "1⟪\0⟫", "[⟪\u{FEFF}⟫]", "⟪\u{7F}⟫",
      "[1,⟪\u{85}⟫2]",
      // No names for what is no number, but see ``pythonNames``
      "[⟪NaN⟫]", "⟪Infinity⟫", "-⟪Infinity⟫", "⟪nan⟫",
    ] as [String])
  func refuses(marked: String) throws {
    let marks = MarkedText(marked)
    let error = try #require(throws: SyntaxError.self) {
      try JSONReader.read(SourceFile(path: "a.json", text: marks.text))
    }
    #expect(MarkedText.marking(marks.text, [error.bytes]) == marked, "\(error.message)")
  }

  @Test(arguments: ["NaN", "Infinity", "-Infinity"])
  func pythonNames(word: String) throws {
    #expect(try Self.value("[\(word)]", .python) == "[float \(word.debugDescription)]")
    #expect(throws: SyntaxError.self) { try Self.value(word) }
    #expect(throws: SyntaxError.self) { try Self.value("\(word)x", .python) }
    #expect(throws: SyntaxError.self) { try Self.value("+\(word)", .python) }
    #expect(throws: SyntaxError.self) { try Self.value(word.lowercased(), .python) }
  }

  @Test(
    arguments: [
      ("[1,]", "a comma before the closing bracket: JSON takes none there"),
      ("{'a': 1}", "''' where a key in double quotes or '}' belongs"),
      ("[True]", "'True' is no JSON value: JSON writes true, false and null"),
      ("// c", "'/' is no JSON value: JSON has no comments"),
      ("{} x", "'x' after the end of the JSON value: nothing may follow it"),
      ("[1", "the file ends before this '[' is closed"),
      ("\0", "the control character 0x0 is no JSON value"),
      (#""C:\dir""#, #"no escape of JSON: write a backslash as \\ (or use / in paths)"#),
    ] as [(String, String)])
  func messages(text: String, message: String) throws {
    let error = try #require(throws: SyntaxError.self) { try Self.value(text) }
    #expect(error.message == message)
  }

  @Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
  func depthIsLimited(opening: String) throws {
    let levels = opening.count { $0 == "[" || $0 == "{" }
    let closing = String(opening.compactMap { ["[": "]", "{": "}"][$0] }.reversed())
    func nested(_ count: Int) -> String {
      String(repeating: opening, count: count / levels) + "1"
        + String(repeating: closing, count: count / levels)
    }
    #expect(throws: Never.self) { try Self.value(nested(512)) }
    for count in [512 + levels, 200_000] {
      let text = nested(count)
      let error = try #require(throws: SyntaxError.self) { try Self.value(text) }
      #expect(error.message == "nested more than 512 levels deep: not a config")
      #expect(error.bytes.lowerBound == 512 / levels * opening.utf8.count)
    }
    let unclosed = String(repeating: opening, count: 200_000)
    #expect(throws: SyntaxError.self) { try Self.value(unclosed) }
  }
}
