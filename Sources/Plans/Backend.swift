public import SourceText

/// A trainer: what its config files look like and what it makes of them.
public protocol Backend: Sendable {
  /// `onetrainer`, as the `--backend` option takes it.
  var id: String { get }
  var title: String { get }
  /// What only this trainer gets wrong.
  var ruleDescriptions: [RuleDescription] { get }
  /// Whether the document is a config of this trainer.
  func recognizes(_ document: Document) -> Recognition
  /// Reads a document as this trainer does and reports what only this trainer gets wrong.
  /// - Returns: The plan for the rules that hold for all; nil if the trainer refuses the file.
  func plan(
    _ document: Document, options: ReadingOptions, into findings: inout Findings
  ) -> TrainingPlan?
  /// A change of a setting as text; nil if the file cannot express it.
  func edits(_ change: Change, in document: Document) -> [TextEdit]?
}

/// Whether a file is a trainer's config.
public enum Recognition: Sendable {
  case certain
  case no(because: String)
}

/// What the file alone does not say.
public struct ReadingOptions: Sendable {
  /// Which of the trainer's ways of reading, where it has several (`ui`, `cli`); nil for the usual.
  public var mode: String?
  /// Training images, where known.
  public var images: Int?

  public init(mode: String? = nil, images: Int? = nil) {
    self.mode = mode
    self.images = images
  }
}
