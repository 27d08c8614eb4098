internal import SourceText
internal import Threads

/// How an optimizer that a trainer offers is run here, or why it is not.
public struct Simulation: Sendable {
  /// The trainer: `onetrainer`, `kohya`, `simpletuner`, `ai-toolkit`.
  public let backend: String
  /// The trainer's name for the optimizer.
  public let name: String
  /// The id of the algorithm that is run; nil where it is not simulated.
  public let algorithm: String?
  /// Options that this name fixes.
  public let options: [String: SettingValue]
  /// What is peculiar about it, or why it is not simulated; empty for nothing.
  public let remark: String

  init(backend: String, _ node: DocumentNode) {
    self.backend = backend
    name = node.key ?? ""
    algorithm = node["runs"]?.text
    options = Dictionary(
      node["with"]?.children.map { ($0.key ?? "", SettingValue($0)) } ?? [],
      uniquingKeysWith: { first, _ in first })
    remark = (node["notSimulated"] ?? node["note"])?.text ?? ""
  }
}

extension Catalogue {
  /// All names of all trainers, in the order of the data file.
  public static var simulations: [Simulation] { sizes.simulations.value }

  static func readSimulations() -> [Simulation] {
    let backends = EmbeddedFile.required("Schemas/simulation.json").document().root["backends"]
    return backends?.children.flatMap { backend in
      backend.children.map { Simulation(backend: backend.key ?? "", $0) }
    } ?? []
  }
}
