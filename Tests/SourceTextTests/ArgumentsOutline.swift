import SourceText

/// The commands of a document in one line each: `launcher | script | arguments | words`, where `!`
/// stands for no value.
enum ArgumentsOutline {
  static func lines(_ document: Document) -> [String] {
    document.root.children.map { command in
      [
        options(command["launcher"]), command["script"]?.text ?? "?",
        options(command["arguments"]), command["words"].map(value) ?? "",
      ].joined(separator: " | ")
    }
  }

  private static func options(_ mapping: DocumentNode?) -> String {
    (mapping.map { Array($0.children) } ?? []).map { "\($0.key ?? "?")\(value($0))" }
      .joined(separator: " ")
  }

  static func value(_ node: DocumentNode) -> String {
    switch node.kind {
    case .null: "!"
    case .sequence: "[\(node.children.map(\.text).joined(separator: ","))]"
    default: "=\(node.text)"
    }
  }
}
