import Knowledge
import Plans
import Reporting
import SourceText

/// The pages of the repository that are made from the rules and the data.
public enum Manual {
  public static let paths = pages + Inspector.rules.map { RuleDescription.page(of: $0.id) }

  private static let pages = [
    "Documentation/Rules.md", "Documentation/Optimizers.md", "Documentation/Coverage.md",
    "Documentation/Claims.md",
    "Schemas/editor/onetrainer.schema.json", "Schemas/editor/kohya.schema.json",
    "Schemas/editor/kohya-gui.schema.json", "Schemas/editor/simpletuner.schema.json",
    "Schemas/editor/ai-toolkit.schema.json", "Schemas/editor/tuneup.schema.json",
    "Schemas/editor/schemastore.json",
  ]

  /// The README's list of rules, which stands between two marks.
  public static let readmeRules = "README.md#rules"

  /// The text of a page; nil if it is none of ``paths``.
  public static func text(of path: String) -> String? {
    switch path {
    case readmeRules: shortRules
    case "Documentation/Rules.md": rules
    case "Documentation/Optimizers.md": optimizers
    case "Documentation/Claims.md": Claim.page.markdown
    case "Documentation/Coverage.md": Coverage.listing.page.markdown
    case "Schemas/editor/onetrainer.schema.json": EditorSchema.oneTrainer.serialized
    case "Schemas/editor/ai-toolkit.schema.json": EditorSchema.aiToolkit.serialized
    case "Schemas/editor/simpletuner.schema.json": EditorSchema.simpleTuner.serialized
    case "Schemas/editor/kohya.schema.json": EditorSchema.kohya.serialized
    case "Schemas/editor/tuneup.schema.json": EditorSchema.settings.serialized
    case "Schemas/editor/kohya-gui.schema.json": EditorSchema.kohyaGUI.serialized
    case "Schemas/editor/schemastore.json": SchemaStoreEntry.catalogue.serialized
    default:
      Inspector.rules.first { RuleDescription.page(of: $0.id) == path }.map(RulePage.text)
    }
  }

  /// The ids by subject.
  private static var shortRules: String {
    let all = Inspector.rules
    return RuleDescription.Subject.allCases.compactMap { subject -> String? in
      let ids = all.filter { $0.subject == subject }.map {
        "[`\($0.id)`](\(RuleDescription.page(of: $0.id)))"
      }
      return ids.isEmpty
        ? nil : "- **\(subject.title)** (\(ids.count)): \(ids.joined(separator: ", "))\n"
    }.joined()
  }

  /// The list, then the names in the trainers.
  private static var optimizers: String {
    guard var page = Listing("optimizers")?.page else { return "" }
    let trainers = Catalogue.trainers
    let rows = Catalogue.optimizers.map { facts in
      ["[\(facts.id)](../\(facts.path))"] + trainers.map { names(of: facts, in: $0) }
    }
    page.blocks += [
      .heading("Names"), .table(["id"] + trainers.map(Explanation.title), rows),
    ]
    return page.markdown
  }

  private static func names(of facts: OptimizerFacts, in trainer: String) -> String {
    facts.uses(in: trainer).map { use in
      "`\(use.name)`" + (use.isBroken == nil ? "" : " (does not run)")
    }.joined(separator: ", ")
  }

  /// The list by subject; each rule has a page of its own.
  private static var rules: String {
    let all = Inspector.rules
    var text =
      "# Rules\n\n\(all.count) rules. Written by `make regenerate` from the rules themselves.\n"
    for subject in RuleDescription.Subject.allCases {
      let rules = all.filter { $0.subject == subject }
      if rules.isEmpty { continue }
      text += "\n## \(subject.title)\n\n| rule | severity | what is flagged |\n|---|---|---|\n"
      for rule in rules {
        text +=
          "| [\(rule.id)](rules/\(rule.id).md) | \(rule.severity.rawValue) | \(rule.summary) |\n"
      }
    }
    return text
  }
}
