import Knowledge
import Plans
import SourceText

/// One process of a job that trains: a run of its own.
///
/// ai-toolkit 27a03a9, jobs/process/BaseSDTrainProcess.py:84-265.
///
/// Immutable; a class because every rule is handed it.
final class AIToolkitProcess: TrainerConfig, Sendable {
  let backend = Catalogue.backend("ai-toolkit")
  /// The job looks for repeated keys.
  let documents: [Document] = []
  let objects: [SettingsObject]
  /// `config.process[0]`.
  let path: String
  let node: DocumentNode
  /// `sd_trainer`.
  let type: String
  let context: AIToolkitContext
  /// Whether the job itself names a folder for results, as jobs of the kind train do.
  let hasFolderOfJob: Bool
  let optimizer: AIToolkitOptimizer
  /// The objects of which there is one, by kind.
  private let blocks: [String: SettingsObject]

  /// The types of processes that train, and what their slider block is.
  static let trainers: [String: String] = [
    "sd_trainer": "slider", "diffusion_trainer": "slider", "ui_trainer": "slider",
    "textual_inversion_trainer": "slider", "concept_replacer": "slider",
    "concept_slider": "conceptSlider", "image_reference_slider_trainer": "referenceSlider",
    "ultimate_slider_trainer": "ultimateSlider", "slider": "slider", "slider_old": "slider",
  ]

  init(_ node: DocumentNode, type: String, path: String, hasFolderOfJob: Bool) {
    self.node = node
    self.type = type
    self.path = path
    self.hasFolderOfJob = hasFolderOfJob
    context = AIToolkitContext(node)
    var reader = AIToolkitObjects(context, kinds: ["slider": Self.trainers[type] ?? "slider"])
    reader.read(backend.object("process") ?? .none, node, path: path)
    objects = reader.all
    blocks = reader.blocks
    optimizer = AIToolkitOptimizer(Self.block("train", blocks, path, node).setting("optimizer"))
  }

  /// A block of the process by its kind: `train`, `ema`; one without settings where the file has none.
  func block(_ kind: String) -> SettingsObject { Self.block(kind, blocks, path, node) }

  private static func block(
    _ kind: String, _ blocks: [String: SettingsObject], _ path: String, _ node: DocumentNode
  ) -> SettingsObject {
    if let block = blocks[kind] { return block }
    let (parent, key) = places[kind] ?? ("process", kind)
    let holder = parent == "process" ? nil : blocks[parent]
    return AIToolkitObjects.missing(
      kind, path: "\(holder?.path ?? (parent == "process" ? path : "\(path).\(parent)")).\(key)",
      anchor: holder?.anchor ?? blocks["process"]?.anchor ?? node.span)
  }

  /// Where blocks stand that are no keys of the process.
  private static let places: [String: (parent: String, key: String)] = [
    "ema": ("train", "ema_config"), "validation": ("train", "validation_config"),
    "networkArguments": ("network", "network_kwargs"), "lorm": ("network", "lorm"),
    "quantizeArguments": ("model", "quantize_kwargs"),
  ]

  /// A setting of a block: `setting("train", "lr")`.
  func setting(_ kind: String, _ key: String) -> Setting { block(kind).setting(key) }
  func train(_ key: String) -> Setting { setting("train", key) }
  func model(_ key: String) -> Setting { setting("model", key) }
  func network(_ key: String) -> Setting { setting("network", key) }

  /// The datasets, in the order of the file.
  var datasets: [SettingsObject] { objects.filter { $0.facts.name == "dataset" } }

  func setting(at path: SettingPath) -> Setting? {
    switch path {
    case .plain(let name): name.hasPrefix("@") ? concluded(name) : nil
    case .ofParts: nil
    case .nested(let kind, let key):
      isSingle(kind) && block(kind).facts[key] != nil ? setting(kind, key) : nil
    }
  }

  private func isSingle(_ kind: String) -> Bool {
    kind == "process" || blocks[kind] != nil || Self.places[kind] != nil
      || block("process").facts[kind]?.type == .object
  }
}
