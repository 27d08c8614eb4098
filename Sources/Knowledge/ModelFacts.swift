internal import SourceText

/// What is known of a model family, as one trainer has it.
public final class ModelFacts: Sendable {
  public let id: String
  public let title: String
  public let family: String
  /// The parts it consists of, by the trainer's keys.
  public let parts: [String]
  public let methods: [String]
  /// The part that denoises.
  public let denoiser: String
  public let isFlowMatching: Bool
  public let isVideo: Bool
  public let isUNetLike: Bool
  public let hasMaskInput: Bool
  public let hasCompressedWeights: Bool
  /// Whether text embeddings can be trained.
  public let hasEmbeddings: Bool
  public let hasAdditionalEmbeddings: Bool
  /// Whether the trainer knows which of its layers suit Muon.
  public let hasMuonDefaultLayers: Bool
  public let lossWeights: [String]
  /// The text encoders that are CLIP models.
  public let clipEncoders: [String]
  public let layerFilterPresets: [LayerFilterPreset]
  private let trainable: DocumentNode?
  private let formats: DocumentNode?

  /// A named choice of layers.
  public struct LayerFilterPreset: Sendable {
    public let name: String
    public let patterns: [String]
    public let isRegularExpression: Bool
  }

  /// The parts that can be trained with a method.
  public func trainableParts(_ method: String) -> [String] {
    guard let trainable else { return [denoiser] }
    let list = trainable.kind == .mapping ? trainable[method] : trainable
    return list?.children.map(\.text) ?? []
  }

  /// The file layouts that can be saved with a method.
  public func outputFormats(_ method: String) -> [String] {
    formats?[method]?.children.map(\.text) ?? []
  }

  public func layerFilterPreset(_ name: String) -> LayerFilterPreset? {
    layerFilterPresets.first { $0.name == name }
  }

  init?(_ node: DocumentNode, backend: String) {
    guard let use = node["backends"]?[backend] else { return nil }
    func flag(_ key: String) -> Bool { use[key].map { SettingValue($0).isTruthy } ?? false }
    func list(_ key: String) -> [String] { use[key]?.children.map(\.text) ?? [] }
    id = use["name"]?.text ?? node["id"]?.text ?? ""
    title = node["title"]?.text ?? ""
    family = node["family"]?.text ?? ""
    parts = list("parts")
    methods = list("methods")
    denoiser = use["denoiser"]?.text ?? ""
    isFlowMatching = flag("flowMatching")
    isVideo = flag("video")
    isUNetLike = flag("unetLike")
    hasMaskInput = flag("hasMaskInput")
    hasCompressedWeights = flag("compressedWeights")
    hasEmbeddings = flag("embeddings")
    hasAdditionalEmbeddings = flag("additionalEmbeddings")
    hasMuonDefaultLayers = flag("muonDefaultLayers")
    lossWeights = list("lossWeights")
    clipEncoders = list("clipEncoders")
    trainable = use["trainableParts"]
    formats = use["outputFormats"]
    layerFilterPresets =
      use["layerFilterPresets"]?.children.map { preset in
        LayerFilterPreset(
          name: preset.key ?? "", patterns: preset["patterns"]?.children.map(\.text) ?? [],
          isRegularExpression: preset["regex"].map { SettingValue($0).isTruthy } ?? false)
      } ?? []
  }
}

/// The file of a model: what every trainer that has it makes of it.
struct ModelFile: Sendable {
  private let uses: [String: ModelFacts]

  init(_ document: Document) {
    let root = document.root
    uses = Dictionary(
      root["backends"]?.children.compactMap { use in
        use.key.flatMap { name in ModelFacts(root, backend: name).map { (name, $0) } }
      } ?? [], uniquingKeysWith: { first, _ in first })
  }

  func use(in backend: String) -> ModelFacts? { uses[backend] }
}
