internal import SourceText
internal import Threads

/// All that is known, read from the embedded `Schemas/` when first asked for.
public enum Catalogue {
  @TaskLocal private static var shelf = Shelf()

  /// Runs with a copy of its own. Facts are shared objects: threads that use the same ones wait for
  /// each other at every count of references, which costs two of them a third of their time.
  public static func withOwnCopy<Result>(_ body: () -> Result) -> Result {
    $shelf.withValue(Shelf(), operation: body)
  }

  /// Every option of OneTrainer's optimizer object, each once.
  public static var options: ObjectFacts { shelf.options.value }

  /// The options that only other trainers pass to an optimizer's library.
  public static var libraryOptions: ObjectFacts { shelf.libraryOptions.value }

  /// An option of any optimizer of any trainer.
  public static func option(_ key: String) -> SettingFacts? {
    options[key] ?? libraryOptions[key]
  }

  public static var oneTrainer: BackendFacts { backend("onetrainer") }

  /// What is known of a trainer's config.
  /// - Parameter id: One that `Schemas/backends/` has a file for.
  public static func backend(_ id: String) -> BackendFacts {
    guard let facts = shelf.backends[id] else { preconditionFailure("no backend '\(id)'") }
    return facts.value
  }

  /// The models' shapes, families and activations.
  static var sizes: ModelSizes { shelf.sizes.value }

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

  /// The optimizers that a trainer has, by id.
  public static func optimizers(of backend: String) -> [OptimizerFacts] {
    optimizers.filter { !$0.uses(in: backend).isEmpty }
  }

  /// An optimizer by a trainer's spelling; nil if the trainer does not have it, or builds something
  /// of which nothing is known.
  public static func optimizer(
    named name: String, in backend: String
  ) -> (facts: OptimizerFacts, use: OptimizerUse)? {
    guard let found = optimizerNames(of: backend).find(name), let facts = optimizer(found.id),
      let use = facts.use(in: backend, named: found.spelling)
    else { return nil }
    return (facts, use)
  }

  /// The names of optimizers that a trainer takes.
  public static func optimizerNames(of backend: String) -> OptimizerNames {
    OptimizerNames(shelf.optimizerNames.value?[backend])
  }

  /// The trainers whose configs are described, in the order in which they are listed.
  public static var backendIDs: [String] {
    let order = ["onetrainer", "kohya", "kohya-gui", "simpletuner", "ai-toolkit"]
    func place(_ id: String) -> Int { order.firstIndex(of: id) ?? order.count }
    return shelf.backends.keys.sorted { (place($0), $0) < (place($1), $1) }
  }

  /// The trainers whose optimizers are known, in the same order.
  public static let trainers = ["onetrainer", "kohya", "simpletuner", "ai-toolkit"]

  /// An optimizer by its id, any case, `-` and `_` alike.
  public static func optimizer(_ id: String) -> OptimizerFacts? {
    shelf.optimizers[fileName(id)]?.value
  }

  /// `ADAMW_8BIT` stands in `adamw-8bit.json`.
  static func fileName(_ id: String) -> String {
    String(id.lowercased().map { $0 == "_" ? "-" : $0 })
  }
}

/// The data files, each parsed when first asked for.
private final class Shelf: Sendable {
  let options: Deferred<ObjectFacts>
  let libraryOptions: Deferred<ObjectFacts>
  let optimizerNames: Deferred<DocumentNode?>
  let backends: [String: Deferred<BackendFacts>]
  let schedulers: Deferred<[SchedulerFacts]>
  let models: [String: Deferred<ModelFile>]
  let optimizers: [String: Deferred<OptimizerFacts>]
  let sizes = Deferred { ModelSizes() }

  init() {
    let options = Self.options("Schemas/options.json")
    self.options = options
    libraryOptions = Self.options("Schemas/library-options.json")
    optimizerNames = Deferred {
      EmbeddedFile.required("Schemas/optimizer-names.json").document().root["backends"]
    }
    schedulers = Deferred {
      EmbeddedFile.required("Schemas/schedulers.json").document().root["schedulers"]?.children
        .map(SchedulerFacts.init) ?? []
    }
    backends = EmbeddedFile.deferred(in: "Schemas/backends/") {
      BackendFacts($0.document(), options: options.value)
    }
    models = EmbeddedFile.deferred(in: "Schemas/models/") { ModelFile($0.document()) }
    optimizers = EmbeddedFile.deferred(in: "Schemas/optimizers/") { OptimizerFacts($0.document()) }
  }

  private static func options(_ path: String) -> Deferred<ObjectFacts> {
    Deferred {
      let root = EmbeddedFile.required(path).document().root
      let settings = root["options"]?.children.map { SettingFacts($0) } ?? []
      return ObjectFacts(name: "optimizer", title: "optimizer", settings: settings)
    }
  }
}

extension EmbeddedFile {
  /// A file that the tests make sure of.
  static func required(_ path: String) -> EmbeddedFile {
    guard let file = EmbeddedFile(path) else { preconditionFailure("\(path) is not embedded") }
    return file
  }
}
