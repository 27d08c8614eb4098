import Knowledge
import Reporting
import SourceText

extension Explanation {
  /// An option of optimizers.
  static func option(_ facts: SettingFacts) -> Explanation {
    let isOneTrainers = Catalogue.options[facts.key] != nil
    var blocks = settingBlocks(facts, saysDefault: isOneTrainers)
    if let advice = Catalogue.advice(onOption: facts.key) {
      // After what it is, before what is exact.
      blocks.insert(contentsOf: advice.blocks, at: 1)
    }
    blocks += readersInOneTrainer(of: facts.key)
    blocks += otherReaders(of: facts.key)
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
    let path = isOneTrainers ? "optimizer.\(facts.key)" : facts.key
    return Explanation(
      kind: "option", id: facts.key,
      page: Page(title == facts.key ? path : "\(title) (\(path))", blocks),
      json: facts.json(kind: "option"))
  }

  private static func readersInOneTrainer(of key: String) -> [Page.Block] {
    let readers = Catalogue.optimizers.compactMap { optimizer in
      optimizer.use(in: "onetrainer")?[key].map { (optimizer, $0) }
    }
    guard !readers.isEmpty else { return [] }
    return [
      .heading("Optimizers that have it, and the value that OneTrainer's interface fills in"),
      .table(
        ["optimizer", "in the interface", "null means", "remark"],
        readers.map { optimizer, use in
          [
            optimizer.id, shown(use.tableDefault, ofOption: key), use.whenNull?.literal ?? "",
            use.ignored.map { "ignored: \($0)" } ?? "",
          ]
        }),
    ]
  }

  private static func otherReaders(of key: String) -> [Page.Block] {
    Catalogue.trainers.filter { $0 != "onetrainer" }.flatMap { trainer -> [Page.Block] in
      let uses = Catalogue.optimizers.flatMap { $0.uses(in: trainer) }
      let rows = uses.compactMap { use in
        use[key].map { option in
          [
            use.name, shown(option.tableDefault, ofOption: key),
            option.setting ?? (option.spelling == key ? "" : option.spelling), option.remark,
          ]
        }
      }
      guard !rows.isEmpty else { return [] }
      return [
        .heading("Optimizers of \(title(of: trainer)) that have it"),
        .table(["name", "unless given", "set by", "remark"], rows),
      ]
    }
  }

  /// A setting of a trainer's config.
  static func setting(
    _ facts: SettingFacts, in object: ObjectFacts, of backend: String
  ) -> Explanation {
    let isAlone = Catalogue.backendIDs.count == 1
    let places =
      (object.name == "config" ? [] : [object.title.lowercased()])
      + (isAlone ? [] : [title(of: backend)])
    let place = places.isEmpty ? "" : " (\(places.joined(separator: ", ")))"
    return Explanation(
      kind: "setting", id: facts.key, page: Page(facts.key + place, settingBlocks(facts)),
      json: facts.json(kind: "setting", of: backend))
  }

  private static func settingBlocks(
    _ facts: SettingFacts, saysDefault: Bool = true
  ) -> [Page.Block] {
    var blocks: [Page.Block] = [.paragraph(facts.meaning)]
    if let more = facts.more { blocks.append(.paragraph(more)) }
    var type = facts.type.rawValue
    if facts.isNullable { type += " or null" }
    if let range = facts.range { type += ", \(range.words)" }
    blocks.append(.item("type: \(type)"))
    if saysDefault, facts.defaultValue != .null || facts.isNullable {
      blocks.append(.item("left out: \(shown(facts.defaultValue, facts.type))"))
    }
    if let usual = facts.usual { blocks.append(.item("usual: \(usual)")) }
    if !facts.choices.isEmpty {
      blocks.append(.item("one of: " + facts.choices.joined(separator: ", ")))
    }
    return blocks
  }
}

extension Advice {
  var blocks: [Page.Block] {
    [.paragraph("Use it when: \(useWhen)")]
      + (avoidWhen.map { [.paragraph("Avoid it when: \($0)")] } ?? [])
  }
}

extension OptionUse {
  /// What is to be said of it beside its value; empty for nothing.
  var remark: String {
    [
      refused.map { "cannot be given: \($0)" }, ignored.map { "no effect: \($0)" },
      versions.since.map { "from \($0) on" }, versions.until.map { "until \($0)" },
    ].compactMap(\.self).joined(separator: "; ")
  }
}
