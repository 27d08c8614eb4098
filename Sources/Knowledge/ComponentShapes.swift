internal import SourceText

/// The tensors of one part of a model, counted on its own class without any weights.
public struct ComponentShapes: Sendable {
  /// `sdxl/unet`.
  public let id: String
  public let parameters: Int
  /// Numbers that are saved with the weights and never trained, such as fixed position tables.
  public let buffers: Int
  public let verified: Verification
  public let source: String
  public let layers: [Layer]
  /// What belongs to no layer: norms, embeddings, tables.
  public let tensors: [LooseTensor]
  /// The bytes of its weights as the file that was read packs them; nil where no file says so.
  public var storedBytes: Int?

  /// How sure the count is.
  public enum Verification: String, Sendable {
    /// Equal to a published count or file, number for number.
    case exact
    /// Equal to the published size as far as that is rounded.
    case nominal
    /// Only the class and its defaults are known.
    case unverified
  }

  /// Linear layers or convolutions of one shape at one path, where `*` stands for any index.
  public struct Layer: Sendable {
    public let path: String
    public let count: Int
    public let isConvolution: Bool
    public let inputs: Int
    public let outputs: Int
    /// Empty for a linear layer.
    public let kernel: [Int]
    public let groups: Int
    public let hasBias: Bool
    public let role: Role
    /// The classes of the modules around it, from outside in.
    public let ancestors: [String]

    public init(
      path: String, count: Int = 1, inputs: Int, outputs: Int, kernel: [Int] = [], groups: Int = 1,
      hasBias: Bool = false, role: Role = .other, ancestors: [String] = []
    ) {
      self.path = path
      self.count = count
      isConvolution = !kernel.isEmpty
      self.inputs = inputs
      self.outputs = outputs
      self.kernel = kernel
      self.groups = groups
      self.hasBias = hasBias
      self.role = role
      self.ancestors = ancestors
    }

    /// Of the weight: outputs first.
    public var shape: [Int] { [outputs, inputs / groups] + kernel }
    /// Numbers in one weight.
    public var weightCount: Int { shape.reduce(1, *) }
    /// Whether it lies in a list of modules, as the blocks of a model do.
    public var isInBlock: Bool { path.contains(".*.") }
  }

  public enum Role: String, Sendable {
    case attention
    case feedForward = "feed_forward"
    case other
  }

  /// A tensor that is no weight of a layer, with how often it occurs.
  public struct LooseTensor: Sendable {
    public let kind: String
    public let shape: [Int]
    public let count: Int

    public init(kind: String, shape: [Int], count: Int) {
      self.kind = kind
      self.shape = shape
      self.count = count
    }
  }

  public init(
    id: String, parameters: Int, buffers: Int, verified: Verification, source: String,
    layers: [Layer], tensors: [LooseTensor]
  ) {
    self.id = id
    self.parameters = parameters
    self.buffers = buffers
    self.verified = verified
    self.source = source
    self.layers = layers
    self.tensors = tensors
  }

  init(_ root: DocumentNode) {
    id = root["id"]?.text ?? ""
    parameters = root.integer("parameters") ?? 0
    buffers = root.integer("buffers") ?? 0
    verified = root["verified"].flatMap { Verification(rawValue: $0.text) } ?? .unverified
    source = root["source"]?.text ?? ""
    layers = root["layers"]?.children.map(Layer.init) ?? []
    tensors =
      root["tensors"]?.children.map { node in
        LooseTensor(
          kind: node["kind"]?.text ?? "", shape: node.integers("shape"),
          count: node.integer("count") ?? 1)
      } ?? []
  }

  /// Every trained tensor once, with how often its shape occurs there.
  public var allTensors: [(shape: [Int], count: Int)] {
    layers.map { ($0.shape, $0.count) }
      + layers.filter(\.hasBias).map { ([$0.outputs], $0.count) }
      + tensors.map { ($0.shape, $0.count) }
  }
}

extension ComponentShapes.Layer {
  init(_ node: DocumentNode) {
    self.init(
      path: node["path"]?.text ?? "", count: node.integer("count") ?? 1,
      inputs: node.integer("in") ?? 0, outputs: node.integer("out") ?? 0,
      kernel: node.integers("kernel"), groups: node.integer("groups") ?? 1,
      hasBias: node["bias"] != nil,
      role: node["role"].flatMap { ComponentShapes.Role(rawValue: $0.text) } ?? .other,
      ancestors: node["within"]?.children.map(\.text) ?? [])
  }
}

extension DocumentNode {
  /// A whole number of an object.
  func integer(_ key: String) -> Int? { self[key].flatMap { Int($0.text) } }
  func integers(_ key: String) -> [Int] { self[key]?.children.compactMap { Int($0.text) } ?? [] }
}

extension Catalogue {
  /// A part of a model by its id, `sdxl/unet`; nil if it is not known.
  public static func component(_ id: String) -> ComponentShapes? {
    sizes.component(dataName(id))
  }

  /// `sd15/unet_inpaint` stands in `sd15-unet-inpaint.json`.
  static func dataName(_ id: String) -> String {
    String(id.map { $0 == "/" || $0 == "_" ? "-" : $0 })
  }
}
