internal import SourceText

/// A kind of model that a trainer has code for, by the name that its configs give it: what that code
/// does with the settings that it is free to ignore.
public final class ArchitectureFacts: Sendable {
  /// As the config spells it: `qwen_image_edit`.
  public let name: String
  /// Whether it learns the way from noise to image (flow matching) instead of the noise.
  public let isFlowMatching: Bool
  /// Whether the config's scheduler adds the noise; if not, the model brings one of its own.
  public let takesSchedulerFromConfig: Bool
  /// Whether adapters are made as the PEFT library makes them, where alpha is always the rank.
  public let isTransformer: Bool
  /// Whether its weights can be packed into fewer bits.
  public let quantizes: Bool
  /// Whether layers can wait in RAM.
  public let offloads: Bool
  private let node: DocumentNode

  public var title: String { node["title"]?.text ?? name }
  /// The file of `Schemas/models/` that describes it, by id; nil if there is none.
  public var model: String? { node["model"]?.text }
  /// `image`, `video` or `audio`.
  public var makes: String { node["makes"]?.text ?? "image" }
  /// Models that take turns, each for a part of the noise levels.
  public var experts: Int { node["experts"].flatMap { Int($0.text) } ?? 1 }
  /// What decides how the text encoder is packed: `qtype_te` as it should; `qtype`, the model's; with
  /// `quantize` also whether it is; `bits` a setting of its own; `never`.
  public var encoderPacking: String { node["encoderPacking"]?.text ?? "" }
  public var source: String { node["source"]?.text ?? "" }
  /// What the trainer's interface offers under names of its own.
  public var variants: [Variant] { node["variants"]?.children.map(Variant.init) ?? [] }

  /// An entry of the interface's list of models.
  public struct Variant: Sendable {
    /// `wan21:14b`, as the interface writes it.
    public let name: String
    public let title: String
    /// The weights it starts from: a Hugging Face name.
    public let base: String?
    /// The settings that are filled in with it, by their paths below the process.
    public let settings: [(path: String, value: SettingValue)]

    init(_ node: DocumentNode) {
      name = node["name"]?.text ?? ""
      title = node["title"]?.text ?? ""
      base = node["base"]?.text
      settings = node["set"]?.children.map { ($0.key ?? "", SettingValue($0)) } ?? []
    }
  }

  init(_ node: DocumentNode) {
    func flag(_ key: String) -> Bool { node[key].map { SettingValue($0).isTruthy } ?? false }
    self.node = node
    name = node["name"]?.text ?? ""
    isFlowMatching = flag("flowMatching")
    takesSchedulerFromConfig = node["scheduler"]?.text == "setting"
    isTransformer = flag("transformer")
    quantizes = flag("quantizes")
    offloads = flag("offloads")
  }
}

extension Catalogue {
  /// The kinds of models that a trainer has code for, in the order of the data; none where they are
  /// described elsewhere.
  public static func architectures(of backend: String) -> [ArchitectureFacts] {
    nodes(backend).map(ArchitectureFacts.init)
  }

  /// One of them; nil if the trainer has none of that name.
  public static func architecture(_ name: String, of backend: String) -> ArchitectureFacts? {
    nodes(backend).first { $0["name"]?.text == name }.map(ArchitectureFacts.init)
  }

  private static func nodes(_ backend: String) -> DocumentNode.Children {
    EmbeddedFile("Schemas/architectures/\(backend).json")?.document().root["architectures"]?
      .children ?? .none
  }
}
