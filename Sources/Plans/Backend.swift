public import SourceText

/// A trainer: what its config files look like and what it makes of them.
public protocol Backend: Sendable {
  /// `onetrainer`, as the `--backend` option takes it.
  var id: String { get }
  var title: String { get }
  /// The scripts that train, where the trainer has several and a config does not say which of them it
  /// is for: without `.py`, as the `--script` option takes them.
  var scripts: [String] { get }
  /// What only this trainer gets wrong.
  var ruleDescriptions: [RuleDescription] { get }
  /// What the document is to this trainer.
  func recognizes(_ document: Document) -> Recognition
  /// Reads a document as this trainer does and reports what only this trainer gets wrong. Files that
  /// the document names are opened through the findings.
  /// - Returns: The plans for the rules that hold for all, one for each run that the file describes;
  ///   none if the trainer refuses the file, or if it is no training config.
  func plans(
    _ document: Document, options: ReadingOptions, into findings: inout Findings
  ) -> [TrainingPlan]
  /// A change of a setting as text; nil if the file cannot express it.
  func edits(_ change: Change, in document: Document) -> [TextEdit]?
  /// Several changes as text; nil if the file cannot express one of them.
  func edits(_ changes: [Change], in document: Document) -> [TextEdit]?
}

extension Backend {
  public var scripts: [String] { [] }

  public func edits(_ changes: [Change], in document: Document) -> [TextEdit]? {
    var all: [TextEdit] = []
    for change in changes {
      guard let edits = edits(change, in: document), !edits.isEmpty else { return nil }
      all += edits
    }
    return all
  }
}

/// What a file is to a trainer.
public enum Recognition: Sendable {
  /// A training config.
  case certain
  /// A file that a training config names, such as a description of the data, which is checked on its
  /// own where nothing names it.
  case part
  /// A file of this trainer that is no training config and is not checked: "the settings of
  /// accelerate".
  case other(String)
  case no(because: String)
}

/// What the file alone does not say.
public struct ReadingOptions: Sendable {
  /// Which of the trainer's ways of reading, where it has several (`ui`, `cli`); nil for the usual.
  public var mode: String?
  /// The trainer's script that is started, where it has several: `sdxl_train_network`; nil for what
  /// the file says.
  public var script: String?
  /// Training images, where known.
  public var images: Int?
  /// How often an epoch shows each image, where the config does not say.
  public var repeats: Int?
  /// The memory of the card in bytes, where known.
  public var vram: Int?

  public init(
    mode: String? = nil, script: String? = nil, images: Int? = nil, repeats: Int? = nil,
    vram: Int? = nil
  ) {
    self.repeats = repeats
    self.vram = vram
    self.mode = mode
    self.script = script
    self.images = images
  }

  /// How many images an epoch shows, for trainers whose configs do not say how often each comes.
  public var imagesPerEpoch: Int? {
    images.map { images in
      let (product, isTooLarge) = images.multipliedReportingOverflow(by: repeats ?? 1)
      return isTooLarge ? images : product
    }
  }
}
