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

  /// All explanations of a word; several where, say, an option and a setting share it.
  public static func all(of topic: String) -> [Explanation] {
    // Case, dashes and blanks do not matter: `Initial D`, `ADAMW_8BIT`, `adamw-8bit`.
    func plain(_ name: String) -> String {
      String(name.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
    }
    let word = plain(topic)
    func matches(_ name: String) -> Bool { plain(name) == word }
    var found: [Explanation] = []
    found += Inspector.rules.filter { matches($0.id) }.map(rule)
    found += Catalogue.optimizers.filter { matches($0.id) }.map(optimizer)
    found += Catalogue.schedulers.filter { matches($0.id) }.map(scheduler)
    found += Catalogue.options.settings.filter { matches($0.key) || matches($0.title) || matches($0.guideTitle ?? "") }
      .map(option)
    found += Catalogue.oneTrainer.root.settings.filter { matches($0.key) && $0.key != "optimizer" }.map(setting)
    found += Catalogue.oneTrainer.objects["modelPart"]?.settings
      .filter { setting in matches(setting.key) && Catalogue.oneTrainer.root[setting.key] == nil }.map(Self.setting) ?? []
    found += Catalogue.models(of: "onetrainer").filter { matches($0.id) || matches($0.family) }.map(model)
    found += allBackends.filter { matches($0.id) }.map { _ in backend() }
    return found
  }

  /// Every word that has an explanation.
  public static var topics: [String] {
    Inspector.rules.map(\.id) + Catalogue.optimizers.map(\.id) + Catalogue.schedulers.map(\.id)
      + Catalogue.options.settings.map(\.key) + Catalogue.oneTrainer.root.settings.map(\.key)
      + Catalogue.models(of: "onetrainer").map(\.id) + Inspector.backends
  }

  // MARK: One kind after the other

  static func rule(_ rule: RuleDescription) -> Explanation {
    var blocks: [Page.Block] = [
      .paragraph(rule.summary),
      .heading("Why"), .paragraph(rule.rationale.capitalizedFirst + "."),
      .heading("Severity"),
      .paragraph("\(rule.severity.rawValue): \(rule.consequence.words). A single finding may weigh more or less."),
    ]
    if let flagged = rule.examples.first(where: \.isFlagged) {
      blocks += [.heading("Flagged"), .code(flagged.plain)]
      if let fixed = flagged.fixed { blocks += [.heading("Fixed"), .code(fixed)] }
    }
    if let allowed = rule.examples.first(where: { !$0.isFlagged }) {
      blocks += [.heading("Fine"), .code(allowed.plain)]
    }
    blocks += [.heading("Source")]
    blocks += rule.sources.map { .item($0.title + ($0.url.map { " <\($0)>" } ?? "")) }
    return Explanation(
      kind: "rule", id: rule.id, page: Page(rule.id, blocks),
      json: [
        "kind": "rule", "id": .text(rule.id), "severity": .text(rule.severity.rawValue),
        "consequence": .text(rule.consequence.rawValue), "subject": .text(rule.subject.rawValue),
        "summary": .text(rule.summary), "why": .text(rule.rationale),
        "covers": .array(rule.covers.map { .text($0) }),
        "sources": .array(rule.sources.map { .text($0.title) }),
      ])
  }

  static func optimizer(_ facts: OptimizerFacts) -> Explanation {
    var blocks: [Page.Block] = [.paragraph(facts.summary)]
    if let text = facts.useWhen { blocks.append(.paragraph("Use it when: \(text)")) }
    if let text = facts.avoidWhen { blocks.append(.paragraph("Avoid it when: \(text)")) }
    if let band = facts.learningRate {
      let usual = band.usual.map { ", usually \(Number.literal($0))" } ?? ""
      blocks += [
        .heading("Learning rate"),
        .paragraph("\(Number.literal(band.low)) to \(Number.literal(band.high))\(usual). \(band.why)"),
      ]
    }
    if !facts.recommendations.isEmpty {
      blocks += [
        .heading("Recommended"),
        .table(
          ["setting", "value", "why"],
          facts.recommendations.map {
            [$0.option, $0.text + ($0.isRequired ? " (required)" : ""), $0.why + ($0.condition.map { " (\($0))" } ?? "")]
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
          ["option", "in the interface", "missing", "null means", "remark"],
          use.options.map { option in
            [
              option.key, option.tableDefault.literal,
              Catalogue.options[option.key]?.defaultValue.literal ?? "", option.whenNull?.literal ?? "",
              option.ignored ?? "",
            ]
          }),
      ]
    }
    if !facts.notes.isEmpty { blocks += [.heading("Notes")] + facts.notes.map { .item($0) } }
    if let paper = facts.paper { blocks += [.heading("Paper"), .paragraph("\(paper.title) <\(paper.url)>")] }
    return Explanation(
      kind: "optimizer", id: facts.id, page: Page(facts.title, blocks), json: facts.json)
  }

  static func scheduler(_ facts: SchedulerFacts) -> Explanation {
    var blocks: [Page.Block] = [
      .paragraph(facts.summary), .heading("Formula"), .paragraph(facts.formula),
      .paragraph(
        "warm-up: \(facts.usesWarmup ? "yes" : "no"); cycles: \(facts.usesCycles ? "yes" : "no"); floor: \(facts.usesMinFactor ? "yes" : "no"); ends at \(facts.endsAt)"),
    ]
    blocks += facts.notes.map { .item($0) }
    return Explanation(
      kind: "scheduler", id: facts.id, page: Page(facts.title, blocks),
      json: [
        "kind": "scheduler", "id": .text(facts.id), "title": .text(facts.title),
        "summary": .text(facts.summary), "formula": .text(facts.formula),
      ])
  }

  static func option(_ facts: SettingFacts) -> Explanation {
    var blocks = settingBlocks(facts)
    let readers = Catalogue.optimizers.compactMap { optimizer in
      optimizer.use(in: "onetrainer")?[facts.key].map { (optimizer, $0) }
    }
    if !readers.isEmpty {
      blocks += [
        .heading("Optimizers that have it"),
        .table(
          ["optimizer", "default", "null means", "remark"],
          readers.map { optimizer, use in
            [optimizer.id, use.tableDefault.literal, use.whenNull?.literal ?? "", use.ignored.map { "ignored: \($0)" } ?? ""]
          }),
      ]
    }
    let recommended = Catalogue.optimizers.flatMap { optimizer in
      optimizer.recommendations.filter { $0.option == facts.key }.map { (optimizer, $0) }
    }
    if !recommended.isEmpty {
      blocks += [.heading("Recommended")]
      blocks += recommended.map { optimizer, advice in
        .item("\(optimizer.title): \(advice.text)\(advice.isRequired ? " (required)" : ""). \(advice.why) [\(advice.source)]")
      }
    }
    return Explanation(
      kind: "option", id: facts.key, page: Page("\(facts.title) (optimizer.\(facts.key))", blocks),
      json: facts.json(kind: "option"))
  }

  static func setting(_ facts: SettingFacts) -> Explanation {
    Explanation(
      kind: "setting", id: facts.key, page: Page(facts.key, settingBlocks(facts)),
      json: facts.json(kind: "setting"))
  }

  private static func settingBlocks(_ facts: SettingFacts) -> [Page.Block] {
    var blocks: [Page.Block] = [.paragraph(facts.meaning)]
    if let more = facts.more { blocks.append(.paragraph(more)) }
    var type = facts.type.rawValue
    if facts.isNullable { type += " or null" }
    if let range = facts.range { type += ", \(range.words)" }
    blocks.append(.paragraph("type: \(type); missing means \(facts.defaultValue.literal)"))
    if let usual = facts.usual { blocks.append(.paragraph("usual: \(usual)")) }
    if !facts.choices.isEmpty { blocks.append(.paragraph("one of: " + facts.choices.joined(separator: ", "))) }
    return blocks
  }

  static func model(_ facts: ModelFacts) -> Explanation {
    var blocks: [Page.Block] = [
      .paragraph("parts: " + facts.parts.joined(separator: ", ")),
      .paragraph("trained by: " + facts.methods.joined(separator: ", ")),
    ]
    blocks += facts.methods.map { .item("\($0) is saved as " + facts.outputFormats($0).joined(separator: ", ")) }
    if !facts.layerFilterPresets.isEmpty {
      blocks += [
        .heading("Layer filters"),
        .table(
          ["preset", "patterns"],
          facts.layerFilterPresets.map { [$0.name, $0.patterns.isEmpty ? "all layers" : $0.patterns.joined(separator: ", ")] }),
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
      .paragraph("Configs and presets in JSON, config version \(facts.configVersion). Described as of \(facts.source)."),
      .paragraph(
        "\(facts.root.settings.count) settings, \(Catalogue.optimizers.count) optimizers with \(Catalogue.options.settings.count) options, \(Catalogue.schedulers.count) schedulers, \(Catalogue.models(of: "onetrainer").count) models."),
      .paragraph(
        "The interface and the command line read one file differently: --mode ui and --mode cli. Built-in presets, whose names begin with #, are read as the interface does."),
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
    String(String.UnicodeScalarView(marked.unicodeScalars.filter { !"⟪⟫⟦⟧".unicodeScalars.contains($0) }))
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension SettingValue {
  /// The same value to be written.
  var json: JSONValue {
    switch self {
    case .null: .null
    case .boolean(let flag): .boolean(flag)
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .collection: .null
    }
  }
}

extension SettingFacts {
  func json(kind: String) -> JSONValue {
    var entries: [JSONValue.Entry] = [
      .init("kind", .text(kind)), .init("key", .text(key)), .init("title", .text(title)),
      .init("type", .text(type.rawValue)), .init("nullable", .boolean(isNullable)),
      .init("default", defaultValue.json), .init("meaning", .text(meaning)),
    ]
    if let guideTitle { entries.append(.init("guideTitle", .text(guideTitle))) }
    if let usual { entries.append(.init("usual", .text(usual))) }
    if !choices.isEmpty { entries.append(.init("choices", .array(choices.map { .text($0) }))) }
    if kind == "option" {
      let readers = Catalogue.optimizers.compactMap { optimizer -> JSONValue? in
        guard let use = optimizer.use(in: "onetrainer")?[key] else { return nil }
        return [
          "optimizer": .text(optimizer.id), "default": use.tableDefault.json,
          "ignored": use.ignored.map { .text($0) } ?? .null,
        ]
      }
      entries.append(.init("optimizers", .array(readers)))
    }
    return .object(entries)
  }
}

extension OptimizerFacts {
  var json: JSONValue {
    [
      "kind": "optimizer", "id": .text(id), "title": .text(title), "family": .text(family),
      "summary": .text(summary), "adaptive": .boolean(isAdaptive), "scheduleFree": .boolean(isScheduleFree),
      "backends": .object(
        use(in: "onetrainer").map { use in
          [
            .init("onetrainer", [
              "name": .text(use.name), "library": .text(use.library),
              "libraryVersion": .text(use.libraryVersion), "class": .text(use.className),
              "fusedBackPass": .boolean(use.hasFusedBackPass),
              "stochasticRounding": .boolean(use.hasStochasticRounding),
              "options": .array(
                use.options.map { option in
                  [
                    "key": .text(option.key), "default": option.tableDefault.json,
                    "missing": Catalogue.options[option.key]?.defaultValue.json ?? .null,
                    "whenNull": option.whenNull?.json ?? .null,
                    "ignored": option.ignored.map { .text($0) } ?? .null,
                  ]
                }),
            ])
          ]
        } ?? []),
      "recommended": .array(
        recommendations.map { advice in
          [
            "option": .text(advice.option), "value": .text(advice.text), "why": .text(advice.why),
            "source": .text(advice.source), "required": .boolean(advice.isRequired),
            "when": advice.condition.map { .text($0) } ?? .null,
          ]
        }),
    ]
  }
}
