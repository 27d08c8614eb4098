import SourceText
import Testing

@testable import Knowledge

/// The optimizers and their options agree with one another.
@Suite struct OptimizerDataTests {
  static let ids = Catalogue.optimizers.map(\.id)

  @Test(arguments: Catalogue.options.settings.map(\.key))
  func optionsHaveFittingDefaults(key: String) throws {
    let option = try #require(Catalogue.options[key])
    #expect(option.takes(option.defaultValue))
    #expect(option.bounds(option.defaultValue))
    #expect(option.choices.isEmpty == (option.type != .choice))
    #expect(option.choices.repeated == [])
    #expect(option.range == nil || option.type == .integer || option.type == .number)
    #expect(option.range?.words != "")
  }

  @Test func optionsAreThereOnce() {
    #expect(Catalogue.options.settings.map(\.key).repeated == [])
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

  @Test(arguments: ids)
  func haveFittingDefaults(id: String) throws {
    let use = try #require(Catalogue.optimizer(id)?.use(in: "onetrainer"))
    #expect(use.options.map(\.key).repeated == [])
    for option in use.options {
      let facts = try #require(Catalogue.options[option.key], "\(option.key)")
      #expect(facts.takes(option.tableDefault), "\(option.key)")
      #expect(facts.bounds(option.tableDefault), "\(option.key)")
      guard let whenNull = option.whenNull else { continue }
      #expect(facts.takes(whenNull), "\(option.key)")
      #expect(facts.bounds(whenNull), "\(option.key)")
    }
  }

  @Test(arguments: ids)
  func recommendWhatExists(id: String) throws {
    for advice in try #require(Raw.optimizer(id)?["recommended"]).children {
      let key = advice["option"]?.text ?? ""
      let facts = try #require(Catalogue.options[key] ?? Catalogue.oneTrainer.root[key], "\(key)")
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
  @Test(arguments: ids, ["startsWithTableDefaults", "startsWithBareDefaults"])
  func startExactlyIfNothingRefuses(id: String, level: String) throws {
    let optimizer = try #require(Catalogue.optimizer(id))
    let use = try #require(optimizer.use(in: "onetrainer"))
    func value(_ path: SettingPath) -> SettingValue? {
      let key = path.text
      let table = level == "startsWithTableDefaults" ? use[key]?.tableDefault : nil
      let value = table ?? Catalogue.options[key]?.defaultValue
      return value == .null ? use[key]?.whenNull ?? value : value
    }
    let refused = optimizer.constraints.filter { (constraint: Constraint) in
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
