import SourceText
import TestSupport
import Testing

/// What TOML refuses, and where: `⟪ ⟫` is the place of the error.
@Suite struct TOMLErrorTests {
  private static func error(_ text: String) -> SyntaxError? {
    do throws(SyntaxError) {
      _ = try TOMLReader.read(SourceFile(path: "a.toml", text: text))
      return nil
    } catch {
      return error
    }
  }

  private static let lines = [
    // Keys
    "⟪=⟫ 1", "a⟪⟫", "a ⟪⟫\n", "a⟪⟫\r\n= 1", "a ⟪b⟫ = 1", "a⟪:⟫ 1", "a =⟪⟫", "a = ⟪⟫\nb = 1",
    "a = ⟪#⟫ c", "⟪é⟫ = 1", "⟪.⟫a = 1", "a⟪!⟫ = 1", "a.⟪=⟫ 1", "a.⟪.⟫b = 1", "a.⟪⟫\nb = 1",
    "⟪\"\"\"⟫a\"\"\" = 1", "⟪'''⟫a''' = 1", "⟪\"a⟫\n\" = 1", "⟪'⟫a", "\"⟪\\x⟫\" = 1", "⟪{⟫}",
    "⟪\"⟫", "⟪]⟫", "a = ⟪=⟫ 1", "a = ⟪,⟫", "a = 1 ⟪b⟫ = 2", "a = 1⟪,⟫", "a = 'x' ⟪'⟫y'",
    "a = []⟪]⟫", "a = {}⟪.⟫b", "a = 1 ⟪/⟫/ c", "a = ⟪<⟫x>",
    // Repeated keys
    "a = 1\n⟪a⟫ = 1", "a = 1\n⟪\"\\u0061\"⟫ = 1", "a.b = 1\n⟪a.b⟫ = 1", "a.b = 1\n⟪a⟫ = 1",
    "a = 1\n⟪a⟫.b = 1", "a.b = 1\n⟪a.b⟫.c = 1", "a = 1\n[⟪a⟫]", "a = 1\n[⟪a⟫.b]", "a = 1\n[[⟪a⟫]]",
    "[a]\nb = 1\n[⟪a.b⟫.c]", "[a]\nb = 1\n[ ⟪a . b⟫ ]",
    // Tables
    "[⟪⟫", "[a⟪⟫", "[a⟪⟫\n]", "[⟪]⟫", "[⟪.⟫a]", "[a.⟪]⟫", "[a⟪,⟫b]", "[a ⟪b⟫]", "[a] ⟪b⟫ = 1",
    "[a]⟪]⟫", "[a]⟪[⟫b]", "[⟪é⟫]", "[⟪#⟫]", "[[a⟪]⟫", "[[a⟪]⟫ ]", "[ ⟪[⟫a]]", "[[⟪]⟫]", "[[a]]⟪]⟫",
    "[a]\n[⟪a⟫]", "[a.b]\n[a]\n[⟪a⟫]", "[a]\n[b]\n[⟪a⟫]", "a.b = 1\n[⟪a⟫]", "[a]\nb.c = 1\n[⟪a.b⟫]",
    "[a]\nb.c.d = 1\n[⟪a.b.c⟫]", "[a.b]\n[a]\n⟪b⟫.c = 1", "[a.b.c]\n[a]\n⟪b.c⟫.d = 1",
    "[a.b.c]\n[a]\nb.d = 1\n[⟪a.b⟫]", "[a.b]\n[a]\n⟪b⟫ = 1",
    // Arrays of tables
    "[[a]]\n[⟪a⟫]", "[a]\n[[⟪a⟫]]", "[a.b]\n[[⟪a⟫]]", "[[a.b]]\n[[⟪a⟫]]", "a.b = 1\n[[⟪a⟫]]",
    "a = []\n[[⟪a⟫]]", "a = [{}]\n[[⟪a⟫]]", "a = [{}]\n[⟪a⟫.b]", "a = [{}]\n[[⟪a⟫.b]]",
    "[[a.b]]\n[a]\n⟪b⟫.c = 1", "[[a]]\n[a.b]\n[[⟪a.b⟫]]", "[[a]]\n[[a.b]]\n[⟪a.b⟫]",
    // Inline tables
    "a = ⟪{⟫", "a = ⟪{⟫\n}", "a = ⟪{⟫ # c\n}", "a = ⟪{⟫b = 1\n}", "a = ⟪{⟫b = 1,\n c = 2}",
    "a = ⟪{⟫b = 1", "a = {b = 1⟪,⟫}", "a = {b = 1⟪,⟫ }", "a = {⟪,⟫}", "a = {b = 1,⟪,⟫ c = 2}",
    "a = {b = 1 ⟪c⟫ = 2}", "a = {b⟪}⟫", "a = {b = ⟪}⟫", "a = {b = 1⟪]⟫", "a = {1⟪}⟫",
    "a = {b =⟪⟫\n1}", "a = {b = 1, ⟪b⟫ = 2}", "a = {b.c = 1, ⟪b⟫ = 2}", "a = {b = 1, ⟪b⟫.c = 2}",
    "a = {b = {c = 1}, ⟪b⟫.d = 2}", "a = {b = 1}\n⟪a⟫.c = 2", "a = {b.c = 1}\n⟪a⟫.b.d = 2",
    "a = {}\n[⟪a⟫]", "a = {}\n[⟪a⟫.b]", "a = {}\n[[⟪a⟫]]", "a.b = {}\n⟪a.b⟫.c = 1",
    "[a]\nb = {}\n[⟪a.b⟫]", "a = {}\n⟪a⟫ = {}",
    // Arrays
    "a = ⟪[⟫", "a = ⟪[⟫1", "a = ⟪[⟫1,", "a = ⟪[⟫\n# ]", "a = [⟪,⟫]", "a = [1,⟪,⟫]", "a = [1 ⟪2⟫]",
    "a = [1\n⟪b⟫ = 1", "a = [⟪}⟫", "a = [1⟪}⟫", "a = [⟪b⟫ = 1]", "a = [⟪[⟫1, 2",
    // Characters
    "a = 1⟪\r⟫b = 1", "⟪\r⟫", "# c⟪\r⟫c", "# ⟪\u{1}⟫", "# ⟪\u{7F}⟫", "# ⟪\0⟫", "⟪\u{C}⟫",
    "a = 1⟪\u{B}⟫", "⟪\u{A0}⟫a = 1", "a = ⟪\u{2028}⟫1", "a = 1\n⟪\u{FEFF}⟫b = 1", "a⟪\0⟫ = 1",
    "a = ⟪\0⟫", "[a⟪\u{1}⟫]", "a = [1⟪\r⟫]", "a = {⟪\r⟫}",
  ]

  @Test(arguments: lines)
  func refuses(marked: String) throws {
    let marks = MarkedText(marked)
    let error = try #require(Self.error(marks.text), "accepted")
    #expect(MarkedText.marking(marks.text, [error.bytes]) == marked, "\(error.message)")
  }

  private static let values = [
    // Texts
    "⟪\"⟫", "⟪'⟫a\"", "⟪\"a⟫\n\"", "⟪'a⟫\r\n'", "⟪\"a\\\"⟫\n", "\"⟪\\a⟫\"", "\"⟪\\é⟫\"",
    "\"C:⟪\\U⟫sers\"", "\"⟪\\/⟫\"", "\"⟪\\u12⟫G4\"", "\"⟪\\u⟫\"", "\"⟪\\U0001F60⟫\"",
    "\"⟪\\uD800⟫\"", "\"⟪\\U00110000⟫\"", "\"⟪\\e⟫\"", "\"⟪\\x⟫41\"", "\"⟪\\⟫\n\"", "\"⟪\\ ⟫\n\"",
    "\"⟪\0⟫\"", "'⟪\u{1F}⟫'", "\"⟪\u{7F}⟫\"", "'⟪\r⟫'", "\"⟪\r⟫\"",
    // Texts of several lines
    "⟪\"\"\"⟫", "⟪'''⟫\na", "⟪\"\"\"⟫a\"\"", "⟪\"\"\"⟫\\\"\"\"", "\"\"\"a⟪\\ ⟫b\"\"\"",
    "\"\"\"a⟪\\q⟫\"\"\"", "\"\"\"⟪\r⟫\"\"\"", "'''⟪\0⟫'''", "\"\"\"a\"\"\"\"\"⟪\"⟫", "'''a'''''⟪'⟫",
    "\"\"\"a\\⟪\r⟫\"\"\"",
    // Numbers
    "⟪01⟫", "⟪-01⟫", "⟪00⟫", "⟪01.5⟫", "⟪1_⟫", "⟪1__0⟫", "⟪_1⟫", "⟪+⟫", "⟪--1⟫", "⟪.5⟫", "⟪5.⟫",
    "⟪1.e5⟫", "⟪1e⟫", "⟪1e+⟫", "⟪1.5.2⟫", "⟪1._5⟫", "⟪1_.5⟫", "⟪1e_5⟫", "⟪1e5.5⟫", "⟪0x⟫", "⟪0xG⟫",
    "⟪0x_1⟫", "⟪0x1_⟫", "⟪0o8⟫", "⟪0b2⟫", "⟪+0x1⟫", "⟪0X1⟫", "⟪1a⟫", "⟪Inf⟫", "⟪NaN⟫", "⟪infinity⟫",
    "⟪+-1⟫", "1⟪%⟫", "⟪１⟫",
    // Words
    "⟪True⟫", "⟪FALSE⟫", "⟪None⟫", "⟪null⟫", "⟪adamw⟫", "⟪yes⟫", "⟪truefalse⟫", "⟪~⟫", "⟪/⟫path",
    "⟪C:⟫/x", "⟪$⟫x", "⟪“⟫x”",
    // Dates and times
    "⟪2024-13-01⟫", "⟪2024-00-01⟫", "⟪2023-02-29⟫", "⟪1900-02-29⟫", "⟪2024-04-31⟫", "⟪2024-01-00⟫",
    "⟪2024-1-01⟫", "⟪2024-01⟫", "⟪2024-01-01T⟫", "⟪2024-01-01T24:00:00⟫", "⟪2024-01-01 00:60:00⟫",
    "⟪00:00:61⟫", "⟪00:00⟫", "⟪0:00:00⟫", "⟪2024-01-01T00:00⟫", "⟪00:00:00.⟫", "⟪00:00:00Z⟫",
    "⟪2024-01-01Z⟫", "⟪2024-01-01T00:00:00+24:00⟫", "⟪2024-01-01T00:00:00+0100⟫",
    "⟪2024-01-01T00:00:00+01:60⟫", "⟪24-01-01⟫", "⟪12024-01-01⟫", "⟪2024-01-01x⟫", "2024-01-01 ⟪0⟫",
    "2024-01-01  ⟪00⟫:00:00",
  ]

  @Test(arguments: values, ["", "[\n 1, ", "{ b = "])
  func refuses(value marked: String, after opening: String) throws {
    let marks = MarkedText("a = \(opening)\(marked)")
    let error = try #require(Self.error(marks.text), "accepted")
    let found = MarkedText.marking(marks.text, [error.bytes])
    #expect(found == "a = \(opening)\(marked)", "\(error.message)")
  }

  /// Wherever it stands in its line: eight bytes are looked at together.
  @Test(arguments: ["# %", "a = \"%\"", "a = '%'", "a = \"\"\"%\"\"\"", "a = '''%'''", "\"%\" = 1"])
  func controlCharactersAreFound(frame: String) {
    for code in Array(0..<0x21) + Array(0x7E...0x80) where ![0x0A, 0x0D].contains(code) {
      let character = String(Unicode.Scalar(UInt8(code)))
      for before in 0..<18 {
        let text = String(repeating: "x", count: before) + character + "xxxxxxxxxx"
        let found = Self.error(frame.replacing("%", with: text))?.bytes
        let place = frame.utf8.prefix { $0 != UInt8(ascii: "%") }.count + before
        let isTaken = code == 0x09 || code >= 0x20 && code != 0x7F
        #expect(found == (isTaken ? nil : place..<(place + 1)), "\(code) after \(before)")
      }
    }
  }

  private static let backslashHint =
    #"write a backslash as \\, or put the text in single quotes"#

  @Test(arguments: [
    ("lr: 1", "':' where '=' after the key belongs"),
    ("é = 1", "'é' where a key belongs: a key that is not a-z, 0-9, '_' or '-' takes quotes"),
    ("a = adamw", "'adamw' is no value of TOML: text takes quotes"),
    ("a = True", "'True' is no value of TOML: it writes true and false in lower case"),
    ("a = None", "'None' is no value of TOML: it has no null, leave the key out"),
    ("a = 007", "'007' is no number of TOML: it begins with 0"),
    ("a = .5", "'.5' is no number of TOML: a digit belongs first"),
    ("a = 2023-02-29", "'2023-02-29' is no day of the calendar"),
    ("a = 10:00", "'10:00' is a time without seconds: TOML wants them"),
    (
      #"a = "C:\Users""#,
      #"\U takes eight hexadecimal digits: "# + backslashHint
    ),
    (
      #"a = "C:\data""#,
      #"'\d' is no escape of TOML: "# + backslashHint
    ),
    (
      "a = \"x\nb = 1",
      "a line break inside a text: its closing quote is missing, or it takes three quotes"
    ),
    (
      "a = {\n}",
      "this '{' is not closed in its line: an inline table takes no line breaks and no comments"
    ),
    ("a = {b = 1,}", "a comma before the closing brace: TOML takes none there"),
    ("a = [1", "the file ends before this '[' is closed"),
    ("a = 1 b = 2", "'b' where the end of the line belongs"),
    ("\na = 1\na = 2", "'a' is already set in line 2"),
    ("[a.b]\n[a]\n[a]", "'a' has a header already in line 2: put its keys there"),
    ("a.b = 1\n[a]", "'a' is made by the dotted keys in line 1: it takes no header as well"),
    ("[[a]]\n[a]", "'a' is an array of tables in line 1: write [[ ]] here too"),
    ("[a]\n[[a]]", "'a' is a single table in line 1: [[ ]] cannot add to it"),
    ("[a.b]\n[a]\nb.c = 1", "'b' has a header of its own in line 1: set its keys there"),
    ("a = {}\na.b = 1", "'a' is written in braces in line 1: put its keys between them"),
    ("a = []\n[[a]]", "'a' is an array in brackets in line 1: put its elements between them"),
    ("a = 1\n[a.b]", "'a' is a value in line 1: it cannot be a table as well"),
    (
      "a = 1\rb = 1",
      "a carriage return without a line feed: TOML ends lines with LF or CR LF"
    ),
    ("# \u{1}", "the control character 0x1 in a comment: TOML takes none there"),
    ("a = 0" + String(repeating: "é", count: 40), "'é' where the end of the line belongs"),
    (
      "a = " + String(repeating: "x", count: 80),
      "'" + String(repeating: "x", count: 60) + "…' is no value of TOML: text takes quotes"
    ),
  ])
  func messages(text: String, message: String) {
    #expect(Self.error(text)?.message == message)
  }
}
