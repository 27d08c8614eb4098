import SourceText
import Testing

@testable import Knowledge

/// The optimizers and their options agree with one another.
@Suite struct OptimizerDataTests {
  static let ids = Catalogue.optimizers.map(\.id)
  static let ofOneTrainer = Catalogue.optimizers(of: "onetrainer").map(\.id)
  static let options = [Catalogue.options, Catalogue.libraryOptions].flatMap(\.settings)

  @Test(arguments: options.map(\.key))
  func optionsHaveFittingDefaults(key: String) throws {
    let option = try #require(Catalogue.option(key))
    #expect(option.takes(option.defaultValue))
    #expect(option.bounds(option.defaultValue))
    #expect(option.choices.isEmpty == (option.type != .choice))
    #expect(option.choices.repeated == [])
    #expect(option.range == nil || option.type == .integer || option.type == .number)
    #expect(option.range?.words != "")
  }

  @Test func optionsAreThereOnce() {
    #expect(Self.options.map(\.key).repeated == [])
    #expect(Catalogue.options.settings.compactMap(\.guideTitle).repeated == [])
  }

  /// The guide speaks of two bias corrections, which are two options.
  @Test(arguments: [
    ("bias_correction", "bias_correction"), ("use_bias_correction", "Bias Correction"),
    ("fused_back_pass", "Fuse Back Pass"), ("d0", "Initial D"), ("momentum", "Optimizer Momentum"),
    ("warmup_init", "Warmup Initialization"), ("eps2", "EPS 2"), ("foreach", "ForEach"),
  ])
  func optionsHaveTheTitlesOfTheGuide(key: String, title: String) {
    #expect(Catalogue.options[key]?.guideTitle == title)
  }

  @Test func areTheChoicesOfTheTrainer() throws {
    let names = Catalogue.optimizers.compactMap { $0.use(in: "onetrainer")?.name }.sorted()
    #expect(names == Catalogue.options["optimizer"]?.choices.sorted())
    #expect(names == Raw.oneTrainer?["enums"]?["Optimizer"]?.children.map(\.text).sorted())
    #expect(Self.ids.repeated == [])
  }

  @Test(arguments: ids)
  func areFoundByName(id: String) {
    #expect(Raw.optimizer(id)?["id"]?.text == id)
    #expect(Catalogue.optimizer(id)?.id == id)
    #expect(Catalogue.optimizer(id.lowercased())?.id == id)
    #expect(Catalogue.optimizer(String(id.map { $0 == "_" ? "-" : $0 }))?.id == id)
  }

  @Test(arguments: ["", "ADAMW2", "options", "../options"])
  func othersAreNotFound(id: String) { #expect(Catalogue.optimizer(id) == nil) }

  @Test(arguments: UseCase.all)
  func haveFittingDefaults(_ case: UseCase) throws {
    let use = `case`.use
    #expect(use.options.map(\.key).repeated == [])
    #expect(use.options.map(\.spelling).repeated == [])
    for option in use.options {
      let facts = try #require(option.facts, "\(option.key)")
      let values =
        use.backend == "onetrainer"
        ? [option.tableDefault, option.whenNull].compactMap(\.self)
        // A class may have null where OneTrainer's own object has none.
        : [option.tableDefault].filter { $0 != .null }
      for value in values {
        #expect(facts.takes(value), "\(option.key)")
        #expect(facts.bounds(value), "\(option.key)")
      }
    }
  }

  /// Arguments are read as the class reads them.
  @Test(arguments: UseCase.all.filter { $0.use.backend != "onetrainer" })
  func haveArguments(_ case: UseCase) {
    let use = `case`.use
    for option in use.options {
      #expect(use.options(spelled: option.argument).map(\.key).contains(option.key))
      #expect(option.argument == option.spelling || use.options(spelled: option.spelling).isEmpty)
      guard option.refused == nil, case .options(let found) = use.reading(of: option.argument)
      else {
        #expect(option.refused != nil)
        continue
      }
      #expect(found.map(\.key).contains(option.key))
    }
    guard case .unknown(use.unknownOptions) = use.reading(of: "no_such_option") else {
      Issue.record("it takes any option")
      return
    }
    guard case .refused = use.reading(of: "params") else {
      Issue.record("it takes its parameters twice")
      return
    }
  }

  /// Tuples have as many places as values.
  @Test(arguments: UseCase.all)
  func haveWholeTuples(_ case: UseCase) {
    let tuples = Dictionary(
      grouping: `case`.use.options.filter { $0.argument != $0.spelling }, by: \.argument)
    for (argument, options) in tuples {
      #expect(options.map(\.spelling) == options.indices.map { "\(argument)[\($0)]" })
    }
  }

  @Test(arguments: ids)
  func recommendWhatExists(id: String) throws {
    for advice in try #require(Raw.optimizer(id)?["recommended"]).children {
      let key = advice["option"]?.text ?? ""
      let facts = try #require(Catalogue.option(key) ?? Catalogue.oneTrainer.root[key], "\(key)")
      let values = ["value", "from", "to"].compactMap { advice[$0].map(SettingValue.init) }
      #expect(values.allSatisfy(facts.takes), "\(key)")
      #expect(values.allSatisfy(facts.bounds), "\(key)")
      let from = advice["from"].flatMap { SettingValue($0).number }
      let to = advice["to"].flatMap { SettingValue($0).number }
      #expect((from == nil) == (to == nil), "\(key)")
      #expect(advice["value"] == nil || from == nil, "\(key)")
      #expect((from ?? 0) <= (to ?? 0), "\(key)")
      #expect((from ?? 0) < (to ?? 1), "\(key)")
    }
  }

  @Test(arguments: ids)
  func haveOrderedRates(id: String) throws {
    guard let band = try #require(Catalogue.optimizer(id)).learningRate else { return }
    let usual = band.usual ?? band.low
    #expect(0 < band.low && band.low <= usual && usual <= band.high)
  }

  /// What happens at the defaults must follow from the constraints. Null goes through as the
  /// constructor reads it.
  @Test(arguments: ofOneTrainer, ["startsWithTableDefaults", "startsWithBareDefaults"])
  func startExactlyIfNothingRefuses(id: String, level: String) throws {
    let optimizer = try #require(Catalogue.optimizer(id))
    let use = try #require(optimizer.use(in: "onetrainer"))
    func value(_ path: SettingPath) -> SettingValue? {
      let key = path.text
      let table = level == "startsWithTableDefaults" ? use[key]?.tableDefault : nil
      let value = table ?? Catalogue.options[key]?.defaultValue
      return value == .null ? use[key]?.whenNull ?? value : value
    }
    let refused = optimizer.constraints.filter { $0.applies(to: use) }.filter {
      (constraint: Constraint) in
      let stops = [Consequence.crashesAtStart, .crashesAtFirstStep].contains(constraint.consequence)
      let written = value(constraint.key) ?? .null
      return stops && constraint.isBroken(by: written.written, others: { value($0)?.written })
    }
    let starts = Raw.optimizer(id)?["backends"]?["onetrainer"]?[level]?.text == "true"
    #expect(refused.map(\.message) == [] || !starts)
    // Muon without its Adam depends on the tensors: a rule of its own.
    let needsAdam = value(.plain("MuonWithAuxAdam")) == .boolean(false)
    #expect(!refused.isEmpty || starts || optimizer.family == "muon" && needsAdam)
  }
}
