import Knowledge
import Reporting
import SourceText

extension Explanation {
  static func scheduler(_ facts: SchedulerFacts) -> Explanation {
    var blocks: [Page.Block] = [
      .paragraph(facts.summary), .paragraph("Use it when: \(facts.useWhen)"),
      .paragraph("Avoid it when: \(facts.avoidWhen)"),
    ]
    blocks.append(.heading("Formula"))
    blocks += Formula(facts.formula).blocks(symbols: "Schemas/schedulers.json")
    blocks += [.heading("Details"), .item("at the end of the run: \(facts.endsAt)")]
    blocks += facts.notes.map { .item($0) }
    for use in Catalogue.trainers.flatMap(facts.uses) {
      blocks.append(.heading("\(title(of: use.backend)): \(use.name)"))
      if let broken = use.isBroken { blocks.append(.item("does not work: \(broken)")) }
      if let own = use.formula { blocks.append(.item("formula: \(own)")) }
      let settings = use.settings.map { "\($0.key) (\($0.symbol))" }
      blocks.append(
        .item("settings it reads: \(settings.isEmpty ? "none" : settings.joined(separator: ", "))"))
      if let end = use.endsAt { blocks.append(.item("at the end of the run: \(end)")) }
      blocks += use.notes.map { .item($0) }
      blocks.append(.item("source: \(use.source)"))
    }
    return Explanation(
      kind: "scheduler", id: facts.id, page: Page(facts.title, blocks), json: facts.json)
  }
}

extension SchedulerFacts {
  var json: JSONValue {
    [
      "kind": "scheduler", "id": .text(id), "title": .text(title), "summary": .text(summary),
      "useWhen": .text(useWhen), "avoidWhen": .text(avoidWhen), "formula": .text(formula),
      "endsAt": .text(endsAt),
      "backends": .object(
        Catalogue.trainers.compactMap { trainer in
          let uses = uses(in: trainer)
          return uses.isEmpty ? nil : .init(trainer, .array(uses.map(\.json)))
        }),
    ]
  }
}

extension SchedulerUse {
  fileprivate var json: JSONValue {
    [
      "name": .text(name), "formula": formula.map { .text($0) } ?? .null,
      "settings": .object(settings.map { .init($0.symbol, .text($0.key)) }),
      "endsAt": endsAt.map { .text($0) } ?? .null, "broken": isBroken.map { .text($0) } ?? .null,
      "notes": .array(notes.map { .text($0) }), "source": .text(source),
    ]
  }
}
