import SourceText
import TestSupport
import Testing

/// Numbers in texts are read as Python's `float()` and `int()` read them; the tables are what
/// CPython 3 said.
@Suite struct NumberTests {
  @Test(
    arguments: [
      ("0", 0), ("1", 1), ("-1", -1), ("+1", 1), ("00012", 12), ("-0", 0), ("0.000", 0),
      ("1.5", 1.5), ("-1.5", -1.5), ("+1.5", 1.5), (".5", 0.5), ("-.5", -0.5), ("5.", 5),
      ("-5.", -5),
      ("0.1", 0.1), ("1e-4", 0.0001), ("1e5", 1e5), ("1E5", 1e5), ("1e+5", 1e5), ("1e-5", 1e-5),
      ("1.e3", 1000),
      // Blanks around, also those of other scripts
      (" 1", 1), ("1 ", 1), ("\t1\n", 1), ("1\r\n", 1), ("\u{A0}1\u{2003}", 1), ("\u{3000}1", 1),
      ("1\u{85}", 1),
      // Limits of a double
      ("123456789012345", 123_456_789_012_345), ("1234567890123456", 1_234_567_890_123_456),
      ("9007199254740993", 9_007_199_254_740_992), ("0.1234567890123456", 0.1234567890123456),
      ("0.30000000000000004", 0.30000000000000004), ("1e22", 1e22), ("1e23", 1e23),
      ("123456789012345e22", 1.23456789012345e36), ("5e-324", .leastNonzeroMagnitude),
      ("1e-400", 0),
      ("2.2250738585072014e-308", 2.2250738585072014e-308),
      ("1.7976931348623157e308", 1.7976931348623157e308), ("1.7976931348623159e308", .infinity),
      ("1e400", .infinity), ("-1e400", -.infinity), ("1e9999999999", .infinity),
      ("0e9999999999", 0),
      // Separators
      ("1_000", 1000), ("1_0.0_1", 10.01), ("1e1_0", 1e10),
      // Words
      ("inf", .infinity), ("-inf", -.infinity), ("+inf", .infinity), ("INF", .infinity),
      ("Infinity", .infinity), ("-INFINITY", -.infinity), (" infinity ", .infinity),
      ("inf\u{A0}", .infinity),
      // Digits of all scripts
      ("٣", 3), ("-٣", -3), ("１２", 12), ("1٠", 10), ("𝟙", 1), ("१.५", 1.5), ("1e５", 1e5),
      ("1_０", 10),
    ] as [(String, Double)])
  func readsNumbers(text: String, number: Double) { #expect(Number.parse(text) == number) }

  @Test(arguments: ["nan", "NaN", "-nan", "+NAN", " nan\n"])
  func readsNotANumber(text: String) throws { #expect(try #require(Number.parse(text)).isNaN) }

  @Test(arguments: [
    "", "  ", ".", "-", "+", "e5", ".e3", "1e", "1e5.5", "1.2.3", "--1", "+-1", "1-", "- 1", "1 2",
    "1 000", "1,5", "0,0001", "_1", "1_", "1__0", "1_.0", "1._0", "1_e5", "1e_5", "-_1", "0x10",
    "0b1", "1f", "1.0f", "1d", "1j", "1n", "1%", "$1", "#1", "1#", "1'", "\"1\"", "1\u{200B}",
    "\u{FEFF}1", "\u{1C}1", "1\0", "infinit", "infinity1", "in_f", "inf inf", "nan(1)", "ınf",
    "∞", "½", "²", "²１", "１ｅ５", "－1", "．5", "１\u{1F}", "true", "None", "null", "off",
  ])
  func refusesWhatIsNone(text: String) {
    #expect(Number.parse(text) == nil)
    #expect(Number.parseInteger(text) == nil)
  }

  @Test(
    arguments: [
      ("0", 0), ("1", 1), ("-1", -1), ("+1", 1), ("00012", 12), ("-0", 0), (" 1", 1), ("1 ", 1),
      ("\t1\n", 1), ("1\r\n", 1), ("\u{A0}1\u{2003}", 1), ("1_000", 1000), ("-1_0", -10),
      ("123456789012345", 123_456_789_012_345), ("٣", 3), ("-٣", -3), ("１２", 12), ("1_０", 10),
    ] as [(String, Double)])
  func readsIntegers(text: String, number: Double) { #expect(Number.parseInteger(text) == number) }

  @Test(arguments: [
    "1.0", "1.", ".5", "1e5", "1E5", "1.5", "1_0.0_1", "1e1_0", "inf", "nan", "5e-324", "१.५",
  ])
  func integersHaveNoFraction(text: String) { #expect(Number.parseInteger(text) == nil) }

  /// `int()` gives up on long texts, `float()` does not.
  @Test func integersHaveALimit() {
    #expect(Number.parseInteger(String(repeating: "0", count: 4300)) == 0)
    #expect(Number.parseInteger(String(repeating: "0", count: 4301)) == nil)
    #expect(Number.parse(String(repeating: "0", count: 4301)) == 0)
    #expect(Number.parseInteger("1" + String(repeating: "_1", count: 4299)) == .infinity)
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (-3, "-3"), (200, "200"), (0.5, "0.5"), (1e-4, "0.0001"),
      (1e-6, "1e-06"), (3e-6, "3e-06"), (-1e-30, "-1e-30"), (123_456, "123456"),
      (999_999_999_999_999, "999999999999999"), (1e16, "1e+16"), (1e22, "1e+22"),
      (0.1 + 0.2, "0.30000000000000004"), (.infinity, "Infinity"), (-.infinity, "-Infinity"),
      (.nan, "NaN"),
    ] as [(Double, String)])
  func writesShortly(number: Double, text: String) { #expect(Number.literal(number) == text) }

  @Test func readsWhatItWrites() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<20_000 {
      let number = Double(bitPattern: random.next())
      guard !number.isNaN else { continue }
      #expect(Number.parse(Number.literal(number)) == number)
    }
  }

  /// The short way to read plain decimals gives the nearest double, as the long one does.
  @Test func readsDecimalsExactly() {
    var random = SplitMix64(seed: 8)
    for _ in 0..<20_000 {
      let digits = (0..<Int.random(in: 1...17, using: &random)).map { _ in
        Character(String(Int.random(in: 0...9, using: &random)))
      }
      let point = Int.random(in: 1...digits.count, using: &random)
      let fraction = String(digits[point...])
      let text =
        (random.oneIn(3) ? "-" : "") + String(digits[..<point])
        + (fraction.isEmpty ? "" : ".") + fraction
      #expect(Number.parse(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }
}
