internal import SourceText
internal import Threads

/// What is known of an optimizer.
public final class OptimizerFacts: Sendable {
  public let id: String
  public let title: String
  public let family: String
  /// Whether it estimates its own step size (D-Adaptation, Prodigy).
  public let isAdaptive: Bool
  public let isScheduleFree: Bool
  /// Whether every step has the size of the learning rate, whatever the gradient (Lion, Tiger).
  public let isSignBased: Bool
  /// The learning rates that work in practice.
  public let learningRate: RateBand?
  public let constraints: [Constraint]
  /// The constraints by the rule that reports them.
  public let constraintsByRule: [String: [Constraint]]
  private let node: DocumentNode
  private let uses: [String: Deferred<[OptimizerUse]>]

  /// Its data file, from the top of the repository.
  public var path: String { "Schemas/optimizers/\(Catalogue.fileName(id)).json" }
  public var summary: String { node["summary"]?.text ?? "" }
  /// A step, as clauses that each set something, with `;` between them; nil where none is published.
  public var formula: String? { node["formula"]?.text }
  public var useWhen: String? { node["useWhen"]?.text }
  public var avoidWhen: String? { node["avoidWhen"]?.text }
  public var notes: [String] { node["notes"]?.children.map(\.text) ?? [] }
  public var recommendations: [Recommendation] {
    node["recommended"]?.children.map(Recommendation.init) ?? []
  }
  public var paper: (title: String, url: String)? {
    guard let paper = node["paper"], let title = paper["title"], let url = paper["url"] else {
      return nil
    }
    return (title.text, url.text)
  }

  /// How a trainer builds and feeds it, once for each of its spellings there; none if that trainer
  /// does not have it.
  public func uses(in backend: String) -> [OptimizerUse] { uses[backend]?.value ?? [] }

  /// The use under a trainer's spelling; without a spelling the usual one.
  public func use(in backend: String, named name: String? = nil) -> OptimizerUse? {
    uses(in: backend).first { use in name.map(use.isNamed) ?? true }
  }

  /// The trainers that have it, in the order of the data.
  public var backends: [String] { node["backends"]?.children.compactMap(\.key) ?? [] }

  /// What the data says of its options under one trainer's name, by the rule that reports it.
  public func constraints(of use: OptimizerUse, reportedBy rule: String) -> [Constraint] {
    constraintsByRule[rule]?.filter { $0.applies(to: use) } ?? []
  }

  init(_ document: Document) {
    let root = document.root
    func flag(_ key: String) -> Bool { root[key].map { SettingValue($0).isTruthy } ?? false }
    node = root
    id = root["id"]?.text ?? ""
    title = root["title"]?.text ?? ""
    family = root["family"]?.text ?? ""
    isAdaptive = flag("adaptive")
    isScheduleFree = flag("scheduleFree")
    isSignBased = flag("signBased")
    learningRate = root["learningRate"].flatMap(RateBand.init)
    constraints = root["constraints"]?.children.map(Constraint.init) ?? []
    constraintsByRule = Dictionary(grouping: constraints, by: \.rule)
    uses = Dictionary(
      (root["backends"]?.children ?? .none).map { backend in
        let id = backend.key ?? ""
        return (
          id,
          Deferred {
            let all = backend.kind == .sequence ? Array(backend.children) : [backend]
            return all.map { OptimizerUse($0, of: id) }
          }
        )
      }, uniquingKeysWith: { first, _ in first })
  }
}

/// Learning rates that work in practice.
public struct RateBand: Sendable {
  public let low: Double
  public let high: Double
  public let usual: Double?
  public let why: String
  /// Whose practice it is; nil for the guides'.
  public let source: String?

  init?(_ node: DocumentNode) {
    guard let low = node["low"].flatMap({ SettingValue($0).number }),
      let high = node["high"].flatMap({ SettingValue($0).number })
    else { return nil }
    self.low = low
    self.high = high
    usual = node["usual"].flatMap { SettingValue($0).number }
    why = node["why"]?.text ?? ""
    source = node["source"]?.text
  }
}

/// A value that the guides recommend.
public struct Recommendation: Sendable {
  public let option: String
  /// The value or range as text.
  public let text: String
  public let why: String
  public let source: String
  /// When it holds, in words; nil for always.
  public let condition: String?
  public let isRequired: Bool

  init(_ node: DocumentNode) {
    option = node["option"]?.text ?? ""
    let value = node["value"].map { SettingValue($0).literal } ?? ""
    text = node["text"]?.text ?? value
    why = node["why"]?.text ?? ""
    source = node["source"]?.text ?? ""
    condition = node["when"]?.text
    isRequired = node["required"].map { SettingValue($0).isTruthy } ?? false
  }
}
