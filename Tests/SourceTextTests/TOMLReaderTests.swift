import SourceText
import TestSupport
import Testing

/// The grammar, input by input, in the order of the specification.
@Suite struct TOMLReaderTests {
  private static func read(_ text: String) throws(SyntaxError) -> Document {
    try TOMLReader.read(SourceFile(path: "a.toml", text: text))
  }

  private static let documents: [(text: String, value: String)] = [
    // Lines, comments, whitespace
    ("", "{}"), ("\n", "{}"), ("\r\n", "{}"), ("# only\ta comment é", "{}"), ("\u{FEFF}", "{}"),
    (" \t a\t=\t1 \t", #"{"a":integer "1"}"#), ("a=1#c", #"{"a":integer "1"}"#),
    ("\u{FEFF}a = 1\r\nb = 2\r\n", #"{"a":integer "1","b":integer "2"}"#),
    ("\n\n# c\n\na = 1\n#", #"{"a":integer "1"}"#),
    ("a = 2000-02-29 # c\n", #"{"a":dateTime "2000-02-29"}"#),
    // Keys
    ("1234 = 1", #"{"1234":integer "1"}"#), ("-_-=1", #"{"-_-":integer "1"}"#),
    ("\"\" = 1", #"{"":integer "1"}"#), ("'' = 1", #"{"":integer "1"}"#),
    ("\"a\\u00e9\\n\" = 1", #"{"aé\n":integer "1"}"#), ("'a\\n' = 1", #"{"a\\n":integer "1"}"#),
    ("\"a.b\" = 1", #"{"a.b":integer "1"}"#), ("true = 1", #"{"true":integer "1"}"#),
    ("a.b . 'c' = 1", #"{"a":{"b":{"c":integer "1"}}}"#),
    ("3.14 = 1", #"{"3":{"14":integer "1"}}"#),
    ("a.b = 1\nc = 2\na.d = 3", #"{"a":{"b":integer "1","d":integer "3"},"c":integer "2"}"#),
    // Two spellings that Unicode calls equal are two keys
    ("'\u{E9}' = 1\n'e\u{301}' = 2", "{\"\u{E9}\":integer \"1\",\"e\u{301}\":integer \"2\"}"),
    // Tables
    ("[a]", #"{"a":{}}"#), ("[ a . 'b' ]\nc=1", #"{"a":{"b":{"c":integer "1"}}}"#),
    ("[a.b]\nx=1\n[a]\ny=2", #"{"a":{"b":{"x":integer "1"},"y":integer "2"}}"#),
    ("[a]\nx=1\n[b]\n[a.c]\ny=1", #"{"a":{"x":integer "1","c":{"y":integer "1"}},"b":{}}"#),
    ("[a]\nb.c=1\n[a.b.d]\ne=1", #"{"a":{"b":{"c":integer "1","d":{"e":integer "1"}}}}"#),
    ("[a.b.c]\n[a]\nb.d=1", #"{"a":{"b":{"c":{},"d":integer "1"}}}"#),
    ("a.b=1\n[a.c]\n[a.c.d]", #"{"a":{"b":integer "1","c":{"d":{}}}}"#),
    // Arrays of tables
    ("[[a]]\n[[a]]\nx=1", #"{"a":[{},{"x":integer "1"}]}"#),
    ("[[a]]\n[a.b]\nx=1\n[[a]]\n[a.b]", #"{"a":[{"b":{"x":integer "1"}},{"b":{}}]}"#),
    ("[[a]]\n[[a.b]]\n[[a.b]]\n[[a]]\n[[a.b]]", #"{"a":[{"b":[{},{}]},{"b":[{}]}]}"#),
    ("[[a.b]]\n[a]\nx=1\n[[a.b]]", #"{"a":{"b":[{},{}],"x":integer "1"}}"#),
    // Arrays
    ("a=[]", #"{"a":[]}"#), ("a=[ 1 , 2 ]", #"{"a":[integer "1",integer "2"]}"#),
    ("a=[1,]", #"{"a":[integer "1"]}"#),
    ("a=[ # c\n\n 1 # ]\n , # c\r\n 2 ,\n\n]", #"{"a":[integer "1",integer "2"]}"#),
    // Of different types: the package `toml` 0.10.2 refuses it, TOML 1.0 does not
    ("a=[1, 1e-4, 'x', true]", #"{"a":[integer "1",float "1e-4",string "x",boolean "true"]}"#),
    ("a=[[1],[[]],{b=1}]", #"{"a":[[integer "1"],[[]],{"b":integer "1"}]}"#),
    // Inline tables
    ("a={}", #"{"a":{}}"#), ("a={ }", #"{"a":{}}"#),
    (
      "a={b=1,\"c\" = {d.e=2, d.f=3} }",
      #"{"a":{"b":integer "1","c":{"d":{"e":integer "2","f":integer "3"}}}}"#
    ),
    ("a={b=[\n1,\n]}", #"{"a":{"b":[integer "1"]}}"#),
    ("a={b=\"\"\"\n\n\"\"\"}", #"{"a":{"b":string "\n"}}"#),
  ]

  @Test(arguments: documents)
  func reads(text: String, value: String) throws {
    #expect(DocumentChecks.value(try Self.read(text).root) == value)
  }

  private static let values: [(text: String, value: String)] = [
    // Texts
    (#""""#, #"string """#), (#""a 'b' # é日😀""#, #"string "a \'b\' # é日😀""#),
    (#""\b\t\n\f\r\"\\""#, #"string "\u{08}\t\n\u{0C}\r\"\\""#),
    (#""\u00E9\U0001f600""#, #"string "é😀""#), (#""\u0000""#, #"string "\0""#),
    ("\"a\tb\"", #"string "a\tb""#), ("''", #"string """#), ("'a\tb'", #"string "a\tb""#),
    (#"'C:\Users\n'"#, #"string "C:\\Users\\n""#), (#"'"a"'"#, #"string "\"a\"""#),
    // Texts of several lines
    ("\"\"\"\"\"\"", #"string """#), ("''''''", #"string """#),
    ("\"\"\"\na\n\"\"\"", #"string "a\n""#), ("\"\"\"\r\na\r\n\"\"\"", #"string "a\n""#),
    ("'''\n\n a'''", #"string "\n a""#), ("'''a\r\n\tb'''", #"string "a\n\tb""#),
    ("\"\"\"a \\\n   b\\  \n\n\t\r\n c\"\"\"", #"string "a bc""#),
    ("\"\"\"\\\n  \"\"\"", #"string """#), ("'''\\\n'''", #"string "\\\n""#),
    ("\"\"\"\"a\"\"\"\"\"", #"string "\"a\"\"""#), ("'''''a''''", #"string "\'\'a\'""#),
    ("\"\"\"a\"\"b\\\"\"\"\"", #"string "a\"\"b\"""#), ("'''''''", #"string "\'""#),
    ("\"\"\"\\u00e9\\\\\n\"\"\"", #"string "é\\\n""#),
    // Integers
    ("0", #"integer "0""#), ("+0", #"integer "+0""#), ("-0", #"integer "-0""#),
    ("1_000", #"integer "1_000""#), ("0xDead_Beef", #"integer "0xDead_Beef""#),
    ("0x00", #"integer "0x00""#), ("0o0755", #"integer "0o0755""#), ("0b01", #"integer "0b01""#),
    ("9223372036854775807", #"integer "9223372036854775807""#),
    ("-9223372036854775808", #"integer "-9223372036854775808""#),
    ("123456789012345678901234567890", #"integer "123456789012345678901234567890""#),
    // Floats
    ("1.0", #"float "1.0""#), ("-0.0", #"float "-0.0""#), ("1e-4", #"float "1e-4""#),
    ("1E+06", #"float "1E+06""#), ("0e0", #"float "0e0""#),
    ("6.62_6e-3_4", #"float "6.62_6e-3_4""#),
    ("inf", #"float "inf""#), ("+inf", #"float "+inf""#), ("-nan", #"float "-nan""#),
    // Booleans
    ("true", #"boolean "true""#), ("false", #"boolean "false""#),
    // Dates and times
    ("1979-05-27T07:32:00Z", #"dateTime "1979-05-27T07:32:00Z""#),
    ("1979-05-27 07:32:00.999999-07:00", #"dateTime "1979-05-27 07:32:00.999999-07:00""#),
    ("1979-05-27t07:32:00z", #"dateTime "1979-05-27t07:32:00z""#),
    ("2024-02-29", #"dateTime "2024-02-29""#), ("2000-02-29", #"dateTime "2000-02-29""#),
    ("0000-01-01", #"dateTime "0000-01-01""#), ("23:59:60", #"dateTime "23:59:60""#),
    ("00:00:00.1234567890123", #"dateTime "00:00:00.1234567890123""#),
  ]

  @Test(arguments: values, ["a = %", "a = % # c\r\n", "a=[%]", "a = [\n%,\n]", "a={b=%}"])
  func reads(value: (text: String, value: String), within frame: String) throws {
    let text = frame.replacing("%", with: value.text)
    var node = try #require(Self.read(text).root["a"])
    for inner in node.children { node = inner }
    #expect(DocumentChecks.value(node) == value.value)
  }

  /// `⟪ ⟫` around the value of the entry at the path, `⟦ ⟧` around its key.
  @Test(arguments: [
    ("⟦a⟧ = ⟪1_000⟫ # c\n", "a"), ("\u{FEFF}⟦\"é\"⟧ = ⟪'日'⟫\r\n", "é"),
    ("a.⟦b⟧ = ⟪1⟫", "a.b"), ("⟪⟦a⟧⟫.b = 1", "a"), ("a . ⟪⟦'b'⟧⟫ . c = 1", "a.b"),
    ("⟦a⟧ = ⟪[ 1, [2] # c\n, ]⟫ # c", "a"), ("a = [ 1, ⟪[2]⟫ # c\n, ]", "a.[1]"),
    ("⟦a⟧ = ⟪{ b = {c.d = \"}\"} }⟫", "a"), ("a = { b = {⟪⟦c⟧⟫.d = \"}\"} }", "a.b.c"),
    ("a = { b = {c.⟦d⟧ = ⟪\"}\"⟫} }", "a.b.c.d"),
    ("⟦a⟧ = ⟪'''\r\n'\r\n''''⟫\r\n", "a"), ("⟦d⟧ = ⟪2000-01-01 00:00:00⟫ ", "d"),
    ("⟪[⟦a⟧] # c\nx = 1\n\n# c\ny = [\n]⟫ # c\n\n[b]", "a"), ("x=1\n⟪[ ⟦a⟧ ]⟫ # c\n\n[b]", "a"),
    ("⟪[⟦a⟧]\nx = 1⟫\n[a.b]\ny = 1\n", "a"), ("[a]\nx = 1\n⟪[a.⟦b⟧]\ny.z = 1⟫\n", "a.b"),
    ("[⟪⟦a⟧⟫.b]\nx = 1\n[a]\ny = 1", "a"), ("⟪[a.⟦b⟧]\nx = 1⟫\n[a]\ny = 1", "a.b"),
    ("⟪[[⟦a⟧]]\nx = 1\n[b]\n[[a]]\ny = 1⟫\n\n[c]", "a"), ("⟪[[a]]\nx = 1⟫\n[b]\n[[a]]", "a.[0]"),
    ("[[a]]\nx = 1\n[b]\n⟪[[a]]⟫\n", "a.[1]"), ("⟪[[⟦a⟧]]\nx = 1⟫\n[[a.b]]\ny = 1", "a"),
    ("[[a]]\n⟪[[a.⟦b⟧]]\nx = 1⟫\n[a.c]\ny = 1", "a.[0].b"),
    ("⟪# c\na = 1\n\n⟫", ""), ("⟪\u{FEFF}⟫", ""),
  ])
  func spansAreExact(marked: String, path: String) throws {
    let marks = MarkedText(marked)
    var node = try Self.read(marks.text).root
    for part in path.split(separator: ".") {
      let place = Int(part.dropFirst().dropLast())
      node = try #require(
        part.hasPrefix("[") ? Array(node.children)[place ?? 0] : node[String(part)])
    }
    let keys = [node.keySpan?.bytes].compactMap { $0 }
    #expect(
      node.span.bytes == marks.ranges.first && keys == marks.secondary,
      """
      \(MarkedText.marking(marks.text, [node.span.bytes], secondary: keys))
      """)
  }
}
