import SourceText
import Testing

@testable import Knowledge

/// A constraint of the data and what it is about.
struct ConstraintCase: Sendable, CustomTestStringConvertible {
  /// The optimizer; nil for constraints of the config.
  let optimizer: String?
  /// The trainer whose config it is about.
  let backend: String
  let node: DocumentNode
  let number: Int

  var constraint: Constraint { Constraint(node) }
  var testDescription: String {
    "\(optimizer ?? backend), constraint \(number + 1): \(constraint.message)"
  }

  /// What is known of one of the settings that it speaks of.
  func setting(_ path: SettingPath) -> SettingFacts? {
    guard optimizer != nil else { return Catalogue.backend(backend).setting(at: path) }
    if case .plain(let option) = path { return Catalogue.option(option) }
    return nil
  }

  /// Whether a path names what the trainer makes of the file, or an item of a list of arguments.
  static func isDerived(_ path: SettingPath) -> Bool {
    if case .nested("network_args", _) = path { return true }
    return path.text.hasPrefix("@")
  }

  static let all: [ConstraintCase] =
    Catalogue.optimizers.map(\.id).flatMap { cases($0, of: "onetrainer", Raw.optimizer($0)) }
    + Raw.backends.flatMap { cases(nil, of: $0, Raw.backend($0)) }

  private static func cases(
    _ optimizer: String?, of backend: String, _ root: DocumentNode?
  ) -> [ConstraintCase] {
    (root?["constraints"]?.children.map(\.self) ?? []).enumerated().map {
      ConstraintCase(optimizer: optimizer, backend: backend, node: $1, number: $0)
    }
  }
}

@Suite struct ConstraintDataTests {
  @Test func areMany() { #expect(ConstraintCase.all.count > 200) }

  @Test(arguments: ConstraintCase.all)
  func speakOfWhatExists(_ case: ConstraintCase) {
    let constraint = `case`.constraint
    for path in [constraint.key] + constraint.conditionKeys
    where path != .plain("__version") && !ConstraintCase.isDerived(path) {
      #expect(`case`.setting(path) != nil, "\(path.text)")
    }
    #expect(constraint.rows.repeated == [])
    guard let optimizer = `case`.optimizer else {
      let trainer = Raw.backend(`case`.backend)?["trainer"]?.text ?? `case`.backend
      #expect(Set(constraint.rows).isSubset(of: Raw.rows(of: trainer)))
      return
    }
    let backends = Catalogue.trainers.filter(constraint.applies)
    #expect(`case`.node["backends"]?.children.map(\.text) ?? ["onetrainer"] == backends)
    for backend in backends {
      let uses = Catalogue.optimizer(optimizer)?.uses(in: backend) ?? []
      #expect(
        uses.contains { constraint.applies(to: $0) && $0[constraint.key.text] != nil },
        "\(backend) does not read \(constraint.key.text)")
    }
    let names = `case`.node["uses"]?.children.map(\.text) ?? []
    #expect(
      names.allSatisfy { name in
        backends.contains { Catalogue.optimizer(named: name, in: $0)?.facts.id == optimizer }
      })
    for row in constraint.rows {
      let backend = Self.owner(of: row)
      #expect(backends.contains(backend), "\(row)")
      // The lists of other trainers come with their backends.
      let rows = Raw.rows(of: backend)
      #expect(rows.isEmpty || rows.contains(row), "\(row)")
    }
  }

  /// The trainer in whose list a row stands.
  private static func owner(of row: String) -> String {
    switch row.prefix(while: { $0 != "-" }) {
    case "K": "kohya"
    case "ST": "simpletuner"
    case "AT": "ai-toolkit"
    default: "onetrainer"
    }
  }

  @Test(arguments: ConstraintCase.all)
  func compareWithWhatCanBe(_ case: ConstraintCase) throws {
    let predicates =
      [(`case`.constraint.key, `case`.node["must"])]
      + (`case`.node["when"]?.children.map { (SettingPath($0["key"]?.text ?? ""), $0) } ?? [])
    for (path, predicate) in predicates {
      let predicate = try #require(predicate)
      let tests = predicate.children.filter { $0.key != "key" }
      #expect(!tests.isEmpty, "\(path.text)")
      guard let setting = `case`.setting(path) else { continue }
      for test in tests {
        switch test.key ?? "" {
        case "equals", "notEquals":
          #expect(setting.takes(SettingValue(test)), "\(path.text)")
        case "oneOf": #expect(test.children.map(SettingValue.init).allSatisfy(setting.takes))
        // What it never is, is excluded for sure.
        case "noneOf", "written": break
        // A null in a boolean is kept, in a number that takes none it is not.
        case "notNull":
          #expect(
            setting.isNullable || setting.isRequired || setting.type == .boolean, "\(path.text)")
        default:
          #expect(SettingValue(test).number != nil, "\(path.text)")
          #expect([.integer, .number].contains(setting.type), "\(path.text)")
        }
      }
    }
  }

  /// What a fix writes has to fit and must not be found again.
  @Test(arguments: ConstraintCase.all)
  func proposeWhatWouldDo(_ case: ConstraintCase) throws {
    let constraint = `case`.constraint
    let hasFix = constraint.proposal != nil || constraint.removes
    #expect(hasFix == (`case`.node["safety"] != nil))
    guard let proposal = constraint.proposal else { return }
    let setting = try #require(`case`.setting(constraint.key))
    #expect(setting.takes(proposal))
    #expect(setting.bounds(proposal))
    #expect(constraint.isSatisfied(by: proposal.written))
    for other in ConstraintCase.all
    where other.optimizer == `case`.optimizer && other.constraint.key == constraint.key
      && other.node["when"] == nil && other.constraint.severity == .error
    {
      #expect(other.constraint.isSatisfied(by: proposal.written), "\(other.constraint.message)")
    }
  }

  @Test(arguments: ConstraintCase.all)
  func speakPlainly(_ case: ConstraintCase) {
    let constraint = `case`.constraint
    for text in [constraint.message, constraint.why] {
      let plain = text.replacing("{value}", with: "").replacing("{script}", with: "")
      #expect(plain.allSatisfy { $0 != "{" && $0 != "}" })
    }
    #expect(constraint.message.count <= 120)
  }

  /// A crash is an error; what is only worth knowing is none.
  @Test(arguments: ConstraintCase.all)
  func areAsBadAsTheirConsequence(_ case: ConstraintCase) {
    let constraint = `case`.constraint
    switch constraint.consequence {
    case .crashesAtLoad, .crashesAtStart, .crashesAtFirstStep, .crashesDuringTraining,
      .crashesAtLastStep, .crashesWhenSaving, .trainsNothing, .diverges:
      #expect(constraint.severity == .error)
    case .silentlyIgnored, .changesTraining, .wastesMemory, .slower:
      #expect(constraint.severity < .error)
    case .worthKnowing: #expect(constraint.severity == .info)
    }
  }
}
