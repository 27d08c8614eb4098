import Backends
import Knowledge
public import Plans
public import Reporting
public import SourceText

/// What is known of a topic: a rule, an option, a setting, an optimizer, a schedule, a model, or a
/// trainer.
public struct Explanation: Sendable {
  public let kind: String
  public let id: String
  public let page: Page
  public let json: JSONValue

  // MARK: One kind after the other

  static func rule(_ rule: RuleEntry) -> Explanation {
    var blocks: [Page.Block] = [.paragraph(rule.summary), .heading("Why")]
    if rule.variants.count == 1 {
      blocks.append(.paragraph(rule.variants[0].rationale.capitalizedFirst + "."))
    } else {
      blocks += rule.variants.map { variant in
        let trainer = variant.backend.map { title(of: $0) + ": " } ?? ""
        return .item(trainer + variant.rationale + ".")
      }
    }
    blocks += [
      .heading("Severity"),
      .paragraph(
        "\(rule.severity.rawValue): \(rule.consequence.words). A single finding may weigh more or less."
      ),
    ]
    for backend in rule.examples.map(\.backend).unique {
      let own = rule.examples.filter { $0.backend == backend }
      let place = rule.examples.contains { $0.backend != backend } ? " (\(title(of: backend)))" : ""
      if let flagged = own.first(where: \.isFlagged) {
        blocks += [.heading("Flagged\(place)"), .code(flagged.plain)]
        if let fixed = flagged.fixed { blocks += [.heading("Fixed\(place)"), .code(fixed)] }
      }
      if let allowed = own.first(where: { !$0.isFlagged }) {
        blocks += [.heading("Fine\(place)"), .code(allowed.plain)]
      }
    }
    blocks += [.heading("Source")]
    blocks += rule.sources.unique.map { .item($0.title + ($0.url.map { " <\($0)>" } ?? "")) }
    return Explanation(
      kind: "rule", id: rule.id, page: Page(rule.id, blocks),
      json: [
        "kind": "rule", "id": .text(rule.id), "severity": .text(rule.severity.rawValue),
        "consequence": .text(rule.consequence.rawValue), "subject": .text(rule.subject.rawValue),
        "summary": .text(rule.summary), "why": .text(rule.variants[0].rationale),
        "covers": .array(rule.covers.map { .text($0) }),
        "sources": .array(rule.sources.unique.map { .text($0.title) }),
      ])
  }

  /// A trainer's name.
  static func title(of backend: String) -> String {
    allBackends.first { $0.id == backend }?.title ?? backend
  }

  static func optimizer(_ facts: OptimizerFacts) -> Explanation {
    var blocks: [Page.Block] = [.paragraph(facts.summary)]
    if let text = facts.useWhen { blocks.append(.paragraph("Use it when: \(text)")) }
    if let text = facts.avoidWhen { blocks.append(.paragraph("Avoid it when: \(text)")) }
    if let band = facts.learningRate {
      let usual = band.usual.map { ", usually \(Number.literal($0))" } ?? ""
      blocks += [
        .heading("Learning rate"),
        .paragraph(
          "\(Number.literal(band.low)) to \(Number.literal(band.high))\(usual). \(band.why)"),
      ]
    }
    if !facts.recommendations.isEmpty {
      blocks += [
        .heading("Recommended"),
        .table(
          ["setting", "value", "why"],
          facts.recommendations.map {
            [
              $0.option, $0.text + ($0.isRequired ? " (required)" : ""),
              $0.why + ($0.condition.map { " (\($0))" } ?? ""),
            ]
          }),
      ]
    }
    if let use = facts.use(in: "onetrainer") {
      blocks += [
        .heading("In OneTrainer: \(use.name)"),
        .paragraph("\(use.className), \(use.library) \(use.libraryVersion) (\(use.source))"),
        .paragraph(
          "fused back pass: \(use.hasFusedBackPass ? "yes" : "no"); stochastic rounding: \(use.hasStochasticRounding ? "yes" : "no")"
            + (use.needsEqualGroupRates ? "; all parts need one learning rate" : "")),
        .table(
          ["option", "in the interface", "left out", "null means", "remark"],
          use.options.map { option in
            [
              option.key, shown(option.tableDefault, option.key),
              Catalogue.options[option.key].map { shown($0.defaultValue, option.key) } ?? "",
              option.whenNull?.literal ?? "",
              option.ignored ?? "",
            ]
          }),
      ]
    }
    if let simulation = Catalogue.simulations.first(where: {
      $0.backend == "onetrainer" && $0.name == facts.id
    }), let algorithm = simulation.algorithm {
      let fixed = simulation.options.map { "\($0) \($1.literal)" }.sorted()
      blocks.append(
        .paragraph("run here as \(([algorithm] + fixed).joined(separator: ", with "))"))
    }
    if !facts.notes.isEmpty { blocks += [.heading("Notes")] + facts.notes.map { .item($0) } }
    if let paper = facts.paper {
      blocks += [.heading("Paper"), .paragraph("\(paper.title) <\(paper.url)>")]
    }
    return Explanation(
      kind: "optimizer", id: facts.id, page: Page(facts.title, blocks), json: facts.json)
  }

  static func scheduler(_ facts: SchedulerFacts) -> Explanation {
    let clauses = facts.formula.split(separator: ";").map { String($0.drop { $0 == " " }) }
    let isFormula = clauses.allSatisfy { $0.contains("=") }
    var blocks: [Page.Block] = [
      .paragraph(facts.summary), .heading("Formula"),
      isFormula ? .code(clauses.joined(separator: "\n")) : .paragraph(facts.formula),
    ]
    if isFormula { blocks.append(.table(["", ""], letters(in: facts.formula))) }
    let reads = [
      facts.usesWarmup ? "learning_rate_warmup_steps" : nil,
      facts.usesCycles ? "learning_rate_cycles" : nil,
      facts.usesMinFactor ? "learning_rate_min_factor" : nil,
    ].compactMap(\.self)
    blocks += [
      .heading("Details"),
      .item("settings it reads: \(reads.isEmpty ? "none" : reads.joined(separator: ", "))"),
      .item("at the end of the run: \(facts.endsAt)"),
    ]
    blocks += facts.notes.map { .item($0) }
    return Explanation(
      kind: "scheduler", id: facts.id, page: Page(facts.title, blocks),
      json: [
        "kind": "scheduler", "id": .text(facts.id), "title": .text(facts.title),
        "summary": .text(facts.summary), "formula": .text(facts.formula),
      ])
  }

  /// What the letters of a formula stand for.
  private static func letters(in formula: String) -> [[String]] {
    let symbols = EmbeddedFile("Schemas/schedulers.json")?.document().root["symbols"]?.children
    var words = Set(formula.split { !$0.isLetter })
    // Some are explained by others.
    for _ in 0..<3 {
      for symbol in symbols ?? .none where words.contains(symbol.key?[...] ?? "") {
        words.formUnion(symbol.text.split { !$0.isLetter })
      }
    }
    return symbols?.filter { words.contains($0.key?[...] ?? "") }.map { [$0.key ?? "", $0.text] }
      ?? []
  }

  static func option(_ facts: SettingFacts) -> Explanation {
    var blocks = settingBlocks(facts)
    let readers = Catalogue.optimizers.compactMap { optimizer in
      optimizer.use(in: "onetrainer")?[facts.key].map { (optimizer, $0) }
    }
    if !readers.isEmpty {
      blocks += [
        .heading("Optimizers that have it, and the value that OneTrainer's interface fills in"),
        .table(
          ["optimizer", "in the interface", "null means", "remark"],
          readers.map { optimizer, use in
            [
              optimizer.id, shown(use.tableDefault, facts.key), use.whenNull?.literal ?? "",
              use.ignored.map { "ignored: \($0)" } ?? "",
            ]
          }),
      ]
    }
    let recommended = Catalogue.optimizers.flatMap { optimizer in
      optimizer.recommendations.filter { $0.option == facts.key }.map { (optimizer, $0) }
    }
    if !recommended.isEmpty {
      blocks += [.heading("Recommended")]
      blocks += recommended.map { optimizer, advice in
        .item(
          "\(optimizer.title): \(advice.text)\(advice.isRequired ? " (required)" : ""). \(advice.why) [\(advice.source)]"
        )
      }
    }
    let title = facts.guideTitle ?? facts.title
    let path = "optimizer.\(facts.key)"
    return Explanation(
      kind: "option", id: facts.key,
      page: Page(title == facts.key ? path : "\(title) (\(path))", blocks),
      json: facts.json(kind: "option"))
  }

  static func setting(_ facts: SettingFacts, in object: ObjectFacts) -> Explanation {
    let place = object.name == "config" ? "" : " (\(object.title.lowercased()))"
    return Explanation(
      kind: "setting", id: facts.key, page: Page(facts.key + place, settingBlocks(facts)),
      json: facts.json(kind: "setting"))
  }

  private static func settingBlocks(_ facts: SettingFacts) -> [Page.Block] {
    var blocks: [Page.Block] = [.paragraph(facts.meaning)]
    if let more = facts.more { blocks.append(.paragraph(more)) }
    var type = facts.type.rawValue
    if facts.isNullable { type += " or null" }
    if let range = facts.range { type += ", \(range.words)" }
    blocks.append(.item("type: \(type)"))
    if facts.defaultValue != .null || facts.isNullable {
      blocks.append(.item("left out: \(shown(facts.defaultValue, facts.type))"))
    }
    if let usual = facts.usual { blocks.append(.item("usual: \(usual)")) }
    if !facts.choices.isEmpty {
      blocks.append(.item("one of: " + facts.choices.joined(separator: ", ")))
    }
    return blocks
  }

  /// A value as the file would say it.
  private static func shown(_ value: SettingValue, _ type: SettingType) -> String {
    value == .collection ? (type == .list ? "[]" : "{}") : value.literal
  }

  private static func shown(_ value: SettingValue, _ option: String) -> String {
    shown(value, Catalogue.options[option]?.type ?? .object)
  }

  static func model(_ facts: ModelFacts) -> Explanation {
    var blocks: [Page.Block] = [
      .item("parts: " + facts.parts.joined(separator: ", ")),
      .heading("Training methods"),
      .table(
        ["training_method", "output_model_format"],
        facts.methods.map { [$0, facts.outputFormats($0).joined(separator: ", ")] }),
    ]
    if !facts.layerFilterPresets.isEmpty {
      blocks += [
        .heading("Layer filters"),
        .table(
          ["preset", "patterns"],
          facts.layerFilterPresets.map {
            [$0.name, $0.patterns.isEmpty ? "all layers" : $0.patterns.joined(separator: ", ")]
          }),
      ]
    }
    return Explanation(
      kind: "model", id: facts.id, page: Page("\(facts.title) (\(facts.id))", blocks),
      json: [
        "kind": "model", "id": .text(facts.id), "title": .text(facts.title),
        "family": .text(facts.family), "parts": .array(facts.parts.map { .text($0) }),
        "methods": .array(facts.methods.map { .text($0) }),
      ])
  }

  static func backend() -> Explanation {
    let facts = Catalogue.oneTrainer
    let blocks: [Page.Block] = [
      .paragraph(
        """
        Configs and presets in JSON, config version \(facts.configVersion). Described as of \
        \(facts.source).
        """
      ),
      .paragraph(
        """
        \(facts.root.settings.count) settings, \(Catalogue.optimizers.count) optimizers with \
        \(Catalogue.options.settings.count) options, \(Catalogue.schedulers.count) schedulers, \
        \(Catalogue.models(of: "onetrainer").count) models.
        """
      ),
      .paragraph(
        """
        The interface and the command line read one file differently: --mode ui and --mode cli. \
        Built-in presets, whose names begin with #, are read as the interface does.
        """
      ),
    ]
    return Explanation(
      kind: "backend", id: facts.id, page: Page(facts.title, blocks),
      json: [
        "kind": "backend", "id": .text(facts.id), "title": .text(facts.title),
        "configVersion": .integer(facts.configVersion), "source": .text(facts.source),
      ])
  }
}

extension RuleExample {
  /// The file without marks.
  public var plain: String {
    String(
      String.UnicodeScalarView(marked.unicodeScalars.filter { !"⟪⟫⟦⟧".unicodeScalars.contains($0) })
    )
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, where it comes first.
  var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
