import SourceText
import Testing

@Suite struct DocumentWriterTests {
  private static let tree: EditValue = .mapping([
    .init("name", .text("a: b")), .init("rate", .numeral("1e-4")), .init("flag", .boolean(true)),
    .init("list", .list([.number(1), .text("x")])),
    .init(
      "sets",
      .list([
        .mapping([
          .init("size", .numeral("512")),
          .init("parts", .list([.mapping([.init("dir", .text("d"))])])),
        ])
      ])),
    .init("inner", .mapping([.init("k", .number(2))])),
  ])

  /// What is written reads as what was meant, in every format.
  @Test(arguments: [DocumentFormat.json, .yaml, .toml])
  func readsBack(_ format: DocumentFormat) throws {
    var writer = DocumentWriter(
      format, comments: ["rate": "why it is this rate", "sets[0].size": "of pictures"],
      header: ["A file"])
    let text = try #require(writer.text(Self.tree))
    let document = try DocumentReader.read(SourceFile(path: "a.\(format.rawValue)", text: text))
    func first(_ node: DocumentNode?) -> DocumentNode? { node?.children.first { _ in true } }
    let root = document.root
    #expect(root["name"]?.text == "a: b")
    #expect(root["rate"].flatMap { Number.parse($0.text) } == 1e-4)
    let set = first(root["sets"])
    #expect(set?["size"]?.text == "512")
    #expect(first(set?["parts"])?["dir"]?.text == "d")
    #expect(root["inner"]?["k"]?.text == "2")
    #expect(text.contains("why it is this rate") == writer.hasComments)
    writer.comments = [:]
    #expect(writer.text(Self.tree)?.contains("why") == false)
  }

  @Test func commentsStandAboveTheirSettings() {
    let writer = DocumentWriter(.yaml, comments: ["a[0].b": "why"], header: ["top"])
    let tree: EditValue = .mapping([
      .init("a", .list([.mapping([.init("b", .number(1)), .init("c", .text("x"))])]))
    ])
    #expect(writer.text(tree) == "# top\n\na:\n  # why\n  - b: 1\n    c: x\n")
  }

  @Test func tablesOfTOMLComeLast() {
    let tree: EditValue = .mapping([
      .init("t", .list([.mapping([.init("x", .number(1))])])), .init("y", .number(2)),
    ])
    #expect(DocumentWriter(.toml).text(tree) == "y = 2\n\n[[t]]\nx = 1\n")
  }

  @Test func nullIsNothingThatTOMLHas() {
    #expect(DocumentWriter(.toml).text(.mapping([.init("x", .null)])) == nil)
  }
}
