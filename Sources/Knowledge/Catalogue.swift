internal import SourceText

/// All that is known, read from the embedded `Schemas/` when first asked for.
public enum Catalogue {
  @TaskLocal private static var shelf = Shelf()

  /// Runs with a copy of its own. Facts are shared objects: threads that use the same ones wait for
  /// each other at every count of references, which costs two of them a third of their time.
  public static func withOwnCopy<Result>(_ body: () -> Result) -> Result {
    $shelf.withValue(Shelf(), operation: body)
  }

  /// Every optimizer option once.
  public static var options: ObjectFacts { shelf.options.value }

  public static var oneTrainer: BackendFacts { backend("onetrainer") }

  /// What is known of a trainer's config.
  /// - Parameter id: One that `Schemas/backends/` has a file for.
  public static func backend(_ id: String) -> BackendFacts {
    guard let facts = shelf.backends[id] else { preconditionFailure("no backend '\(id)'") }
    return facts.value
  }

  public static var schedulers: [SchedulerFacts] { shelf.schedulers.value }

  /// The models of a trainer, in the order in which it lists them.
  public static func models(of backend: String) -> [ModelFacts] {
    let order = oneTrainer.root["model_type"]?.choices ?? []
    return shelf.models.values.compactMap { $0.value.use(in: backend) }
      .sorted { (order.firstIndex(of: $0.id) ?? 0) < (order.firstIndex(of: $1.id) ?? 0) }
  }

  /// A model of OneTrainer by its `model_type`.
  public static func oneTrainerModel(_ name: String) -> ModelFacts? {
    shelf.models[fileName(name)]?.value.use(in: "onetrainer")
  }

  /// All optimizers, by id.
  public static var optimizers: [OptimizerFacts] {
    shelf.optimizers.values.map(\.value).sorted { $0.id < $1.id }
  }

  /// An optimizer by a trainer's spelling; nil if the trainer does not have it.
  public static func optimizer(
    named name: String, in backend: String
  ) -> (facts: OptimizerFacts, use: OptimizerUse)? {
    guard let id = Self.backend(backend).optimizerIDs[name], let facts = optimizer(id),
      let use = facts.use(in: backend, named: name)
    else { return nil }
    return (facts, use)
  }

  /// An optimizer by its id, any case, `-` and `_` alike.
  public static func optimizer(_ id: String) -> OptimizerFacts? {
    shelf.optimizers[fileName(id)]?.value
  }

  /// `ADAMW_8BIT` stands in `adamw-8bit.json`.
  private static func fileName(_ id: String) -> String {
    String(id.lowercased().map { $0 == "_" ? "-" : $0 })
  }
}

/// The data files, each parsed when first asked for.
private final class Shelf: Sendable {
  let options: Deferred<ObjectFacts>
  let backends: [String: Deferred<BackendFacts>]
  let schedulers: Deferred<[SchedulerFacts]>
  let models: [String: Deferred<ModelFile>]
  let optimizers: [String: Deferred<OptimizerFacts>]

  init() {
    let options = Deferred {
      let root = EmbeddedFile.required("Schemas/options.json").document().root
      let settings = root["options"]?.children.map { SettingFacts($0) } ?? []
      return ObjectFacts(name: "optimizer", title: "optimizer", settings: settings)
    }
    self.options = options
    schedulers = Deferred {
      EmbeddedFile.required("Schemas/schedulers.json").document().root["schedulers"]?.children
        .map(SchedulerFacts.init) ?? []
    }
    let paths = EmbeddedFile.paths
    backends = Self.files(paths, in: "Schemas/backends/") {
      BackendFacts($0.document(), options: options.value)
    }
    models = Self.files(paths, in: "Schemas/models/") { ModelFile($0.document()) }
    optimizers = Self.files(paths, in: "Schemas/optimizers/") { OptimizerFacts($0.document()) }
  }

  /// One constant per file of a folder, by the file's name without ending.
  private static func files<Value: Sendable>(
    _ paths: [String], in folder: String, _ make: @escaping @Sendable (EmbeddedFile) -> Value
  ) -> [String: Deferred<Value>] {
    Dictionary(
      paths.filter { $0.hasPrefix(folder) }.map { path in
        (
          String(path.dropFirst(folder.count).dropLast(".json".count)),
          Deferred { make(EmbeddedFile.required(path)) }
        )
      }, uniquingKeysWith: { first, _ in first })
  }
}

extension EmbeddedFile {
  /// A file that the tests make sure of.
  static func required(_ path: String) -> EmbeddedFile {
    guard let file = EmbeddedFile(path) else { preconditionFailure("\(path) is not embedded") }
    return file
  }
}
