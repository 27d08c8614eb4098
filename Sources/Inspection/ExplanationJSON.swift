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
  /// - Parameter backend: The trainer whose setting it is; nil for options, which all may have.
  func json(kind: String, of backend: String? = nil) -> JSONValue {
    var entries: [JSONValue.Entry] = [
      .init("kind", .text(kind)), .init("key", .text(key)), .init("title", .text(title)),
      .init("type", .text(type.rawValue)), .init("nullable", .boolean(isNullable)),
      .init("default", defaultValue.json), .init("meaning", .text(meaning)),
    ]
    if let backend { entries.append(.init("backend", .text(backend))) }
    if kind == "option", let advice = Catalogue.advice(onOption: key) {
      entries.append(.init("useWhen", .text(advice.useWhen)))
      if let avoid = advice.avoidWhen { entries.append(.init("avoidWhen", .text(avoid))) }
    }
    if let more { entries.append(.init("more", .text(more))) }
    if let range { entries.append(.init("range", .object(range.entries))) }
    if let guideTitle { entries.append(.init("guideTitle", .text(guideTitle))) }
    if let usual { entries.append(.init("usual", .text(usual))) }
    if !choices.isEmpty { entries.append(.init("choices", .array(choices.map { .text($0) }))) }
    if kind == "option" {
      let uses = Catalogue.trainers.flatMap { trainer in
        Catalogue.optimizers.flatMap { optimizer in
          optimizer.uses(in: trainer).compactMap { use in use[key].map { (optimizer, use, $0) } }
        }
      }
      let readers = uses.map { optimizer, use, option -> JSONValue in
        .object(
          [
            .init("optimizer", .text(optimizer.id)), .init("backend", .text(use.backend)),
            .init("name", .text(use.name)),
          ] + option.entries)
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
      "summary": .text(summary), "useWhen": useWhen.map { .text($0) } ?? .null,
      "avoidWhen": avoidWhen.map { .text($0) } ?? .null, "adaptive": .boolean(isAdaptive),
      "scheduleFree": .boolean(isScheduleFree),
      "signBased": .boolean(isSignBased),
      "backends": .object(
        trainers.map { trainer in
          .init(trainer, .array(uses(in: trainer).map(\.json)))
        }),
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

extension OptimizerUse {
  fileprivate var json: JSONValue {
    [
      "name": .text(name), "otherNames": .array(otherNames.map { .text($0) }),
      "library": .text(library), "libraryVersion": .text(libraryVersion),
      "class": .text(className), "source": .text(source),
      "needs": .array(needs.map { .text($0) }), "broken": isBroken.map { .text($0) } ?? .null,
      "fusedBackPass": .boolean(hasFusedBackPass),
      "stochasticRounding": .boolean(hasStochasticRounding),
      "equalGroupRates": .boolean(needsEqualGroupRates),
      "unknownOptions": .text(unknownOptions.rawValue),
      "notes": .array(notes.map { .text($0) }),
      "options": .array(
        options.map { .object([.init("key", .text($0.key))] + $0.entries) }),
    ]
  }
}

extension OptionUse {
  /// Everything but its key; what is usual is left out.
  fileprivate var entries: [JSONValue.Entry] {
    var entries: [JSONValue.Entry] = [.init("default", tableDefault.json)]
    if spelling != key { entries.append(.init("argument", .text(spelling))) }
    if let setting { entries.append(.init("setting", .text(setting))) }
    if libraryDefault != tableDefault {
      entries.append(.init("libraryDefault", libraryDefault.json))
    }
    if let whenNull { entries.append(.init("whenNull", whenNull.json)) }
    entries.append(.init("ignored", ignored.map { .text($0) } ?? .null))
    if let refused { entries.append(.init("refused", .text(refused))) }
    return entries
  }
}
