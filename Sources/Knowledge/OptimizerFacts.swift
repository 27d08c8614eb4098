internal import SourceText

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
  private let uses: [String: [OptimizerUse]]

  public var summary: String { node["summary"]?.text ?? "" }
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
  public func uses(in backend: String) -> [OptimizerUse] { uses[backend] ?? [] }

  /// The use under a trainer's spelling; without a spelling the usual one.
  public func use(in backend: String, named name: String? = nil) -> OptimizerUse? {
    uses[backend]?.first { name == nil || $0.name == name }
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
        let all = backend.kind == .sequence ? Array(backend.children) : [backend]
        return (backend.key ?? "", all.map(OptimizerUse.init))
      }, uniquingKeysWith: { first, _ in first })
  }
}

/// An optimizer as one trainer has it.
public final class OptimizerUse: Sendable {
  /// The trainer's spelling.
  public let name: String
  public let hasFusedBackPass: Bool
  /// Whether it can round bfloat16 weights stochastically.
  public let hasStochasticRounding: Bool
  /// Whether it stops unless all parameter groups have one learning rate (or 0).
  public let needsEqualGroupRates: Bool
  /// Whether it starts with the values the trainer's own interface fills in.
  public let startsWithTableDefaults: Bool
  /// In the order of the data file.
  public let options: [OptionUse]
  /// Why the trainer cannot run it, or what it runs instead; nil if it does.
  public let isBroken: String?
  private let table: KeyTable
  private let node: DocumentNode

  public var library: String { node["library"]?.text ?? "" }
  public var libraryVersion: String { node["libraryVersion"]?.text ?? "" }
  public var className: String { node["class"]?.text ?? "" }
  public var source: String { node["source"]?.text ?? "" }
  /// Packages to install besides the trainer's own requirements: `prodigyopt`.
  public var needs: [String] { node["needs"]?.children.map(\.text) ?? [] }
  /// What is peculiar about it in this trainer.
  public var notes: [String] { node["notes"]?.children.map(\.text) ?? [] }

  public subscript(option: String) -> OptionUse? { table.place(of: option).map { options[$0] } }

  init(_ node: DocumentNode) {
    func flag(_ key: String) -> Bool { node[key].map { SettingValue($0).isTruthy } ?? false }
    self.node = node
    name = node["name"]?.text ?? ""
    hasFusedBackPass = flag("fusedBackPass")
    hasStochasticRounding = flag("stochasticRounding")
    needsEqualGroupRates = flag("equalGroupRates")
    startsWithTableDefaults = flag("startsWithTableDefaults")
    options = node["options"]?.children.map(OptionUse.init) ?? []
    isBroken = node["broken"]?.text
    table = KeyTable(options.map(\.key))
  }
}

/// An option as one optimizer of one trainer reads it.
public struct OptionUse: Sendable {
  /// Its name in `Schemas/options.json`.
  public let key: String
  /// Its place among the arguments of the library's class where that is not its key: `betas[0]`.
  public let spelling: String
  /// Why it cannot be given: the trainer passes it itself; nil if it can.
  public let refused: String?
  /// What the trainer's interface fills in.
  public let tableDefault: SettingValue
  /// What the constructor uses for null; nil if null goes through.
  public let whenNull: SettingValue?
  /// Why it has no effect here; nil if it has one.
  public let ignored: String?
  /// Read from the file though the interface does not show it.
  public let isHidden: Bool

  init(_ node: DocumentNode) {
    key = node.key ?? ""
    spelling = node["spelling"]?.text ?? key
    refused = node["refused"]?.text
    tableDefault = node["default"].map(SettingValue.init) ?? .null
    whenNull = node["whenNull"].map(SettingValue.init)
    ignored = node["ignored"]?.text
    isHidden = node["hidden"].map { SettingValue($0).isTruthy } ?? false
  }
}

/// Learning rates that work in practice.
public struct RateBand: Sendable {
  public let low: Double
  public let high: Double
  public let usual: Double?
  public let why: String

  init?(_ node: DocumentNode) {
    guard let low = node["low"].flatMap({ SettingValue($0).number }),
      let high = node["high"].flatMap({ SettingValue($0).number })
    else { return nil }
    self.low = low
    self.high = high
    usual = node["usual"].flatMap { SettingValue($0).number }
    why = node["why"]?.text ?? ""
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
