import ArgumentParser
import SourceText

/// Names that an option accepts.
enum Choice {
  static func check(_ word: String, _ known: [String], _ kind: String) throws {
    if known.contains(word) { return }
    let nearest = Suggestion.nearest(to: word, in: known)
    let hint =
      nearest.map { "Did you mean '\($0)'?" }
      ?? (known.count < 12 ? "It can be \(known.joined(separator: ", "))." : "")
    throw ValidationError("There is no \(kind) '\(word)'. \(hint)")
  }
}

extension CompletionKind {
  /// One of some words, which are looked up when a shell asks.
  static func choice(_ words: @escaping @Sendable () -> [String]) -> CompletionKind {
    .custom { _, _, _ in words() }
  }
}
