import Knowledge
public import Plans
public import SourceText

/// kohya's sd-scripts, as of commit 48d368fa (2026-02-16).
public struct Kohya: Backend {
  public let id = "kohya"
  public let title = "kohya sd-scripts"

  public init() {}

  public var scripts: [String] { KohyaScript.allCases.map(\.rawValue) }

  public var ruleDescriptions: [RuleDescription] {
    Self.fileRules.map(\.description) + Self.rules.map(\.description)
  }

  public func recognizes(_ document: Document) -> Recognition { KohyaFile.recognizes(document) }

  public func plans(
    _ document: Document, options: ReadingOptions, into findings: inout Findings
  ) -> [TrainingPlan] {
    if KohyaFile.describesImages(document) {
      let files = KohyaFiles(alone: KohyaData(document, support: .any))
      for rule in Self.fileRules { rule.run(on: files, into: &findings) }
      return []
    }
    return KohyaRun.configs(document, options: options, into: &findings).map { config in
      Self.check(config, into: &findings)
      return config.plan(for: id)
    }
  }

  /// Reports what sd-scripts makes of a run, whoever states it.
  static func check(_ config: KohyaConfig, into findings: inout Findings) {
    let files = KohyaFiles(config)
    for rule in fileRules { rule.run(on: files, into: &findings) }
    for rule in rules { rule.run(on: config, into: &findings) }
  }

  public func edits(_ change: Change, in document: Document) -> [TextEdit]? {
    edits([change], in: document)
  }

  public func edits(_ changes: [Change], in document: Document) -> [TextEdit]? {
    KohyaEditor(document).edits(changes)
  }
}
