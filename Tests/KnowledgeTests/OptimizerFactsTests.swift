import Knowledge
import SourceText
import Testing

/// The optimizers and their options are what was read from the trainer's source. There are three
/// levels of defaults: of the key, of the table that the interface fills in, of the constructor.
@Suite(.ifFactsArePresent) struct OptimizerFactsTests {
  private static func lines(_ values: [(String, SettingValue)]) -> [String] {
    values.map { "\($0) = \($1.literal)" }.sorted()
  }

  private static func use(_ fact: Fact) throws -> OptimizerUse {
    try #require(Catalogue.optimizer(fact.name)?.use(in: "onetrainer"))
  }

  @Test func areAllThere() {
    #expect(Facts.optimizers.count == 43)
    #expect(OptimizerDataTests.ofOneTrainer.sorted() == Facts.optimizers.map(\.name).sorted())
    #expect(Facts.options.count == 104)
    #expect(Catalogue.options.settings.map(\.key) == Facts.options.map(\.name))
  }

  @Test(arguments: Facts.options)
  func optionsAreWhatTheyAre(_ fact: Fact) throws {
    let option = try #require(Catalogue.options[fact.name])
    #expect(option.title == fact.text("ui_title") ?? fact.name)
    #expect(option.isNullable == fact.flag("nullable"))
    #expect(option.type == SettingType(fact: fact))
    #expect(option.isOfAuxiliaryAdam == fact.flag("shown_in_aux_adam_window"))
    #expect(option.defaultValue == fact["bare_default"].map(SettingValue.init))
  }

  @Test(arguments: Facts.optimizers)
  func areWhatTheyAre(_ fact: Fact) throws {
    let optimizer = try #require(Catalogue.optimizer(fact.name))
    let use = try Self.use(fact)
    #expect(optimizer.family == fact.text("family"))
    #expect(optimizer.isAdaptive == fact.flag("is_adaptive"))
    #expect(optimizer.isScheduleFree == fact.flag("is_schedule_free"))
    #expect(use.name == fact.text("enum_name"))
    #expect(use.library == fact.text("library"))
    #expect(use.libraryVersion == fact.text("library_version_pinned"))
    #expect(use.className == fact.text("class"))
    #expect(use.hasFusedBackPass == fact.flag("supports_fused_back_pass"))
    #expect(use.hasStochasticRounding == fact.flag("stochastic_rounding_implemented"))
    let place = try #require(fact["evidence"]?["construction"]?.text)
    #expect(use.source.hasSuffix(place))
    let starts = fact["checked"]?["constructs_with_ui_defaults"]?.text == "ok"
    #expect(use.startsWithTableDefaults == starts)
  }

  /// The table that the interface fills in.
  @Test(arguments: Facts.optimizers)
  func haveTheDefaultsOfTheTable(_ fact: Fact) throws {
    let shown = try Self.use(fact).options.filter { !$0.isHidden }
    let expected = try #require(fact["settings_with_defaults"]).children
      .map { ($0.key ?? "", SettingValue($0)) }
    #expect(Self.lines(shown.map { ($0.key, $0.tableDefault) }) == Self.lines(expected))
    let hidden = try Self.use(fact).options.filter(\.isHidden).map(\.key)
    #expect(hidden == fact.texts("settings_read_but_not_shown_in_ui"))
  }

  /// What the constructor uses for null; where null goes through, none.
  @Test(arguments: Facts.optimizers)
  func fallBackAsTheConstructor(_ fact: Fact) throws {
    var expected: [String: SettingValue] = [:]
    for argument in try #require(fact["constructor_mapping"]).children {
      for source in argument.kind == .sequence ? argument.children.map(\.self) : [argument] {
        guard let setting = source["setting"]?.text, let whenNull = source["when_null"],
          whenNull.kind != .null, !setting.hasPrefix("muon_adam_config.")
        else { continue }
        expected[setting] = SettingValue(whenNull)
      }
    }
    let found = try Self.use(fact).options.compactMap { option in
      option.whenNull.map { (option.key, $0) }
    }
    #expect(Self.lines(found) == Self.lines(expected.map { ($0, $1) }))
  }

  @Test(arguments: Facts.optimizers)
  func ignoreWhatTheyIgnore(_ fact: Fact) throws {
    let use = try Self.use(fact)
    let expected = Set(
      fact.texts("inert_settings_in_ui") + fact.texts("forwarded_but_ignored_by_library"))
    #expect(use.options.filter { $0.ignored != nil }.map(\.key).sorted() == expected.sorted())
  }

  /// Row B3: these stop when parts have different rates.
  @Test func needEqualRates() {
    let strict = Catalogue.optimizers.filter {
      $0.use(in: "onetrainer")?.needsEqualGroupRates == true
    }
    #expect(strict.map(\.id) == ["DADAPT_ADAM", "DADAPT_LION", "DADAPT_SGD", "PRODIGY"])
  }
}

extension SettingType {
  /// The type of a setting as the facts name it: by Python's annotation.
  init(fact: Fact) {
    let name = fact.text("type") ?? ""
    switch name {
    case "bool": self = .boolean
    case "int": self = .integer
    case "float": self = .number
    case "str": self = .text
    case "dict": self = .object
    case _ where name.hasPrefix("list["): self = .list
    case _ where name.hasPrefix("dict["): self = .map
    case _ where name.hasSuffix("Config"): self = .object
    default: self = .choice
    }
  }
}
