internal import Knowledge
internal import SourceText

/// How a trainer spells a run: `Presets/⟨trainer⟩/recipe.json`, which people who know the trainer mend.
///
/// A config is the base with blocks of settings put over it, one after the other: the model's, the
/// method's, the optimizer's, the numbers', and as many of the savings as the card asks for.
struct Recipe: Sendable {
  /// The trainer, by id.
  let backend: String
  let format: DocumentFormat
  /// The name that a config has where the user names none.
  let fileName: String
  /// How a run is started; with `{file}` and, where the trainer has several, `{script}`.
  let launch: String
  /// What paths of settings begin with: `config.process[0].`.
  let root: String
  let header: [String]
  let base: EditValue
  /// Levels at which null only keeps a place, or takes a setting away; deeper it is a value.
  let placeDepth: Int
  let models: [Model]
  let methods: [String: Block]
  let optimizers: [Block]
  /// The settings that carry numbers.
  let settings: Block
  /// What makes a run smaller, the cheapest first; each is put over those before it.
  let savings: [Block]
  /// Files that belong to a config, by name.
  let companions: [(name: String, content: EditValue)]
  /// What a setting's reason is, by key path: see ``Reasons``.
  let topics: [String: String]

  /// A model as this trainer has it.
  struct Model: Sendable {
    /// As in `Schemas/families.json`.
    let id: String
    let block: Block
    /// The part that denoises, where settings belong to parts.
    let part: String
    /// What can be done with it, with what that takes.
    let methods: [String: Block]
  }

  /// Settings that belong together.
  struct Block: Sendable {
    let id: String
    let settings: [(path: String, value: EditValue)]
    /// Why a setting has its value, by key path.
    let reasons: [String: String]
    /// The methods it is for; nil for all.
    let methods: [String]?
    /// The models it is for; nil for all.
    let models: [String]?
    /// What it costs to save memory in this way.
    let cost: String
    /// Whether what is learned suffers, so that all else is tried before.
    let isHarsh: Bool
    /// Whether each tensor is updated as soon as its gradient is there, so that nothing is gathered.
    let isFused: Bool
    let numbers: [String: Int]
    /// The script that is started, where the trainer has several.
    let script: String?
    /// What has to be installed beside the trainer.
    let install: String?

    func fits(_ model: String, _ method: String) -> Bool {
      methods?.contains(method) ?? true && models?.contains(model) ?? true
    }
  }

  func model(_ id: String) -> Model? { models.first { $0.id == id } }

  /// - Returns: Nil for a trainer without a recipe.
  init?(_ backend: String) {
    guard let file = EmbeddedFile("Presets/\(backend)/recipe.json") else { return nil }
    let root = file.document().root
    self.backend = backend
    format = DocumentFormat(rawValue: root["format"]?.text ?? "json") ?? .json
    fileName = root["fileName"]?.text ?? "config.json"
    launch = root["launch"]?.text ?? ""
    self.root = root["root"]?.text ?? ""
    header = root["header"]?.children.map(\.text) ?? []
    placeDepth = root["placeDepth"].flatMap { Int($0.text) } ?? 1
    base = root["base"].map { EditValue($0) } ?? .mapping([])
    models = root["models"]?.children.map(Model.init) ?? []
    methods = Self.blocks(root["methods"])
    optimizers = root["optimizers"]?.children.map(Block.init) ?? []
    settings = root["settings"].map(Block.init) ?? Block.none
    savings = root["savings"]?.children.map(Block.init) ?? []
    companions =
      root["companions"]?.children.map { ($0.key ?? "", EditValue($0)) } ?? []
    topics = Dictionary(
      root["topics"]?.children.map { ($0.key ?? "", $0.text) } ?? [],
      uniquingKeysWith: { first, _ in first })
  }

  fileprivate static func blocks(_ node: DocumentNode?) -> [String: Block] {
    Dictionary(
      node?.children.map { ($0.key ?? "", Block($0)) } ?? [],
      uniquingKeysWith: { first, _ in first })
  }

  /// The trainers that have one.
  static var backends: [String] {
    Catalogue.backendIDs.filter { EmbeddedFile("Presets/\($0)/recipe.json") != nil }
  }
}

extension Recipe.Model {
  init(_ node: DocumentNode) {
    id = node["id"]?.text ?? ""
    part = node["part"]?.text ?? "unet"
    block = Recipe.Block(node)
    methods = Recipe.blocks(node["methods"])
  }
}

extension Recipe.Block {
  static var none: Recipe.Block { Recipe.Block(nil) }

  init(_ node: DocumentNode) { self.init(Optional(node)) }

  private init(_ node: DocumentNode?) {
    func list(_ key: String) -> [String]? { node?[key]?.children.map(\.text) }
    func flag(_ key: String) -> Bool { node?[key]?.text == "true" }
    id = node?["id"]?.text ?? ""
    settings = node?["set"]?.children.map { ($0.key ?? "", EditValue($0)) } ?? []
    reasons = Dictionary(
      node?["why"]?.children.map { ($0.key ?? "", $0.text) } ?? [],
      uniquingKeysWith: { first, _ in first })
    methods = list("for")
    models = list("models")
    cost = node?["cost"]?.text ?? ""
    isHarsh = flag("isHarsh")
    isFused = flag("fused")
    numbers = Dictionary(
      node?["numbers"]?.children.compactMap { entry in
        Int(entry.text).map { (entry.key ?? "", $0) }
      } ?? [], uniquingKeysWith: { first, _ in first })
    script = node?["script"]?.text
    install = node?["install"]?.text
  }
}
