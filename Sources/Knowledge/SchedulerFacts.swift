internal import SourceText

/// What is known of a learning-rate schedule.
public struct SchedulerFacts: Sendable {
  public let id: String
  private let node: DocumentNode

  public var title: String { node["title"]?.text ?? id }
  public var summary: String { node["summary"]?.text ?? "" }
  public var useWhen: String { node["useWhen"]?.text ?? "" }
  public var avoidWhen: String { node["avoidWhen"]?.text ?? "" }
  public var formula: String { node["formula"]?.text ?? "" }
  public var endsAt: String { node["endsAt"]?.text ?? "" }
  public var notes: [String] { node["notes"]?.children.map(\.text) ?? [] }
  /// The trainers that have it, in the order of the data.
  public var backends: [String] { node["backends"]?.children.compactMap(\.key) ?? [] }

  /// How a trainer calls and runs it, once for each of its spellings; none if it does not have it.
  public func uses(in backend: String) -> [SchedulerUse] {
    node["backends"]?[backend]?.children.map { SchedulerUse($0, of: backend) } ?? []
  }

  /// The use under a trainer's spelling; without a spelling the usual one.
  public func use(in backend: String, named name: String? = nil) -> SchedulerUse? {
    uses(in: backend).first { name == nil || $0.name == name }
  }

  init(_ node: DocumentNode) {
    self.node = node
    id = node["id"]?.text ?? ""
  }
}

/// A schedule as one trainer has it.
public struct SchedulerUse: Sendable {
  /// The trainer, by id.
  public let backend: String
  /// The trainer's spelling.
  public let name: String
  private let node: DocumentNode

  public var source: String { node["source"]?.text ?? "" }
  /// Its formula, where it is not the usual one.
  public var formula: String? { node["formula"]?.text }
  /// Where the rate ends, where that is not as usual.
  public var endsAt: String? { node["endsAt"]?.text }
  /// What is peculiar about it in this trainer.
  public var notes: [String] { node["notes"]?.children.map(\.text) ?? [] }
  /// Why it does not run, or does not do what it is called; nil if it does.
  public var isBroken: String? { node["broken"]?.text }
  /// The settings that it reads, by the letter that each has in the formula.
  public var settings: [(symbol: String, key: String)] {
    node["settings"]?.children.map { ($0.key ?? "", $0.text) } ?? []
  }

  init(_ node: DocumentNode, of backend: String) {
    self.node = node
    self.backend = backend
    name = node["name"]?.text ?? ""
  }
}

extension Catalogue {
  /// A schedule by a trainer's spelling; nil if the trainer does not have it.
  public static func scheduler(
    named name: String, in backend: String
  ) -> (facts: SchedulerFacts, use: SchedulerUse)? {
    for facts in schedulers {
      if let use = facts.use(in: backend, named: name) { return (facts, use) }
    }
    return nil
  }
}
