import Backends
import Knowledge
import Plans
import Reporting
import SourceText

/// Which of the trainers' known constraints is covered by what.
public enum Coverage {
  /// A row of the list of constraints.
  public struct Row: Sendable {
    /// `B1`.
    public let id: String
    /// In a few words.
    public let title: String
    /// The rules that report it.
    public let rules: [String]
    /// What is said of it when the file is read, before any rule; nil if nothing is.
    public let reader: String?
    /// Why no file can decide it; nil if one can.
    public let undecidable: String?
  }

  /// The trainers that have a list of constraints.
  public static var backends: [String] {
    allBackends.map(\.id).filter { EmbeddedFile("Schemas/coverage/\($0).json") != nil }
  }

  /// All rows of a trainer, in the order of the data.
  public static func rows(of backend: String) -> [Row] {
    let rules = Inspector.rules
    // Rules that report sentences of the data cover the rows that stand with those.
    let sentences =
      allBackends.map { Catalogue.backend($0.id) }.filter { $0.trainer == backend }
      .flatMap(\.constraints)
      + Catalogue.optimizers.flatMap(\.constraints).filter { $0.applies(to: backend) }
    let stated = sentences.reduce(into: [String: Set<String>]()) { stated, constraint in
      for row in constraint.rows { stated[row, default: []].insert(constraint.rule) }
    }
    let root = EmbeddedFile("Schemas/coverage/\(backend).json")?.document().root
    return root?["rows"]?.children.map { row in
      let id = row["id"]?.text ?? ""
      return Row(
        id: id, title: row["title"]?.text ?? "",
        rules: rules.filter { rule in
          stated[id]?.contains(rule.id) ?? false || rule.covers.contains("\(backend)/\(id)")
        }.map(\.id),
        reader: row["reader"]?.text, undecidable: row["undecidable"]?.text)
    } ?? []
  }

  static var listing: Listing {
    let all = backends.map { (title: Explanation.title(of: $0), id: $0, rows: rows(of: $0)) }
    let blocks = all.flatMap { title, _, rows -> [Page.Block] in
      let covered = rows.count { !$0.rules.isEmpty || $0.reader != nil }
      return [
        .heading(title),
        .paragraph(
          "\(rows.count) constraints are known; \(covered) are covered by a rule, \(rows.count { $0.undecidable != nil }) cannot be decided from a config file (a row can be both: a rule then covers what the file shows)."
        ),
        .table(
          ["row", "constraint", "covered by"],
          rows.map { row in
            [
              row.id, row.title,
              (row.rules + (row.reader.map { ["reading the file: \($0)"] } ?? [])
                + (row.undecidable.map { ["not decidable: \($0)"] } ?? [])).joined(
                  separator: "; "),
            ]
          }),
      ]
    }
    return Listing(
      "coverage", Page("Coverage of the trainers' constraints", blocks),
      all.flatMap { _, id, rows in
        rows.map { row in
          [
            "backend": .text(id), "row": .text(row.id), "title": .text(row.title),
            "rules": .array(row.rules.map { .text($0) }),
            "reader": row.reader.map { .text($0) } ?? .null,
            "undecidable": row.undecidable.map { .text($0) } ?? .null,
          ]
        }
      })
  }
}
