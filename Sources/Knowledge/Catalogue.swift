internal import SourceText

/// All that is known, read from the embedded `Schemas/` when first asked for.
public enum Catalogue {
  /// Every optimizer option once.
  public static let options: ObjectFacts = {
    let root = EmbeddedFile.required("Schemas/options.json").document().root
    let settings = root["options"]?.children.map { SettingFacts($0) } ?? []
    return ObjectFacts(name: "optimizer", title: "optimizer", settings: settings)
  }()

  public static let oneTrainer = BackendFacts(
    EmbeddedFile.required("Schemas/backends/onetrainer.json").document(), options: options)

  public static let schedulers: [SchedulerFacts] =
    EmbeddedFile.required("Schemas/schedulers.json").document().root["schedulers"]?.children
    .map(SchedulerFacts.init) ?? []

  private static let modelNodes: [(name: String, node: DocumentNode)] =
    EmbeddedFile.required("Schemas/models.json").document().root["models"]?.children
    .map { ($0["id"]?.text ?? "", $0) } ?? []

  /// The models of a trainer, by the trainer's names.
  public static func models(of backend: String) -> [ModelFacts] {
    modelNodes.compactMap { ModelFacts($0.node, backend: backend) }
  }

  private static let oneTrainerModels: [String: Deferred<ModelFacts?>] = Dictionary(
    modelNodes.map { name, node in
      (node["backends"]?["onetrainer"]?["name"]?.text ?? name, Deferred { ModelFacts(node, backend: "onetrainer") })
    }, uniquingKeysWith: { first, _ in first })

  /// A model of OneTrainer by its `model_type`.
  public static func oneTrainerModel(_ name: String) -> ModelFacts? { oneTrainerModels[name]?.value }

  private static let optimizerFiles: [String: Deferred<OptimizerFacts>] = Dictionary(
    EmbeddedFile.paths.filter { $0.hasPrefix("Schemas/optimizers/") }.map { path in
      (String(path.dropFirst("Schemas/optimizers/".count).dropLast(".json".count)),
       Deferred { OptimizerFacts(EmbeddedFile.required(path).document()) })
    }, uniquingKeysWith: { first, _ in first })

  /// All optimizers, by id.
  public static var optimizers: [OptimizerFacts] {
    optimizerFiles.values.map(\.value).sorted { $0.id < $1.id }
  }

  /// An optimizer by its id, any case, `-` and `_` alike.
  public static func optimizer(_ id: String) -> OptimizerFacts? {
    optimizerFiles[String(id.lowercased().map { $0 == "_" ? "-" : $0 })]?.value
  }
}

extension EmbeddedFile {
  /// A file that the tests make sure of.
  static func required(_ path: String) -> EmbeddedFile {
    guard let file = EmbeddedFile(path) else { preconditionFailure("\(path) is not embedded") }
    return file
  }
}
