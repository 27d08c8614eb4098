import Knowledge
import Reporting
import SourceText

extension Explanation {
  /// An optimizer: in plain words first, then trainer by trainer.
  static func optimizer(_ facts: OptimizerFacts) -> Explanation {
    var blocks: [Page.Block] = [.paragraph(facts.summary)]
    if let text = facts.useWhen { blocks.append(.paragraph("Use it when: \(text)")) }
    if let text = facts.avoidWhen { blocks.append(.paragraph("Avoid it when: \(text)")) }
    if let band = facts.learningRate {
      let usual = band.usual.map { ", usually \(Number.literal($0))" } ?? ""
      let source = band.source.map { " [\($0)]" } ?? ""
      blocks += [
        .heading("Learning rate"),
        .paragraph(
          "\(Number.literal(band.low)) to \(Number.literal(band.high))\(usual). \(band.why)\(source)"
        ),
      ]
    }
    blocks += recommendations(of: facts)
    blocks += [.heading("Names"), names(of: facts)]
    blocks += namesakes(of: facts).map { .item($0) }
    blocks += OptionTable(facts).blocks
    blocks += [.heading("What it can do there")] + abilities(of: facts)
    if let formula = facts.formula {
      blocks.append(.heading("Formula"))
      blocks += Formula(formula).blocks(symbols: "Schemas/optimizer-symbols.json")
      if facts.trainers.flatMap(facts.uses).contains(where: { !$0.notes.isEmpty }) {
        blocks.append(
          .paragraph("Where a library does otherwise is said below, trainer by trainer."))
      }
    }
    blocks += memory(of: facts)
    if let line = eightBitForms(of: facts) { blocks.append(.paragraph(line)) }
    for trainer in facts.trainers { blocks += details(of: facts, in: trainer) }
    blocks += simulations(of: facts)
    if !facts.notes.isEmpty { blocks += [.heading("Notes")] + facts.notes.map { .item($0) } }
    if let paper = facts.paper {
      blocks += [.heading("Paper"), .paragraph("\(paper.title) <\(paper.url)>")]
    }
    return Explanation(
      kind: "optimizer", id: facts.id, page: Page(facts.title, blocks), json: facts.json)
  }

  private static func recommendations(of facts: OptimizerFacts) -> [Page.Block] {
    guard !facts.recommendations.isEmpty else { return [] }
    return [
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

  /// One row for each name of each trainer.
  private static func names(of facts: OptimizerFacts) -> Page.Block {
    let rows = Catalogue.trainers.flatMap { trainer -> [[String]] in
      let uses = facts.uses(in: trainer)
      if uses.isEmpty { return [[title(of: trainer), "–"]] }
      return uses.map { use in
        [
          title(of: trainer), use.name, use.needs.isEmpty ? "–" : use.needs.joined(separator: ", "),
          "\(use.library) \(use.libraryVersion)" + (use.isBroken == nil ? "" : "; does not run"),
        ]
      }
    }
    return .table(["trainer", "name", "to install", "library"], rows)
  }

  /// Names like this one that are another optimizer elsewhere.
  private static func namesakes(of facts: OptimizerFacts) -> [String] {
    let own = [plain(facts.id), plain(facts.title)]
    return Catalogue.trainers.flatMap { trainer -> [String] in
      Catalogue.optimizerNames(of: trainer).spellings.compactMap { name in
        guard own.contains(plain(name)),
          let other = Catalogue.optimizer(named: name, in: trainer)?.facts, other.id != facts.id
        else { return nil }
        return "what \(title(of: trainer)) calls \(name) is another one: \(other.id)"
      }
    }
  }

  private static func abilities(of facts: OptimizerFacts) -> [Page.Block] {
    let uses = facts.trainers.flatMap(facts.uses)
    let strict = uses.filter(\.needsEqualGroupRates)
    let table = Page.Block.table(
      ["trainer", "name", "fused back pass", "bfloat16 weights"],
      uses.map {
        [title(of: $0.backend), $0.name, $0.hasFusedBackPass ? "yes" : "no", $0.rounding]
      })
    guard !strict.isEmpty else { return [table] }
    let trainers = strict.map { title(of: $0.backend) }.unique
    return [
      table,
      .paragraph(
        "All trained parts need the same learning rate, or 0: \(trainers.joined(separator: ", "))."),
    ]
  }

  /// The same algorithm with its memory in 8 bits.
  private static func eightBitForms(of facts: OptimizerFacts) -> String? {
    guard let other = Catalogue.optimizer(facts.id + "_8BIT") else { return nil }
    let forms = other.trainers.map { trainer in
      "\(title(of: trainer)) "
        + other.uses(in: trainer).map(\.name).joined(separator: ", ")
    }
    return "With its memory in 8 bits (\(other.id)): \(forms.joined(separator: "; "))."
  }

  private static func details(of facts: OptimizerFacts, in trainer: String) -> [Page.Block] {
    let uses = facts.uses(in: trainer)
    guard let first = uses.first else { return [] }
    var blocks: [Page.Block] = [.heading("In \(title(of: trainer))")]
    if trainer == "onetrainer" {
      blocks.append(oneTrainerTable(first))
    } else {
      blocks += optionNotes(uses).map { .item($0) }
    }
    for use in uses {
      let name = uses.count > 1 ? "\(use.name): " : ""
      if !use.otherNames.isEmpty {
        blocks.append(.item("\(name)also written \(use.otherNames.joined(separator: ", "))"))
      }
      if let broken = use.isBroken { blocks.append(.item("\(name)does not run: \(broken)")) }
      blocks += use.notes.map { .item(name + $0) }
      blocks.append(.item("\(name)\(use.className) (\(use.source))"))
    }
    return blocks
  }

  /// The levels of OneTrainer's defaults.
  private static func oneTrainerTable(_ use: OptimizerUse) -> Page.Block {
    .table(
      ["option", "in the interface", "left out", "null means", "remark"],
      use.options.map { option in
        [
          option.key, shown(option.tableDefault, ofOption: option.key),
          Catalogue.options[option.key].map { shown($0.defaultValue, $0.type) } ?? "",
          option.whenNull?.literal ?? "", option.ignored ?? "",
        ]
      })
  }

  /// How options reach the library.
  private static func optionNotes(_ uses: [OptimizerUse]) -> [String] {
    guard let first = uses.first else { return [] }
    let names = Catalogue.optimizerNames(of: first.backend)
    var notes: [String] = []
    if let setting = names.optionsSetting {
      let fates = uses.map(\.unknownOptions).unique.map { fate in
        let own = uses.filter { $0.unknownOptions == fate }.map(\.name)
        return (own.count == uses.count ? "" : own.joined(separator: ", ") + ": ")
          + "one that the class does not have \(fate.words)"
      }
      notes.append("options stand in \(setting); \(fates.joined(separator: "; "))")
    }
    let options = OptionTable.merged(uses)
    let own = options.filter { $0.setting != nil && $0.ignored == nil }
    if !own.isEmpty {
      notes.append(
        "settings of their own: "
          + own.map { "\($0.setting ?? "") for \($0.key)" }.joined(separator: ", "))
    }
    let renamed = options.filter { $0.spelling != $0.key && $0.setting == nil }
    let arguments = renamed.map(\.argument).unique.map { argument in
      let keys = renamed.filter { $0.argument == argument }.map(\.key)
      return "\(keys.joined(separator: ", ")) \(keys.count > 1 ? "are" : "is") \(argument)"
    }
    if !arguments.isEmpty {
      let example = renamed.contains { $0.argument == "betas" } ? names.tupleExample : nil
      notes.append(
        "written there: " + arguments.joined(separator: "; ") + (example.map { " (\($0))" } ?? ""))
    }
    notes += options.filter { !$0.remark.isEmpty }.map { "\($0.key): \($0.remark)" }
    return notes
  }

  private static func simulations(of facts: OptimizerFacts) -> [Page.Block] {
    let all = Catalogue.simulations.filter { simulation in
      Catalogue.optimizer(named: simulation.name, in: simulation.backend)?.facts.id == facts.id
    }
    guard !all.isEmpty else { return [] }
    return [
      .heading("Run here"),
      .table(
        ["trainer", "name", "as", "remark"],
        all.map { simulation in
          let fixed = simulation.options.map { "\($0) \($1.literal)" }.sorted()
          return [
            title(of: simulation.backend), simulation.name,
            simulation.algorithm.map { ([$0] + fixed).joined(separator: ", ") } ?? "not simulated",
            simulation.remark,
          ]
        }),
    ]
  }
}

extension OptimizerFacts {
  /// The trainers that have it, in the usual order.
  var trainers: [String] { Catalogue.trainers.filter { !uses(in: $0).isEmpty } }
}

extension OptimizerUse {
  /// How it writes to bfloat16 weights.
  fileprivate var rounding: String {
    if hasStochasticRounding { return "rounds at random" }
    if roundsInFusedBackPass { return "rounds at random when fused" }
    return hasCompensatedSum ? "keeps the errors" : "rounds to nearest"
  }
}

extension UnknownOptions {
  fileprivate var words: String {
    switch self {
    case .refused: "stops the run"
    case .dropped: "is dropped with a warning"
    case .swallowed: "goes unnoticed"
    }
  }
}
