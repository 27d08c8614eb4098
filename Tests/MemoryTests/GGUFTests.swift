import Knowledge
import Testing

@testable import Memory

@Suite struct GGUFTests {
  /// Bytes of a block as ggml's own header asserts them.
  @Test(
    arguments: [
      (GGUFType.q4_0, 32, 18), (.q4_1, 32, 20), (.q5_0, 32, 22), (.q5_1, 32, 24), (.q8_0, 32, 34),
      (.q2_K, 256, 84), (.q3_K, 256, 110), (.q4_K, 256, 144), (.q5_K, 256, 176), (.q6_K, 256, 210),
      (.q8_K, 256, 292), (.iq2_XXS, 256, 66), (.iq2_XS, 256, 74), (.iq2_S, 256, 82),
      (.iq3_XXS, 256, 98), (.iq3_S, 256, 110), (.iq1_S, 256, 50), (.iq1_M, 256, 56),
      (.iq4_NL, 32, 18), (.iq4_XS, 256, 136), (.tq1_0, 256, 54), (.tq2_0, 256, 66),
      (.f16, 1, 2), (.bf16, 1, 2), (.f32, 1, 4),
    ])
  func blocks(type: GGUFType, values: Int, bytes: Int) {
    #expect(type.block.values == values && type.block.bytes == bytes)
  }

  @Test(
    arguments: [
      ("flux1-dev-Q4_K_S.gguf", WeightFormat.ggufQ4K), ("a/b/Wan2.1-Q8_0.gguf", .ggufQ8),
      ("x-Q5_K_M.GGUF", .ggufQ5K), ("x-Q6_K.gguf", .ggufQ6K), ("x-F16.gguf", .float16),
      ("x-BF16.gguf", .bfloat16), ("x.gguf", nil), ("flux1-dev-Q4_K_S.safetensors", nil),
      ("x-IQ4_XS.gguf", .ggufIQ4XS), ("x-Q4_0.gguf", .ggufQ4),
    ] as [(String, WeightFormat?)])
  func names(file: String, format: WeightFormat?) {
    #expect(WeightFormat(ggufFile: file) == format)
  }

  @Test func layersThatDoNotComeOutEvenFallBack() {
    let layer = ComponentShapes.Layer(path: "a", inputs: 96, outputs: 10)
    #expect(WeightFormat.ggufQ4K.bytes(of: layer) == 10 * 3 * 22)
    let odd = ComponentShapes.Layer(path: "a", inputs: 33, outputs: 10)
    #expect(WeightFormat.ggufQ4K.bytes(of: odd) == 660)
  }

  /// A header of two tensors and one entry of each kind.
  static let header: [UInt8] = {
    var bytes: [UInt8] = Array("GGUF".utf8)
    func number(_ value: UInt64, _ width: Int) {
      for place in 0..<width {
        bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(place))))
      }
    }
    func text(_ words: String) {
      number(UInt64(words.utf8.count), 8)
      bytes += Array(words.utf8)
    }
    number(3, 4)
    number(2, 8)
    number(3, 8)
    text("general.architecture")
    number(8, 4)
    text("flux")
    text("general.version")
    number(4, 4)
    number(2, 4)
    text("general.list")
    number(9, 4)
    number(8, 4)
    number(2, 8)
    text("a")
    text("b")
    text("blocks.0.attn.to_q.weight")
    number(2, 4)
    number(512, 8)
    number(256, 8)
    number(UInt64(GGUFType.q4_K.rawValue), 4)
    number(0, 8)
    text("norm.weight")
    number(1, 4)
    number(512, 8)
    number(0, 4)
    number(0, 8)
    return bytes
  }()

  @Test func readsAHeader() throws {
    let file = try GGUFFile(Self.header)
    #expect(file.tensors.map(\.bytes) == [256 * 2 * 144, 2048])
    let component = file.component(id: "x")
    #expect(component.parameters == 512 * 256 + 512)
    #expect(component.layers.first?.inputs == 512 && component.layers.first?.outputs == 256)
    #expect(WeightFormat.ggufQ8.bytes(of: component) == 256 * 2 * 144 + 2048)
  }

  /// Each shorter header is incomplete, and no change of a byte brings it down.
  @Test func bearsAnything() {
    for end in Self.header.indices {
      #expect(throws: GGUFFile.Problem.self) { try GGUFFile(Array(Self.header[..<end])) }
    }
    for place in Self.header.indices {
      for byte: UInt8 in [0, 1, 127, 128, 255] {
        var bytes = Self.header
        bytes[place] = byte
        _ = try? GGUFFile(bytes)
      }
    }
  }
}
