import Knowledge
import Reporting
import SourceText

extension Explanation {
  /// A trainer: its config where that is described, and its optimizers and schedules.
  static func backend(_ id: String) -> Explanation {
    let facts = Catalogue.backendIDs.contains(id) ? Catalogue.backend(id) : nil
    let names = Catalogue.optimizerNames(of: id)
    let optimizers = Catalogue.optimizers(of: id)
    let schedulers = Catalogue.schedulers.flatMap { $0.uses(in: id) }
    var blocks: [Page.Block] = []
    if let advice = Catalogue.advice(onBackend: id) {
      blocks = [.paragraph(advice.summary ?? "")] + advice.blocks
    }
    if let facts {
      let version = facts.configVersion > 0 ? ", config version \(facts.configVersion)" : ""
      blocks.append(.paragraph("Described as of \(facts.source)\(version)."))
    }
    var counts = facts.map { ["\($0.settingCount) settings"] } ?? []
    if !optimizers.isEmpty {
      let spellings = optimizers.flatMap { $0.uses(in: id) }.count
      counts.append(
        spellings == optimizers.count
          ? "\(optimizers.count) optimizers"
          : "\(optimizers.count) optimizers under \(spellings) names")
    }
    if id == "onetrainer" { counts.append("\(Catalogue.options.settings.count) options of theirs") }
    if !schedulers.isEmpty { counts.append("\(schedulers.count) schedulers") }
    let models = Catalogue.models(of: id)
    if !models.isEmpty { counts.append("\(models.count) models") }
    blocks.append(.paragraph(counts.joined(separator: ", ") + "."))
    if id == "onetrainer" {
      blocks.append(
        .paragraph(
          """
          The interface and the command line read one file differently: --mode ui and --mode cli. \
          Built-in presets, whose names begin with #, are read as the interface does.
          """
        ))
    }
    if let setting = names.optionsSetting {
      blocks.append(.paragraph("Options of an optimizer stand in \(setting)."))
    }
    if id != "onetrainer", !optimizers.isEmpty {
      blocks += [
        .heading("Optimizers"),
        .table(
          ["optimizer", "names"],
          optimizers.map { facts in
            [facts.id, facts.uses(in: id).map(\.name).joined(separator: ", ")]
          }),
        .heading("Schedulers"),
        .table(
          ["scheduler", "what it does"],
          Catalogue.schedulers.flatMap { facts in
            facts.uses(in: id).map {
              [$0.name, $0.isBroken.map { "broken: \($0)" } ?? facts.summary]
            }
          }),
      ]
    }
    return Explanation(
      kind: "backend", id: id, page: Page(facts?.title ?? title(of: id), blocks),
      json: [
        "kind": "backend", "id": .text(id), "title": .text(facts?.title ?? title(of: id)),
        "configVersion": .integer(facts?.configVersion ?? 0), "source": .text(facts?.source ?? ""),
        "optimizers": .array(
          optimizers.flatMap { $0.uses(in: id) }.map { .text($0.name) }),
        "schedulers": .array(schedulers.map { .text($0.name) }),
      ])
  }
}
