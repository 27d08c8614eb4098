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

  /// The models of a trainer, in the order in which it lists them.
  public static func models(of backend: String) -> [ModelFacts] {
    let order = oneTrainer.root["model_type"]?.choices ?? []
    return modelFiles.values.compactMap { $0.value.use(in: backend) }
      .sorted { (order.firstIndex(of: $0.id) ?? 0) < (order.firstIndex(of: $1.id) ?? 0) }
  }

  /// A model of OneTrainer by its `model_type`.
  public static func oneTrainerModel(_ name: String) -> ModelFacts? {
    modelFiles[fileName(name)]?.value.use(in: "onetrainer")
  }

  private static let modelFiles: [String: Deferred<ModelFile>] = files(in: "Schemas/models/") {
    ModelFile($0.document())
  }

  private static let optimizerFiles: [String: Deferred<OptimizerFacts>] =
    files(in: "Schemas/optimizers/") { OptimizerFacts($0.document()) }

  /// All optimizers, by id.
  public static var optimizers: [OptimizerFacts] {
    optimizerFiles.values.map(\.value).sorted { $0.id < $1.id }
  }

  /// An optimizer by its id, any case, `-` and `_` alike.
  public static func optimizer(_ id: String) -> OptimizerFacts? {
    optimizerFiles[fileName(id)]?.value
  }

  /// One constant per file of a folder, by the file's name without ending.
  private static func files<Value: Sendable>(
    in folder: String, _ make: @escaping @Sendable (EmbeddedFile) -> Value
  ) -> [String: Deferred<Value>] {
    Dictionary(
      EmbeddedFile.paths.filter { $0.hasPrefix(folder) }.map { path in
        (
          String(path.dropFirst(folder.count).dropLast(".json".count)),
          Deferred { make(EmbeddedFile.required(path)) }
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  /// `ADAMW_8BIT` stands in `adamw-8bit.json`.
  private static func fileName(_ id: String) -> String {
    String(id.lowercased().map { $0 == "_" ? "-" : $0 })
  }
}

extension EmbeddedFile {
  /// A file that the tests make sure of.
  static func required(_ path: String) -> EmbeddedFile {
    guard let file = EmbeddedFile(path) else { preconditionFailure("\(path) is not embedded") }
    return file
  }
}
