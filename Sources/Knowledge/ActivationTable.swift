internal import SourceText

/// What a model keeps for the backward pass, counted on its own classes in several situations.
public struct ActivationTable: Sendable {
  public let model: String
  /// The weights with their buffers, in 16 bits; nil where a list of tensors says it.
  public let weightBytes: Int?
  /// Weights of linear layers, which can be packed.
  public let packableParameters: Int?
  /// Parameters of an adapter on the attention layers, for each rank.
  public let adapterParametersPerRank: Int?
  public let rows: [Row]

  /// One situation, at one or more sizes.
  public struct Row: Sendable {
    public let method: Method
    public let rank: Int
    /// Whether norms and softmax run in float32 within a 16-bit run (autocast), not all in 16 bits.
    public let isAutocast: Bool
    public let packing: Packing
    /// The adapter's dropout, which keeps masks.
    public let dropout: Double
    public let checkpointing: Checkpointing
    /// Tokens of text per image beside the image's; 0 where text is the input.
    public let textTokens: Int
    /// Whether the peak was followed through the backward pass, gradients of activations included.
    public let includesBackward: Bool
    public let points: [Point]
  }

  public enum Method: String, Sendable {
    case full
    case lokr
    case loraAll = "lora-all"
    case loraAttention = "lora-attention"
  }

  /// What the linear layers of the base are packed with.
  public enum Packing: String, Sendable {
    case none
    /// torchao's dynamic float8, activations included.
    case fp8
    /// torchao's float8 for weights only.
    case fp8wo
    /// SDNQ's int8 with Hadamard rotation.
    case sdnq
  }

  /// Which blocks are computed again in the backward pass.
  public enum Checkpointing: String, Sendable {
    case off
    /// Every block by itself.
    case all
    /// Two blocks at a time.
    case pairs = "int2"
    /// Two of every four.
    case pairsOfFour = "int2st4"
  }

  /// Bytes at one size.
  public struct Point: Sendable {
    /// Image tokens, latent pixels of a UNet, or text tokens of an encoder; per sample.
    public let tokens: Int
    public let batch: Int
    /// Kept after the forward pass.
    public let saved: Int
    /// The most at any moment.
    public let peak: Int

    public init(tokens: Int, batch: Int, saved: Int, peak: Int) {
      self.tokens = tokens
      self.batch = batch
      self.saved = saved
      self.peak = peak
    }
  }

  init(_ root: DocumentNode) {
    model = root["model"]?.text ?? ""
    weightBytes = root.integer("weightBytes")
    packableParameters = root.integer("packableParameters")
    adapterParametersPerRank = root.integer("adapterParametersPerRank")
    rows = root["rows"]?.children.compactMap(Row.init) ?? []
  }
}

extension ActivationTable.Row {
  init?(_ node: DocumentNode) {
    guard let method = node["train"].flatMap({ ActivationTable.Method(rawValue: $0.text) }),
      let packing = node["packing"].flatMap({ ActivationTable.Packing(rawValue: $0.text) }),
      let checkpointing = node["checkpointing"].flatMap({
        ActivationTable.Checkpointing(rawValue: $0.text)
      })
    else { return nil }
    self.method = method
    self.packing = packing
    self.checkpointing = checkpointing
    rank = node.integer("rank") ?? 0
    isAutocast = node["precision"]?.text == "autocast"
    dropout = node["dropout"].flatMap { SettingValue($0).number } ?? 0
    textTokens = node.integer("textTokens") ?? 0
    includesBackward = node["backward"]?.text == "true"
    points =
      node["points"]?.children.compactMap { point in
        let numbers = point.children.compactMap { Int($0.text) }
        guard numbers.count == 4 else { return nil }
        return .init(tokens: numbers[0], batch: numbers[1], saved: numbers[2], peak: numbers[3])
      } ?? []
  }
}

extension Catalogue {
  /// The activations of a model by the name of its table.
  public static func activations(_ name: String) -> ActivationTable? {
    sizes.table(dataName(name))
  }
}
