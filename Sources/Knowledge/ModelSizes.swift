internal import SourceText
internal import Threads

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
    components = EmbeddedFile.deferred(in: "Schemas/shapes/") {
      ComponentShapes($0.document().root)
    }
    tables = EmbeddedFile.deferred(in: "Schemas/activations/") {
      ActivationTable($0.document().root)
    }
  }

  func component(_ name: String) -> ComponentShapes? { components[name]?.value }
  func table(_ name: String) -> ActivationTable? { tables[name]?.value }
}
