internal import SourceText

/// What the memory estimate reads, each file once; nothing of it is touched by lint.
final class ModelSizes: Sendable {
  let families: Deferred<[ModelFamily]>
  let simulations: Deferred<[Simulation]>
  private let components: [String: Deferred<ComponentShapes>]
  private let tables: [String: Deferred<ActivationTable>]

  init() {
    families = Deferred {
      EmbeddedFile.required("Schemas/families.json").document().root["families"]?.children
        .map(ModelFamily.init) ?? []
    }
    simulations = Deferred { Catalogue.readSimulations() }
    let paths = EmbeddedFile.paths
    components = Self.files(paths, in: "Schemas/shapes/") { ComponentShapes($0.document().root) }
    tables = Self.files(paths, in: "Schemas/activations/") { ActivationTable($0.document().root) }
  }

  func component(_ name: String) -> ComponentShapes? { components[name]?.value }
  func table(_ name: String) -> ActivationTable? { tables[name]?.value }

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
