import SourceText
import Testing

@testable import Knowledge

@Suite struct SettingValueTests {
  private static func value(_ text: String) throws -> SettingValue {
    SettingValue(try JSONReader.read(SourceFile(path: "a.json", text: text)).root)
  }

  @Test(
    arguments: [
      ("null", .null, "null", "null", false), ("true", .boolean(true), "true", "true", true),
      ("false", .boolean(false), "false", "false", false),
      ("0", .number(0), "0", "0", false), ("1.0", .number(1), "1", "1", true),
      ("1e-06", .number(0.000001), "1e-06", "1e-06", true),
      (#""""#, .text(""), #""""#, "''", false),
      (#""false""#, .text("false"), #""false""#, "'false'", true),
      (#""a\"b""#, .text("a\"b"), #""a\"b""#, "'a\"b'", true),
      ("[]", .collection, "…", "…", true), (#"{"a": 1}"#, .collection, "…", "…", true),
    ] as [(String, SettingValue, String, String, Bool)])
  func areReadAndWritten(
    text: String, value: SettingValue, literal: String, words: String, isTruthy: Bool
  ) throws {
    let read = try Self.value(text)
    #expect(read == value)
    #expect(read.literal == literal)
    #expect(read.words == words)
    #expect(read.isTruthy == isTruthy)
  }

  @Test(
    arguments: [
      ("1", 1), (#""inf""#, .infinity), (#""-inf""#, -.infinity), (#""1""#, nil), (#""Inf""#, nil),
      ("null", nil), ("true", nil), ("[1]", nil),
    ] as [(String, Double?)])
  func areNumbers(text: String, number: Double?) throws {
    #expect(try Self.value(text).number == number)
  }

  @Test(arguments: [
    ("{}", ""), (#"{"minimum": 0}"#, "at least 0"), (#"{"exclusiveMinimum": 0}"#, "above 0"),
    (#"{"maximum": 1}"#, "at most 1"), (#"{"exclusiveMaximum": 0.5}"#, "below 0.5"),
    (#"{"exclusiveMaximum": 1, "minimum": 0}"#, "at least 0 and below 1"),
    (#"{"maximum": 1, "exclusiveMinimum": -0.5}"#, "above -0.5 and at most 1"),
    (#"{"minimum": 1, "maximum": 100000}"#, "at least 1 and at most 100000"),
  ])
  func boundsInWords(text: String, words: String) throws {
    let node = try JSONReader.read(SourceFile(path: "a.json", text: text)).root
    #expect(Bounds(node).words == words)
  }

  @Test(
    arguments: [
      (#"{"minimum": 0, "exclusiveMaximum": 1}"#, [0, 0.5, -0.0], [1, -1e-9, .nan, .infinity]),
      (#"{"exclusiveMinimum": 0, "maximum": 1}"#, [1, 1e-300], [0, 1.1, -.infinity, .nan]),
      ("{}", [0, .infinity], [.nan]),
    ] as [(String, [Double], [Double])])
  func boundsContain(text: String, inside: [Double], outside: [Double]) throws {
    let node = try JSONReader.read(SourceFile(path: "a.json", text: text)).root
    let bounds = Bounds(node)
    #expect(inside.filter { !bounds.contains($0) } == [])
    #expect(outside.filter(bounds.contains).isEmpty)
  }
}
