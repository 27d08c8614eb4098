import Knowledge
import Plans
import Reporting
import SourceText

/// Which of the trainer's known constraints is covered by what.
public enum Coverage {
  /// A row of the list of constraints.
  public struct Row: Sendable {
    /// `B1`.
    public let id: String
    /// In a few words.
    public let title: String
    /// The rules that report it.
    public let rules: [String]
    /// Why no file can decide it; nil if one can.
    public let undecidable: String?
  }

  /// All rows of OneTrainer, in the order of the data.
  public static var oneTrainer: [Row] {
    let rules = Inspector.rules
    // Rules that report sentences of the data cover the rows that stand with those.
    let sentences = Catalogue.oneTrainer.constraints + Catalogue.optimizers.flatMap(\.constraints)
    let stated = sentences.reduce(into: [String: Set<String>]()) { stated, constraint in
      for row in constraint.rows { stated[row, default: []].insert(constraint.rule) }
    }
    let root = EmbeddedFile("Schemas/coverage/onetrainer.json")?.document().root
    return root?["rows"]?.children.map { row in
      let id = row["id"]?.text ?? ""
      return Row(
        id: id, title: row["title"]?.text ?? "",
        rules: rules.map(\.id).filter { rule in
          stated[id]?.contains(rule) ?? false
            || rules.contains { $0.id == rule && $0.covers.contains("onetrainer/\(id)") }
        },
        undecidable: row["undecidable"]?.text)
    } ?? []
  }

  static var listing: Listing {
    let rows = oneTrainer
    let covered = rows.count { !$0.rules.isEmpty }
    let page = Page(
      "Coverage of OneTrainer's constraints",
      [
        .paragraph(
          "\(rows.count) constraints are known; \(covered) are covered by a rule, \(rows.count { $0.undecidable != nil }) cannot be decided from a config file (a row can be both: a rule then covers what the file shows)."
        ),
        .table(
          ["row", "constraint", "covered by"],
          rows.map { row in
            [
              row.id, row.title,
              (row.rules + (row.undecidable.map { ["not decidable: \($0)"] } ?? [])).joined(
                separator: "; "),
            ]
          }),
      ])
    return Listing(
      "coverage", page,
      rows.map { row in
        [
          "row": .text(row.id), "title": .text(row.title),
          "rules": .array(row.rules.map { .text($0) }),
          "undecidable": row.undecidable.map { .text($0) } ?? .null,
        ]
      })
  }
}
