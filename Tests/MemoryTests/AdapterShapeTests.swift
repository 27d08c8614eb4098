import Knowledge
import Optimizers
import Testing

@testable import Memory

@Suite struct AdapterShapeTests {
  static let attention = AdapterTargets.named(["to_q", "to_k", "to_v", "to_out.*"])

  /// Trainable parameters that were counted on the trainers' own classes.
  @Test(
    arguments: [
      ("z_image/transformer", 64, 66_846_720), ("qwen_image/transformer", 8, 11_796_480),
      ("sd15/unet", 16, 3_188_736), ("flux1_dev/transformer", 16, 18_677_760),
      ("chroma1/transformer", 16, 18_677_760), ("pixart_sigma_1024/transformer", 16, 8_257_536),
      ("kolors/unet", 16, 23_224_320), ("sd35_medium/transformer", 128, 58_195_968),
      ("wan21_t2v_1.3b/transformer", 16, 11_796_480), ("krea2/transformer", 64, 76_808_192),
    ])
  func loraOnAttention(id: String, rank: Int, parameters: Int) throws {
    let component = try #require(Catalogue.component(id))
    var tensors = TrainedTensors()
    tensors.add(
      AdapterShape(.lora, rank: rank, targets: Self.attention), on: component, format: .bfloat16)
    #expect(tensors.parameters == parameters)
    #expect(tensors.bytes == 2 * parameters)
  }

  /// kohya's own layout of FLUX has one layer for queries, keys and values, and in single blocks for
  /// the feed-forward layer too: 4,786,176 parameters for each rank.
  @Test func kohyaFlux() throws {
    let component = try #require(Catalogue.component("flux1_dev/transformer"))
    var adapter = AdapterShape(
      .lora, rank: 1, targets: .blocks(["transformer_blocks", "single_transformer_blocks"]))
    adapter.fusesProjections = true
    var tensors = TrainedTensors()
    tensors.add(adapter, on: component, format: .float32)
    #expect(tensors.parameters == 4_786_176)
  }

  /// kohya's counts for UNets: linear layers and 1x1 convolutions within these classes.
  @Test(
    arguments: [
      ("sd15/unet", ["Transformer2DModel"], 423_936),
      ("sdxl/unet", ["Transformer2DModel", "ResnetBlock2D"], 2_718_400),
    ])
  func kohyaUNet(id: String, classes: [String], parameters: Int) throws {
    let component = try #require(Catalogue.component(id))
    var tensors = TrainedTensors()
    tensors.add(
      AdapterShape(.lora, rank: 1, targets: .within(classes)), on: component,
      format: .float32)
    #expect(tensors.parameters == parameters)
  }

  @Test(
    arguments: [
      (AdapterShape.Kind.lora, 4 * (64 + 128)), (.dora, 4 * (64 + 128) + 64),
      (.loha, 8 * (64 + 128)), (.oft, 128 / 4 * 6),
    ])
  func sizes(kind: AdapterShape.Kind, parameters: Int) {
    let layer = ComponentShapes.Layer(path: "a", inputs: 64, outputs: 128)
    let adapter = AdapterShape(kind, rank: 4, targets: .everyLayer)
    let sum = adapter.tensors(of: layer).reduce(0) { $0 + $1.shape.reduce(1, *) }
    #expect(sum == parameters)
  }

  @Test(arguments: [(64, 4, 4, 16), (64, -1, 8, 8), (30, -1, 5, 6), (13, -1, 1, 13), (6, 4, 2, 3)])
  func splits(size: Int, factor: Int, small: Int, large: Int) {
    #expect(AdapterShape.split(size, factor) == (small, large))
  }

  @Test func kroneckerWithFullMatrix() {
    let layer = ComponentShapes.Layer(path: "a", inputs: 64, outputs: 128)
    var adapter = AdapterShape(.lokr, rank: 10000, targets: .everyLayer)
    adapter.factor = 4
    adapter.isFullMatrix = true
    #expect(adapter.tensors(of: layer).map(\.shape) == [[4, 4], [32, 16]])
  }

  @Test(
    arguments: [
      (AdapterTargets.everyLayer, true), (.containing(["attn"]), true),
      (.containing(["ff"]), false),
      (.matching(["^(?=.*attn)(?!.*refiner).*"]), true), (.matching(["refiner"]), false),
      (.named(["to_q"]), true), (.named(["o_q"]), false), (.within(["Attention"]), true),
      (.blocks(["layers"]), true), (.blocks(["layer"]), false),
    ])
  func targets(_ targets: AdapterTargets, isTaken: Bool) {
    let layer = ComponentShapes.Layer(
      path: "layers.*.attn.to_q", inputs: 8, outputs: 8, ancestors: ["Block", "Attention"])
    #expect(targets.includes(layer) == isTaken)
  }
}
