internal import SourceText
internal import Threads

/// A model as it is trained: its parts, what a picture becomes in it, and what each trainer calls it.
public struct ModelFamily: Sendable {
  /// `sdxl`.
  public let id: String
  public let title: String
  /// The part that denoises; nil where only its size is known, from the activation table.
  public let denoiser: String?
  public let autoencoder: String?
  public let encoders: [String]
  /// Pixels along one side of an image token, or of a latent pixel in a UNet.
  public let pixelsPerToken: Int
  /// Frames of a video that share a latent frame; nil for images.
  public let framesPerLatent: Int?
  /// Tokens that the prompt is padded to.
  public let textTokens: Int
  /// Whether the prompt is taken at its own length, so that ``textTokens`` is only a typical number.
  public let takesPromptLength: Bool
  /// The module lists whose members are checkpointed and swapped.
  public let blocks: [String]
  /// The activation table; nil if there is none.
  public let table: String?
  /// The component that the table was counted on, where it is a relative of the denoiser.
  public let tableOf: String?
  /// What its code in SimpleTuner makes of an interval between checkpoints: `segments`, `alternate`,
  /// `ignored`; nil where that trainer does not have it.
  public let interval: String?
  /// The trainers in which checkpointing was seen to change nothing for it.
  public let checkpointsNothingIn: [String]
  /// What is kept for the backward pass once and not for each sample, in bytes: copies of weights of
  /// convolutions in another format.
  public let sharedBytes: Int
  /// The rank of the adapter that trainers load beside a distilled flavour; nil if there is none.
  public let assistantRank: Int?
  private let names: [String: [Name]]

  /// What a trainer calls it; several models share a name and differ in the weights they start from.
  struct Name: Sendable {
    let name: String
    /// One of these stands in the name of the base model.
    let base: [String]
    /// None of these does.
    let not: [String]

    func fits(_ name: String, base: String) -> Bool {
      guard self.name == name else { return false }
      let base = base.lowercased()
      return (self.base.isEmpty || self.base.contains(where: base.contains))
        && !not.contains(where: base.contains)
    }
  }

  init(_ node: DocumentNode) {
    func list(_ node: DocumentNode?) -> [String] { node?.children.map(\.text) ?? [] }
    id = node["id"]?.text ?? ""
    title = node["title"]?.text ?? ""
    denoiser = node["denoiser"]?.text
    autoencoder = node["autoencoder"]?.text
    encoders = list(node["encoders"])
    pixelsPerToken = node.integer("pixelsPerToken") ?? 16
    framesPerLatent = node.integer("framesPerLatent")
    textTokens = node.integer("textTokens") ?? 0
    takesPromptLength = node["prompt"] != nil
    blocks = list(node["blocks"])
    table = node["table"]?.text
    tableOf = node["tableOf"]?.text
    interval = node["interval"]?.text
    checkpointsNothingIn = list(node["checkpointsNothingIn"])
    assistantRank = node.integer("assistantRank")
    sharedBytes = node.integer("sharedBytes") ?? 0
    names = Dictionary(
      node["names"]?.children.map { trainer in
        (
          trainer.key ?? "",
          trainer.children.map { name in
            Name(
              name: name["name"]?.text ?? "", base: list(name["base"]), not: list(name["not"]))
          }
        )
      } ?? [], uniquingKeysWith: { first, _ in first })
  }

  /// What a trainer calls it; empty if that trainer does not have it.
  public func names(in backend: String) -> [String] { names[backend]?.map(\.name) ?? [] }

  /// Whether it denoises with convolutions, so that text goes beside and not through its layers.
  public var isUNet: Bool { denoiser?.contains("/unet") ?? false }

  fileprivate func fits(_ name: String, base: String, in backend: String) -> Bool {
    names[backend]?.contains { $0.fits(name, base: base) } ?? false
  }
}

extension Catalogue {
  /// All models whose memory can be worked out.
  public static var families: [ModelFamily] { sizes.families.value }

  /// A model by its own id.
  public static func family(_ id: String) -> ModelFamily? { families.first { $0.id == id } }

  /// A model by the name that a trainer gives it and the weights that it starts from.
  /// - Parameter base: A path or a Hugging Face name, which tells models of several sizes apart.
  /// - Returns: Nil if no model, or more than one, fits.
  public static func family(named name: String, base: String, in backend: String) -> ModelFamily? {
    let fitting = families.filter { $0.fits(name, base: base, in: backend) }
    return fitting.count == 1 ? fitting[0] : nil
  }

  /// The models that go by a trainer's name, whatever the weights.
  public static func families(named name: String, in backend: String) -> [ModelFamily] {
    families.filter { $0.names(in: backend).contains(name) }
  }
}
