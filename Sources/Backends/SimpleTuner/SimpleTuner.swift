import Knowledge
public import Plans
public import SourceText

/// SimpleTuner by bghira, as of commit bc8e6ab7 (2026-08-21).
public struct SimpleTuner: Backend {
  public let id = "simpletuner"
  public let title = "SimpleTuner"

  public init() {}

  public var ruleDescriptions: [RuleDescription] {
    Self.fileRules.map(\.description) + Self.rules.map(\.description)
  }

  public func recognizes(_ document: Document) -> Recognition {
    SimpleTunerRecognition.recognize(document)
  }

  public func plans(
    _ document: Document, options: ReadingOptions, into findings: inout Findings
  ) -> [TrainingPlan] {
    if let files = SimpleTunerFiles(alone: document) {
      for rule in Self.fileRules { rule.run(on: files, into: &findings) }
      return []
    }
    let config = SimpleTunerConfig(
      document, images: options.images, repeats: options.repeats, neighbours: &findings.neighbours)
    for rule in Self.fileRules { rule.run(on: SimpleTunerFiles(config), into: &findings) }
    for rule in Self.rules { rule.run(on: config, into: &findings) }
    return [SimpleTunerPlan.plan(config)]
  }

  public func edits(_ change: Change, in document: Document) -> [TextEdit]? {
    SimpleTunerEditor(document).edits(change)
  }
}
