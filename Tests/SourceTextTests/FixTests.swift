import SourceText
import TestSupport
import Testing

@Suite struct FixTests {
  private static func fix(_ edits: (Range<Int>, String)..., file: FileID = .main) -> Fix {
    Fix(
      title: "change \(edits.map(\.0))", safety: .safe,
      edits: edits.map { TextEdit(SourceSpan($0.0, in: file), $0.1) })
  }

  private static let file = SourceFile(path: "a", text: "0123456789")

  /// The text after these fixes and which of them were applied.
  private static func apply(_ fixes: [Fix]) -> (text: String, applied: [Int]) {
    let (bytes, applied) = file.applying(fixes)
    return (
      String(decoding: bytes, as: UTF8.self),
      fixes.indices.filter { applied.contains(fixes[$0]) }
    )
  }

  @Test(
    arguments: [
      ([], "0123456789", []),
      ([fix((2..<4, "ab"))], "01ab456789", [0]),
      ([fix((0..<10, ""))], "", [0]),
      ([fix((0..<0, "é")), fix((10..<10, "z"))], "é0123456789z", [0, 1]),
      // Given in any order, applied in the order of the file
      ([fix((8..<9, "b")), fix((1..<2, "a"))], "0a234567b9", [0, 1]),
      ([fix((5..<6, "b"), (1..<2, "a"))], "0a234b6789", [0]),
      // Neighbours do not overlap, the first of two that do wins, and a fix is applied whole or not
      ([fix((2..<4, "a")), fix((4..<6, "b"))], "01ab6789", [0, 1]),
      ([fix((2..<4, "a")), fix((3..<6, "b"))], "01a456789", [0]),
      ([fix((3..<4, "a")), fix((0..<1, "b"), (3..<5, "c"))], "012a456789", [0]),
      ([fix((3..<4, "a")), fix((3..<5, "c")), fix((4..<5, "d"))], "012ad56789", [0, 2]),
      // Insertions: at one place their order would be a guess
      ([fix((3..<3, "a")), fix((3..<3, "b"))], "012a3456789", [0]),
      ([fix((3..<3, "a")), fix((3..<5, "b"))], "012a3456789", [0]),
      ([fix((3..<5, "b")), fix((4..<4, "a"))], "012b56789", [0]),
      ([fix((3..<5, "b"), (5..<5, "a"))], "012ba56789", [0]),
      // The same change asked for twice is made once
      ([fix((3..<4, "a")), fix((3..<4, "a"), (6..<7, "b"))], "012a45b789", [0, 1]),
      ([fix((3..<3, "a"), (3..<3, "a"))], "012a3456789", [0]),
      // What cannot be applied
      ([fix((3..<6, "a"), (4..<5, "b"))], "0123456789", []),
      ([fix((3..<3, "a"), (3..<3, "b"))], "0123456789", []),
      ([fix((9..<11, "a"))], "0123456789", []),
      ([fix((3..<4, "a"), file: FileID(1))], "0123456789", []),
      ([fix()], "0123456789", []),
    ] as [([Fix], String, [Int])])
  func applies(fixes: [Fix], text: String, applied: [Int]) {
    let result = Self.apply(fixes)
    #expect(result.text == text)
    #expect(result.applied == applied)
  }

  /// What is applied, applied one by one from the end, gives the same.
  @Test func agreesWithOneByOne() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<2000 {
      let fixes = (0..<Int.random(in: 0...5, using: &random)).map { number in
        let edits = (0..<Int.random(in: 1...2, using: &random)).map { place in
          let start = Int.random(in: 0...10, using: &random)
          let end = min(10, start + Int.random(in: 0...3, using: &random))
          return TextEdit(SourceSpan(start..<end), "<\(number)\(place)>")
        }
        return Fix(title: "\(number)", safety: .unsafe, edits: edits)
      }
      let (bytes, applied) = Self.file.applying(fixes)
      var expected = Self.file.bytes
      let edits = applied.flatMap(\.edits).sorted {
        ($0.span.bytes.lowerBound, $0.span.bytes.upperBound)
          > ($1.span.bytes.lowerBound, $1.span.bytes.upperBound)
      }
      for edit in edits { expected.replaceSubrange(edit.span.bytes, with: edit.text.utf8) }
      #expect(bytes == expected)
      #expect(fixes.isEmpty || !applied.isEmpty || fixes.allSatisfy { $0.edits.count > 1 })
    }
  }
}
