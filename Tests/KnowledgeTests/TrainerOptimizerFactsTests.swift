import Knowledge
import SourceText
import Testing

/// The optimizers of kohya, SimpleTuner and ai-toolkit are what was read from the trainers' sources.
@Suite(.ifFactsArePresent) struct TrainerOptimizerFactsTests {
  static let kohya = facts("kohya") { [$0["optimizer_type"]?.text].compactMap(\.self) }
  static let simpleTuner = facts("simpletuner") { [$0["name"]?.text].compactMap(\.self) }
  static let aiToolkit = facts("ai-toolkit") {
    // "any other name starting with prodigy" is no name.
    $0["names"]?.children.map(\.text).filter { !$0.contains("any other") && !$0.contains("<") }
      ?? []
  }

  private static func facts(_ backend: String, names: (DocumentNode) -> [String]) -> [Fact] {
    Facts.json("facts/\(backend)/optimizers.json")?["optimizers"]?.children.flatMap { node in
      names(node).map { Fact(name: $0, node: node) }
    } ?? []
  }

  @Test func areAllThere() {
    #expect(Self.kohya.count == 41)
    #expect(Self.simpleTuner.count == 54)
    #expect(Self.aiToolkit.count == 21)
  }

  private static func use(_ fact: Fact, _ backend: String) throws -> OptimizerUse {
    try #require(Catalogue.optimizer(named: fact.name, in: backend)?.use)
  }

  /// `{"betas": [0.9, 0.99]}` as `betas[0]`, `betas[1]`; a list of coefficients stays one value.
  private static func values(
    _ name: String, _ node: DocumentNode?
  ) -> [(spelling: String, value: SettingValue)] {
    guard let node else { return [(name, .null)] }
    guard node.kind == .sequence, name != "ns_coefficients" else {
      return [(name, SettingValue(node))]
    }
    return node.children.enumerated().map { ("\(name)[\($0)]", SettingValue($1)) }
  }

  private static func lines(_ values: [(String, SettingValue)]) -> [String] {
    values.map { name, value in
      "\(name) = \(value.number.map { Number.literal($0) } ?? value.literal)"
    }
    .sorted()
  }

  /// kohya: every argument of the class; what a newer version added is marked.
  @Test(arguments: kohya)
  func kohyaHasTheArguments(_ fact: Fact) throws {
    let use = try Self.use(fact, "kohya")
    let takesAnything = fact["optimizer_args"]?.children.contains { $0["name"]?.text == "**kwargs" }
    #expect(use.unknownOptions == (takesAnything == true ? .swallowed : .refused))
    let expected = (fact["optimizer_args"]?.children.map(\.self) ?? [])
      .filter { $0["name"]?.text != "**kwargs" }
      .flatMap { Self.values($0["name"]?.text ?? "", $0["default"]) }
    let found = use.options.filter { $0.versions.since == nil }
    #expect(
      Self.lines(found.map { ($0.spelling, $0.libraryDefault) })
        == Self.lines(expected.map { ($0.spelling, $0.value) }))
  }

  @Test(arguments: kohya)
  func kohyaHasTheRest(_ fact: Fact) throws {
    let use = try Self.use(fact, "kohya")
    #expect(use.className == fact.text("class"))
    #expect(
      use.source.hasSuffix(
        fact.text("evidence")?.split(separator: ",").first.map(String.init) ?? ""))
    let injected = fact["injected"]?.children.map { ($0.key ?? "", $0) } ?? []
    for (name, value) in injected where value.kind == .boolean {
      #expect(use[name]?.refused != nil || use[name]?.ignored != nil, "\(name)")
    }
    let reserved = fact.texts("reserved_args")
    #expect(!reserved.isEmpty)
    for name in reserved {
      guard case .refused = use.reading(of: name) else {
        Issue.record("\(name) can be given")
        continue
      }
    }
    for other in fact["matches"]?["also"]?.children.map(\.text) ?? []
    where !other.contains(" ") {
      #expect(Catalogue.optimizer(named: other, in: "kohya")?.use === use, "\(other)")
    }
    let rates = fact["learning_rate"]?["several_group_lrs"]?["library"]?.text
    #expect(use.needsEqualGroupRates == (rates?.contains("RuntimeError") ?? false))
    let failing = fact.texts("notes").contains { $0.hasSuffix("training fails.") }
    #expect((use.isBroken != nil) == failing)
  }

  @Test(arguments: simpleTuner)
  func simpleTunerHasTheDefaults(_ fact: Fact) throws {
    let use = try Self.use(fact, "simpletuner")
    let expected = try #require(fact["defaults"]).children.flatMap {
      Self.values($0.key ?? "", $0)
    }
    for (spelling, value) in expected {
      let option = try #require(use.options.first { $0.spelling == spelling }, "\(spelling)")
      #expect(
        Self.lines([(spelling, option.tableDefault)]) == Self.lines([(spelling, value)]))
    }
  }

  @Test(arguments: simpleTuner)
  func simpleTunerHasTheRest(_ fact: Fact) throws {
    let use = try Self.use(fact, "simpletuner")
    #expect(use.className.hasSuffix(fact.text("class") ?? ""))
    #expect(use.source.hasSuffix(fact.text("registry_line") ?? ""))
    #expect((use.unknownOptions == .dropped) == fact.flag("kwargs_checked_before_construction"))
    let facts = try #require(Catalogue.optimizer(named: fact.name, in: "simpletuner")?.facts)
    #expect(facts.isScheduleFree == fact.flag("is_schedulefree"))
    #expect(
      use.keepsSchedule == (fact.flag("is_schedulefree") && !fact.flag("override_lr_scheduler")))
    #expect((use["warmup_steps"] != nil) == fact.flag("can_warmup"))
    let tests = fact["smoke_test"]?.children.map(\.text) ?? []
    #expect((use.isBroken != nil) == !tests.contains("ok"))
    #expect(fact.text("learning_rate_source")?.contains("ignored") == (use["lr"]?.setting == nil))
  }

  @Test func simpleTunerRefusesWhatItRemoved() throws {
    let names = Facts.json("facts/simpletuner/optimizers.json")?["legacy_names"]?["removed_raise"]
    for name in try #require(names).children.compactMap(\.key) {
      #expect(Catalogue.optimizerNames(of: "simpletuner").refusal(of: name) != nil, "\(name)")
    }
  }

  @Test(arguments: aiToolkit)
  func aiToolkitHasTheDefaults(_ fact: Fact) throws {
    let use = try Self.use(fact, "ai-toolkit")
    let fixed = (fact["args_fixed_by_toolkit"]?.children.map(\.self) ?? [])
      .flatMap { Self.values($0.key ?? "", $0) }
    let standard = (fact["class_defaults"]?.children.map(\.self) ?? [])
      .flatMap { Self.values($0.key ?? "", $0) }
    for (spelling, value) in fixed + standard {
      guard let option = use.options.first(where: { $0.spelling == spelling }) else {
        #expect(use.isBroken?.contains(spelling) == true, "\(spelling)")
        continue
      }
      #expect(
        Self.lines([(spelling, option.tableDefault)]) == Self.lines([(spelling, value)]))
    }
    // What it passes itself cannot be given again; of Adafactor it fills in what is missing.
    for (spelling, _) in fixed where fact.name != "adafactor" && use.isBroken == nil {
      #expect(use.options.first { $0.spelling == spelling }?.refused != nil, "\(spelling)")
    }
  }

  @Test(arguments: aiToolkit)
  func aiToolkitHasTheRest(_ fact: Fact) throws {
    let use = try Self.use(fact, "ai-toolkit")
    let name = fact.text("class")?.prefix { $0 != " " }
    #expect(use.className.hasSuffix(name.map(String.init) ?? "?"))
    let notes = fact.text("notes") ?? ""
    #expect(use.needs.isEmpty != notes.contains("not in requirements") || use.isBroken != nil)
  }

  /// The spellings that were seen to fail are no optimizers here either.
  @Test func kohyaRefusesWhatFailed() throws {
    let root = try #require(Facts.json("facts/kohya/optimizers.json"))
    for entry in try #require(root["rejected_spellings_observed"]).children {
      let name = entry["optimizer_type"]?.text ?? ""
      // Built as the class alone, it refuses the rate it is given: a constraint says so.
      if name == "transformers.optimization.Adafactor" { continue }
      #expect(Catalogue.optimizer(named: name, in: "kohya") == nil, "\(name)")
      let isModule = entry["error"]?.text.hasPrefix("ModuleNotFoundError") == true
      let refusal = Catalogue.optimizerNames(of: "kohya").refusal(of: name)
      #expect((refusal == nil) == isModule, "\(name)")
    }
    for entry in try #require(root["kohya_ss_dropdown"]).children {
      #expect(Catalogue.optimizer(named: entry.text, in: "kohya") != nil, "\(entry.text)")
    }
  }
}
