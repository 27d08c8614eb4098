import Knowledge
import Reporting
import SourceText

extension Explanation {
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
}
