internal import SourceText

/// A change of settings that makes a run smaller, and what it costs.
public struct Lever: Sendable {
  /// Key paths with `{denoiser}` for the part that denoises; `half` for half of what is set.
  public let settings: [(keyPath: String, value: SettingValue)]
  public let cost: String
  /// `adapter` or `full` where it makes sense for one of them only.
  public let only: String?
  /// What a choice of an optimizer is called; empty for other levers.
  public let title: String
  /// Options of the optimizer that go with it, by the library's names.
  public let options: [(name: String, value: SettingValue)]

  init(_ node: DocumentNode) {
    settings = node["set"]?.children.map { ($0.key ?? "", SettingValue($0)) } ?? []
    cost = node["cost"]?.text ?? ""
    only = node["only"]?.text
    title = node["title"]?.text ?? ""
    options = node["options"]?.children.map { ($0.key ?? "", SettingValue($0)) } ?? []
  }
}

extension Catalogue {
  /// The levers of a trainer, those that cost least first.
  public static func levers(of backend: String) -> [Lever] { levers("backends", backend) }

  /// The optimizers that a trainer offers and people weigh against each other.
  public static func optimizerLevers(of backend: String) -> [Lever] {
    levers("optimizers", backend)
  }

  private static func levers(_ list: String, _ backend: String) -> [Lever] {
    EmbeddedFile.required("Schemas/levers.json").document().root[list]?[backend]?.children
      .map(Lever.init) ?? []
  }
}
