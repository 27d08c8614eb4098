import SourceText

extension DocumentNode {
  /// As a message shows it.
  var shown: String {
    switch kind {
    case .mapping: "a mapping"
    case .sequence: "a list"
    default: sourceText.count > 60 ? "this text" : sourceText
    }
  }
}
