internal import SourceText

/// A change of settings that makes a run smaller, and what it costs.
public struct Lever: Sendable {
  /// Key paths with `{denoiser}` for the part that denoises; `half` for half of what is set.
  public let settings: [(keyPath: String, value: SettingValue)]
  public let cost: String
  /// `adapter` or `full` where it makes sense for one of them only.
  public let only: String?

  init(_ node: DocumentNode) {
    settings = node["set"]?.children.map { ($0.key ?? "", SettingValue($0)) } ?? []
    cost = node["cost"]?.text ?? ""
    only = node["only"]?.text
  }
}

extension Catalogue {
  /// The levers of a trainer, those that cost least first.
  public static func levers(of backend: String) -> [Lever] {
    EmbeddedFile.required("Schemas/levers.json").document().root["backends"]?[backend]?.children
      .map(Lever.init) ?? []
  }
}
