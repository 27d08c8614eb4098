import Knowledge
import SourceText
import Testing

/// Every data file has the fields it should have and no others.
@Suite struct DataShapeTests {
  static let files = EmbeddedFile.paths.filter { $0.hasPrefix("Schemas/") }

  @Test(arguments: files)
  func areAsDescribed(path: String) throws {
    let file = try #require(EmbeddedFile(path))
    let document = try JSONReader.read(SourceFile(path: path, bytes: file.bytes))
    let shape = try #require(Shape.ofFile(path), "no shape is known for it")
    #expect(shape.problems(document.root) == [])
    #expect(document.repeatedKeys.map(\.second.keyPath) == [])
  }

  private static let example = Shape.object(
    ["key": .text, "row": .row],
    optional: ["flag": .flag, "list": .list(.integer), "now": .orNull(.oneOf(["b", "a"]))])

  @Test(
    arguments: [
      (#"{"key": "a", "row": "F31b"}"#, []),
      (#"{"key": "a", "row": "A1", "flag": true, "list": [1, 2], "now": null}"#, []),
      (#"{"kye": "a", "row": "A1"}"#, [" has no field 'key'", "kye is no known field"]),
      (#"{"key": "", "row": "A1"}"#, ["key is empty"]),
      (#"{"key": "a ", "row": "A1"}"#, ["key has blanks too many"]),
      (#"{"key": 1, "row": "G1"}"#, ["key is not text", "row is not a row such as B1"]),
      (#"{"key": "a", "row": "A1", "flag": "true"}"#, ["flag is not true or false"]),
      (#"{"key": "a", "row": "A1", "list": [1, 2.5]}"#, ["list[1] is not a whole number"]),
      (#"{"key": "a", "row": "A1", "list": {}}"#, ["list is not a list"]),
      (#"{"key": "a", "row": "A1", "now": "c"}"#, ["now is not one of a, b"]),
      (#"[]"#, [" is not an object"]),
    ] as [(String, [String])])
  func findsSlips(text: String, problems: [String]) throws {
    let root = try JSONReader.read(SourceFile(path: "a.json", text: text)).root
    #expect(Self.example.problems(root) == problems)
  }

  @Test(arguments: [(400, true), (401, false)])
  func limitsTexts(length: Int, isRight: Bool) throws {
    let text = "\"\(String(repeating: "é", count: length))\""
    let root = try JSONReader.read(SourceFile(path: "a.json", text: text)).root
    #expect(Shape.text.problems(root).isEmpty == isRight)
  }
}
