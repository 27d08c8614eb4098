import Knowledge
import Memory
import Plans
import SourceText

/// A rule's page in `Documentation/rules`: why, every example, how to leave it out, what it rests on.
enum RulePage {
  static func text(_ rule: RuleEntry) -> String {
    var text = "# \(rule.id)\n\n\(rule.summary)\n\n"
    text += "\(rule.severity.rawValue) · \(rule.consequence.words) · \(trainers(of: rule))\n"
    text += "\n## Why\n\n" + why(rule) + "\nA single finding may weigh more or less.\n"
    for backend in rule.examples.map(\.backend).unique {
      text += examples(rule.examples.filter { $0.backend == backend }, of: backend)
    }
    text += suppression(of: rule)
    text += "\n## Sources\n\n"
    for source in rule.sources.unique {
      text += "- \(source.title)\(source.url.map { " <\($0)>" } ?? "")\n"
    }
    return text + "\n[All rules](../Rules.md)\n"
  }

  private static func trainers(of rule: RuleEntry) -> String {
    let names = rule.variants.compactMap(\.backend)
    if names.count < rule.variants.count { return "every trainer" }
    return names.unique.map(Explanation.title).joined(separator: ", ")
  }

  private static func why(_ rule: RuleEntry) -> String {
    if rule.variants.count == 1 { return rule.variants[0].rationale.capitalizedFirst + ".\n" }
    return rule.variants.map { variant in
      let trainer = variant.backend.map { Explanation.title(of: $0) + ": " } ?? ""
      return "- \(trainer)\(variant.rationale).\n"
    }.joined()
  }

  // MARK: Examples

  private static func examples(_ examples: [RuleExample], of backend: String) -> String {
    var text = "\n## \(Explanation.title(of: backend))\n"
    for example in examples where example.isFlagged {
      text +=
        "\nFlagged\(circumstances(example)), between `⟪` and `⟫`:\n" + code(example.marked, example)
      text += files(example)
      if let fixed = example.fixed { text += "\nFixed:\n" + code(fixed, example) }
    }
    for example in examples where !example.isFlagged {
      text += "\nFine\(circumstances(example)):\n" + code(example.marked, example) + files(example)
    }
    return text
  }

  private static func circumstances(_ example: RuleExample) -> String {
    let parts = [
      example.mode.map { "read as the \($0 == "ui" ? "interface" : "command line") does" },
      example.images.map { "with \($0) images" },
      example.vram.map { "on a card of \(Size.text($0))" },
    ].compactMap(\.self)
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
  }

  private static func files(_ example: RuleExample) -> String {
    example.files.sorted { $0.key < $1.key }.map { name, text in
      "\nwith `\(name)`:\n" + fence(text, language(of: name))
    }.joined()
  }

  private static func code(_ text: String, _ example: RuleExample) -> String {
    let language =
      example.path.map(language)
      ?? (example.backend == "kohya" ? "toml" : example.backend == "ai-toolkit" ? "yaml" : "json")
    return fence(text, language)
  }

  private static func fence(_ text: String, _ language: String) -> String {
    "\n```\(language)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")```\n"
  }

  private static func language(of path: String) -> String {
    let ending = path.split(separator: ".").last.map(String.init) ?? ""
    return switch ending {
    case "yml": "yaml"
    case "bash", "env": "sh"
    case "ps1": "powershell"
    case "json", "yaml", "toml", "sh", "bat": ending
    default: "text"
    }
  }

  // MARK: Leaving it out

  private static func suppression(of rule: RuleEntry) -> String {
    let reason =
      rule.severity == .error
      ? "A finding that loses the run is left out only with a reason." : "A reason is welcome."
    return """

      ## Leaving it out

      In [`.tuneup.yml`](../House-rules.md), for some files or, without `paths`, for all:

      ```yaml
      ignore:
        - rules: [\(rule.id)]
          paths: [experiments/**]
          reason: …
      ```

      In a YAML or TOML file, for one line: `# tuneup: ignore[\(rule.id)] …`. \(reason)

      """
  }
}
