import Knowledge
public import Plans
public import Reporting
import SourceText

extension Explanation {
  static func rule(_ rule: RuleEntry) -> Explanation {
    var blocks: [Page.Block] = [.paragraph(rule.summary), .heading("Why")]
    if rule.variants.count == 1 {
      blocks.append(.paragraph(rule.variants[0].rationale.capitalizedFirst + "."))
    } else {
      blocks += rule.variants.map { variant in
        let trainer = variant.backend.map { title(of: $0) + ": " } ?? ""
        return .item(trainer + variant.rationale + ".")
      }
    }
    blocks += [
      .heading("Severity"),
      .paragraph(
        "\(rule.severity.rawValue): \(rule.consequence.words). A single finding may weigh more or less."
      ),
    ]
    for backend in rule.examples.map(\.backend).unique {
      let own = rule.examples.filter { $0.backend == backend }
      let place = rule.examples.contains { $0.backend != backend } ? " (\(title(of: backend)))" : ""
      if let flagged = own.first(where: \.isFlagged) {
        blocks += [.heading("Flagged\(place)"), .code(flagged.plain)]
        if let fixed = flagged.fixed { blocks += [.heading("Fixed\(place)"), .code(fixed)] }
      }
      if let allowed = own.first(where: { !$0.isFlagged }) {
        blocks += [.heading("Fine\(place)"), .code(allowed.plain)]
      }
    }
    blocks += [.heading("Source")]
    blocks += rule.sources.unique.map { .item($0.title + ($0.url.map { " <\($0)>" } ?? "")) }
    return Explanation(
      kind: "rule", id: rule.id, page: Page(rule.id, blocks),
      json: [
        "kind": "rule", "id": .text(rule.id), "severity": .text(rule.severity.rawValue),
        "consequence": .text(rule.consequence.rawValue), "subject": .text(rule.subject.rawValue),
        "summary": .text(rule.summary), "why": .text(rule.variants[0].rationale),
        "covers": .array(rule.covers.map { .text($0) }),
        "sources": .array(rule.sources.unique.map { .text($0.title) }),
      ])
  }
}

extension Inspector {
  /// What reports say of a rule apart from its findings.
  @Sendable public static func help(_ id: String) -> RuleHelp? { help(id, documentation: nil) }

  /// - Parameter documentation: The address under which `Documentation` lies in the web.
  public static func help(_ id: String, documentation: String?) -> RuleHelp? {
    rules.first { $0.id == id }.map { rule in
      RuleHelp(
        id: id, summary: rule.summary, markdown: Explanation.rule(rule).page.markdown,
        severity: rule.severity, address: documentation.map { "\($0)/rules/\(id).md" })
    }
  }
}

extension RuleExample {
  /// The file without marks.
  public var plain: String {
    String(
      String.UnicodeScalarView(marked.unicodeScalars.filter { !"⟪⟫⟦⟧".unicodeScalars.contains($0) })
    )
  }
}
