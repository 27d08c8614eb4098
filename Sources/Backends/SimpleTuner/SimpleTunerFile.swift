import Knowledge
import SourceText

/// Where the settings stand in a file.
struct SimpleTunerFile: Sendable {
  /// The mapping of the settings.
  let mapping: DocumentNode
  /// Its path: empty at the top.
  let path: String
  /// Whether it lies in the wrapping that the web interface stores.
  let isWrapped: Bool
  /// Whether it is a `config.env`.
  let isEnvironment: Bool

  init(_ document: Document) {
    let root = document.root
    isEnvironment = document.format == .environment
    if root["_metadata"]?.kind == .mapping, let inner = root["config"], inner.kind == .mapping {
      (mapping, path, isWrapped) = (inner, "config", true)
    } else {
      (mapping, path, isWrapped) = (root, "", false)
    }
  }

  /// The entries that could be settings.
  var entries: [DocumentNode] {
    mapping.kind == .mapping ? Array(mapping.children).filter { $0.keySpan != nil } : []
  }

  /// What a new entry for an option is called in the style of the file; nil where a `config.env` has
  /// no variable for it.
  func name(of option: String) -> String? {
    if isEnvironment {
      return Catalogue.backend("simpletuner").entries(of: "environment")
        .first { $0.values == [option] }?.name
    }
    let hasDashes = entries.contains { $0.key?.hasPrefix("--") ?? false }
    return hasDashes ? "--\(option)" : option
  }
}
