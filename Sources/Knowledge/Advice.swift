internal import SourceText

/// When to use something and when not, in plain words.
public struct Advice: Sendable {
  /// Of a trainer: what it is.
  public let summary: String?
  public let useWhen: String
  public let avoidWhen: String?

  init(_ node: DocumentNode) {
    summary = node["summary"]?.text
    useWhen = node["useWhen"]?.text ?? ""
    avoidWhen = node["avoidWhen"]?.text
  }
}

extension Catalogue {
  /// On an option of optimizers, by its key; nil where there is none of its own.
  public static func advice(onOption key: String) -> Advice? { advice("options", key) }

  /// On a trainer, by its id.
  public static func advice(onBackend id: String) -> Advice? { advice("backends", id) }

  private static func advice(_ kind: String, _ key: String) -> Advice? {
    EmbeddedFile("Schemas/advice.json")?.document().root[kind]?[key].map(Advice.init)
  }
}
