public import Knowledge
public import SourceText

/// Something that one of the guides says, with what became of it.
public struct Claim: Sendable, CustomStringConvertible {
  public enum Verdict: String, CaseIterable, Sendable {
    case holds
    case holdsWhen = "holds-when"
    case noLonger = "no-longer"
    case untestable

    public var words: String {
      switch self {
      case .holds: "holds"
      case .holdsWhen: "holds when"
      case .noLonger: "no longer true"
      case .untestable: "cannot be tested here"
      }
    }
  }

  /// The guide's file name without its ending.
  public let guide: String
  public let place: String
  /// In our own words.
  public let claim: String
  public let verdict: Verdict
  /// When it holds, or what is true instead.
  public let note: String?
  public let evidence: [ClaimEvidence]

  public var description: String { "\(guide), \(place): \(claim)" }

  public static let all: [Claim] = {
    EmbeddedFile("Schemas/claims.json")?.document().root["claims"]?.children.map(Claim.init) ?? []
  }()

  private init(_ node: DocumentNode) {
    guide = node["guide"]?.text ?? ""
    place = node["place"]?.text ?? ""
    claim = node["claim"]?.text ?? ""
    verdict = node["verdict"].flatMap { Verdict(rawValue: $0.text) } ?? .untestable
    note = node["note"]?.text
    evidence = node["evidence"]?.children.compactMap(ClaimEvidence.init) ?? []
  }
}

/// What a verdict rests on.
public enum ClaimEvidence: Sendable {
  /// A rule of the linter that reports it.
  case rule(String)
  /// The default of an option, in one trainer or in all that have the option.
  case standard(optimizer: String, option: String, value: SettingValue, backend: String?)
  /// An option with its type.
  case option(String, SettingType)
  /// A recommendation in the optimizer's data.
  case recommends(optimizer: String, option: String)
  /// A trainer has the optimizer and runs it.
  case available(optimizer: String, backend: String)
  /// The optimizer updates within the backward pass.
  case fused(optimizer: String, backend: String)
  /// The state of the first takes less memory for a whole matrix than that of the second.
  case less(optimizer: String, than: String, backend: String)
  /// It takes more.
  case more(optimizer: String, than: String, backend: String)
  /// Whether the data calls the optimizer one that finds its rate.
  case adaptive(optimizer: String, Bool)
  /// The words of `tuneup explain` say the same.
  case words(optimizer: String)
  /// A heading of Documentation/Guides-measured.md.
  case measured(String)
  /// A test by its name.
  case test(String)

  init?(_ node: DocumentNode) {
    func text(_ key: String) -> String { node[key]?.text ?? "" }
    switch text("kind") {
    case "rule": self = .rule(text("name"))
    case "default":
      self = .standard(
        optimizer: text("optimizer"), option: text("option"),
        value: node["value"].map { SettingValue($0) } ?? .null, backend: node["backend"]?.text)
    case "option":
      guard let type = SettingType(rawValue: text("type")) else { return nil }
      self = .option(text("key"), type)
    case "recommends": self = .recommends(optimizer: text("optimizer"), option: text("option"))
    case "available": self = .available(optimizer: text("optimizer"), backend: text("backend"))
    case "fused": self = .fused(optimizer: text("optimizer"), backend: text("backend"))
    case "less":
      self = .less(optimizer: text("optimizer"), than: text("than"), backend: text("backend"))
    case "more":
      self = .more(optimizer: text("optimizer"), than: text("than"), backend: text("backend"))
    case "fact": self = .adaptive(optimizer: text("optimizer"), text("is") == "adaptive")
    case "words": self = .words(optimizer: text("name"))
    case "measured": self = .measured(text("name"))
    case "test": self = .test(text("name"))
    default: return nil
    }
  }
}
