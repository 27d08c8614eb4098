import SourceText
import Testing

/// What is no UTF-8 is refused by every reader, at its first byte.
@Suite struct EncodingTests {
  private static func readers(_ bytes: [UInt8]) -> [SyntaxError?] {
    let source = SourceFile(path: "a", bytes: bytes)
    var errors: [SyntaxError?] = []
    do throws(SyntaxError) {
      _ = try JSONReader.read(source)
      errors.append(nil)
    } catch { errors.append(error) }
    do throws(SyntaxError) {
      _ = try YAMLReader.read(source)
      errors.append(nil)
    } catch { errors.append(error) }
    return errors
  }

  /// The rows of table 3-7 of Unicode 15, each from its edge inwards.
  static let sequences: [[UInt8]] = [
    [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xE1, 0x80, 0x80], [0xEC, 0xBF, 0xBF],
    [0xED, 0x80, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBD],
    [0xF0, 0x90, 0x80, 0x80], [0xF1, 0x80, 0x80, 0x80], [0xF3, 0xBF, 0xBF, 0xBF],
    [0xF4, 0x80, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
  ]

  @Test(arguments: sequences) func takesUTF8(sequence: [UInt8]) throws {
    for padding in 0..<9 {
      let text = [UInt8](repeating: UInt8(ascii: "x"), count: padding) + sequence
      let source = SourceFile(path: "a", bytes: [0x22] + text + [0x22])
      #expect(Array(try JSONReader.read(source).root.text.utf8) == text)
    }
  }

  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2],
      [0xC2, 0x41], [0xC2, 0xC2, 0x80], [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF], [0xE0, 0xA0], [0xE1, 0x80, 0x41], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF1, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE], [0xE9, 0x20],
    ] as [[UInt8]])
  func refusesWhatIsNoUTF8(sequence: [UInt8]) {
    for padding in 0..<9 {
      let before = [0x22] + [UInt8](repeating: UInt8(ascii: "x"), count: padding)
      let digits = String(sequence[0], radix: 16, uppercase: true)
      let expected = SyntaxError(
        "byte 0x\(digits) is not UTF-8: save the file as UTF-8",
        at: before.count..<(before.count + 1))
      #expect(Self.readers(before + sequence + [0x22]) == [expected, expected])
      #expect(Self.readers(before + sequence) == [expected, expected])
    }
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x7B, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x7B], "UTF-16"),
      ([0x7B, 0, 0x7D, 0], "UTF-16"),
      ([0, 0x7B, 0, 0x7D], "UTF-16"), ([0xFF, 0xFE, 0, 0], "UTF-32"),
      ([0, 0, 0xFE, 0xFF], "UTF-32"),
      ([0x7B, 0, 0, 0], "UTF-32"), ([0, 0, 0, 0x7B], "UTF-32"),
    ] as [([UInt8], String)])
  func namesWideEncodings(bytes: [UInt8], name: String) {
    let message = "this is \(name), the trainers read UTF-8: save the file as UTF-8"
    #expect(Self.readers(bytes + bytes).map { $0?.message } == [message, message])
  }

  @Test func namesBinaryFiles() {
    let safetensors: [UInt8] = [0x58, 0x01, 0, 0, 0, 0, 0, 0, 0x7B, 0x22, 0xFF]
    let message = "this is a binary file, not a text"
    #expect(Self.readers(safetensors).map { $0?.message } == [message, message])
  }
}
