import Plans
import SourceText

/// Files of settings as something that is checked and repaired like any config.
struct SettingsBackend: Backend {
  /// As the examples of its rules name it.
  static let name = "tuneup"
  let id = "tuneup"
  let title = "tuneup"

  var ruleDescriptions: [RuleDescription] { SettingsRules.descriptions }

  func recognizes(_ document: Document) -> Recognition {
    Self.isSettings(document.source.path) ? .certain : .no(because: "it is not called .tuneup.yml")
  }

  static func isSettings(_ path: String) -> Bool {
    path == SettingsFile.name || path.hasSuffix("/\(SettingsFile.name)")
      || path.hasSuffix("/tuneup/config.yml")
  }

  func plans(
    _ document: Document, options: ReadingOptions, into findings: inout Findings
  ) -> [TrainingPlan] {
    let settings = SettingsDocument(problems: SettingsCheck(document).problems)
    for rule in SettingsRules.rules { rule.run(on: settings, into: &findings) }
    return []
  }

  /// Its fixes are made by the check, which has the document.
  func edits(_ change: Change, in document: Document) -> [TextEdit]? { nil }
}
