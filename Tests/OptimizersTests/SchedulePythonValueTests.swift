import Optimizers
import Testing

@Suite struct SchedulePythonValueTests {
  static let literals: [(String, PythonValue)] = [
    ("100", 100), ("-3", -3), ("+4", 4), ("1_000", 1000), ("0", 0), ("00", 0), ("1.0", 1.0),
    ("1e-7", 1e-7), (".5", 0.5), ("5.", 5.0), ("1.e2", 100.0), ("True", true), ("None", nil),
    ("'a b'", "a b"), ("\"1:10,0.1:20,0.005\"", "1:10,0.1:20,0.005"), ("'it\\'s'", "it's"),
    ("[3, 7.5, 'x']", [3, 7.5, "x"]), ("(1, 2)", [1, 2]), ("(1)", 1), ("(1,)", [1]), ("[]", []),
    (" 7 ", 7), ("[[1], ()]", [[1], []]), ("0.9,0.99", [0.9, 0.99]), ("0.1,", [0.1]),
    ("(1, 2), 'x' ,", [[1, 2], "x"]),
  ]

  @Test(arguments: literals)
  func readsLiterals(text: String, value: PythonValue) {
    #expect(PythonValue(literal: text) == value)
  }

  @Test(arguments: [
    "", "abc", "true", "010", "1 2", "[1 2]", "[1", "'a", "inf", "1__0", "_1", "0x", "1e", "--1",
    "[,]", "1,,2", ",1", ",",
  ])
  func refusesWhatIsNoLiteral(text: String) {
    #expect(PythonValue(literal: text) == nil)
  }

  static let wholeNumbers: [(String, Int?)] = [
    ("10", 10), (" 10\n", 10), ("1_0", 10), ("-5", -5), ("1.0", nil), ("", nil), ("1 0", nil),
    ("0x10", nil),
  ]

  @Test(arguments: wholeNumbers)
  func readsWholeNumbers(text: String, value: Int?) {
    #expect(PythonValue.whole(from: text) == value)
  }

  static let realNumbers: [(String, Double?)] = [
    ("1", 1), (" .5", 0.5), ("1e3", 1000), ("5.", 5), ("inf", .infinity),
    ("-Infinity", -.infinity), ("1_0.5", 10.5), ("0x1p3", nil), ("abc", nil), (".", nil),
    ("", nil), ("1_.5", nil),
  ]

  @Test(arguments: realNumbers)
  func readsRealNumbers(text: String, value: Double?) {
    #expect(PythonValue.real(from: text) == value)
  }
}
