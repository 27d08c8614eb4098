import Knowledge
import SourceText

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
    if let more { entries.append(.init("more", .text(more))) }
    if let range { entries.append(.init("range", .object(range.entries))) }
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

extension Bounds {
  /// With the names of JSON Schema.
  var entries: [JSONValue.Entry] {
    [
      minimum.map { .init("minimum", .number($0)) },
      maximum.map { .init("maximum", .number($0)) },
      exclusiveMinimum.map { .init("exclusiveMinimum", .number($0)) },
      exclusiveMaximum.map { .init("exclusiveMaximum", .number($0)) },
    ].compactMap(\.self)
  }
}

extension OptimizerFacts {
  var json: JSONValue {
    [
      "kind": "optimizer", "id": .text(id), "title": .text(title), "family": .text(family),
      "summary": .text(summary), "adaptive": .boolean(isAdaptive),
      "scheduleFree": .boolean(isScheduleFree),
      "backends": .object(
        use(in: "onetrainer").map { use in
          [
            .init(
              "onetrainer",
              [
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
