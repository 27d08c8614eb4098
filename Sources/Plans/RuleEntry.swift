public import SourceText

/// A rule as the manual lists it: once, however many trainers report it.
public struct RuleEntry: Sendable, Identifiable {
  /// The rule as each trainer has it; of a rule that holds for all, one.
  public let variants: [RuleDescription]

  public var id: String { first.id }
  public var subject: RuleDescription.Subject { first.subject }
  public var summary: String { first.summary }
  public var sources: [Citation] { variants.flatMap(\.sources) }
  public var covers: [String] { variants.flatMap(\.covers) }
  public var examples: [RuleExample] { variants.flatMap(\.examples) }
  /// The gravest that a trainer has.
  public var severity: Severity { variants.map(\.severity).max() ?? first.severity }
  public var consequence: Consequence { first.consequence }
  private let first: RuleDescription

  private init(_ first: RuleDescription, _ variants: [RuleDescription]) {
    self.first = first
    self.variants = variants
  }

  /// The descriptions by their ids, in the order in which each id comes first.
  public static func entries(_ descriptions: [RuleDescription]) -> [RuleEntry] {
    let byID = Dictionary(grouping: descriptions, by: \.id)
    var seen: Set<String> = []
    return descriptions.filter { seen.insert($0.id).inserted }.map { first in
      RuleEntry(first, byID[first.id] ?? [first])
    }
  }
}
