import Knowledge
import Plans
import SourceText

/// What can be wrong with one item of `optimizer_config`.
enum OptimizerConfigChecks {
  typealias Item = OptimizerConfigText.Item

  static func form(
    _ item: Item, _ place: Int, _ items: [Item], _ config: SimpleTunerConfig,
    _ findings: inout Findings
  ) {
    guard let written = item.written else {
      withoutValue(item, place, items, config, &findings)
      return
    }
    let key = item.key.trimmed
    if key == "beta1" || key == "beta2" || key == "betas" {
      findings.report(
        key == "betas"
          ? "betas cannot be given here, as commas part the options: set optimizer_beta1 and optimizer_beta2"
          : "'\(key)' is no argument of an optimizer: set optimizer_beta1 and optimizer_beta2",
        at: key == "betas" ? item.valuePlace : item.keyPlace,
        severity: key == "betas" || stopsAtUnknown(config) ? .error : .warning,
        consequence: key == "betas" || stopsAtUnknown(config) ? .crashesAtStart : .silentlyIgnored)
      return
    }
    if item.key != key {
      let stops = stopsAtUnknown(config)
      findings.report(
        "the blank becomes part of the name: '\(item.key)' is no option", at: item.keyPlace,
        severity: stops ? .error : .warning,
        consequence: stops ? .crashesAtStart : .silentlyIgnored,
        fixes: [replacing(item.range.lowerBound..<keyEnd(item), with: key, config)])
    }
    if item.equals > 1 {
      findings.report(
        "what stands behind the second equals sign is lost: '\(key)' is '\(written)'",
        at: item.place, severity: .warning, consequence: .changesTraining)
    }
    checkValue(item, written, config, &findings)
  }

  private static func keyEnd(_ item: Item) -> Int { item.range.lowerBound + item.key.utf8.count }

  private static func withoutValue(
    _ item: Item, _ place: Int, _ items: [Item], _ config: SimpleTunerConfig,
    _ findings: inout Findings
  ) {
    let isEmpty = item.key.trimmed.isEmpty
    var fix: Fix?
    if isEmpty, items.count > 1 {
      let part =
        place > 0
        ? items[place - 1].range.upperBound..<item.range.upperBound
        : item.range.lowerBound..<items[1].range.lowerBound
      fix = replacing(part, with: "", config, "remove the comma")
    }
    let isTuple = place > 0 && items[..<place].last?.written?.hasPrefix("(") ?? false
    findings.report(
      isEmpty
        ? "a comma with nothing behind it stops the run"
        : isTuple
          ? "'\(item.key)' is taken for an option of its own: tuples cannot be written here"
          : "'\(item.key)' has no value: it takes key=value",
      at: item.place, fixes: [fix])
  }

  private static func checkValue(
    _ item: Item, _ written: String, _ config: SimpleTunerConfig, _ findings: inout Findings
  ) {
    guard let value = item.value else {
      findings.report(
        "'\(written)' is no number: a value with a point or e- has to be one", at: item.valuePlace)
      return
    }
    guard case .text(let text) = value else { return }
    let options = config.optimizer.use?.options(spelled: item.key.trimmed) ?? []
    guard let option = options.first, let type = option.facts?.type else { return }
    switch type {
    case .text, .choice, .object, .list, .map: return
    case .boolean, .integer, .number: break
    }
    let number = Number.parse(text)
    let plain = number.flatMap(plainNumber)
    let flag = type == .boolean ? SimpleTunerReading.flag(text) : nil
    let better = plain ?? flag.map { $0 ? "true" : "false" }
    findings.report(
      number != nil
        ? "'\(text)' stays a text: numbers here have a point, e- or plain digits"
        : "'\(text)' stays a text, and '\(item.key.trimmed)' takes "
          + (type == .boolean ? "true or false" : "a number"),
      at: item.valuePlace, consequence: .crashesAtFirstStep,
      fixes: [better.flatMap { replacing(item.valueRange, with: $0, config, "write \($0)") }])
  }

  /// In a form that is read as a number.
  private static func plainNumber(_ number: Double) -> String? {
    let literal = Number.literal(number)
    if OptimizerConfigText.value(literal) == .number(number) { return literal }
    let fraction = literal + ".0"
    return OptimizerConfigText.value(fraction) == .number(number) ? fraction : nil
  }

  private static func stopsAtUnknown(_ config: SimpleTunerConfig) -> Bool {
    config.optimizer.use?.unknownOptions == .refused
  }

  private static func replacing(
    _ part: Range<Int>, with text: String, _ config: SimpleTunerConfig, _ title: String? = nil
  ) -> Fix? {
    guard let node = config.root.entry("optimizer_config"),
      let edits = config.document.editor.replace(part: part, of: node, with: text)
    else { return nil }
    return Fix(title: title ?? "write \(text)", safety: .safe, edits: edits)
  }

  // MARK: Options

  static func option(
    _ item: Item, _ use: OptimizerUse, _ config: SimpleTunerConfig, _ findings: inout Findings
  ) {
    let key = item.key
    guard key == key.trimmed, !["beta1", "beta2", "betas"].contains(key) else { return }
    let cause = [config.optimizer.name.noted("has no such option")].compactMap(\.self)
    switch use.reading(of: key) {
    case .options: return
    case .refused(let why):
      findings.report(
        "'\(key)' cannot be given here", at: item.keyPlace, why: why,
        related: [config.optimizer.name.noted("is handed it by the trainer")].compactMap(\.self))
    case .unknown(let outcome):
      let names = use.options.map(\.argument)
      let near = Suggestion.nearest(to: key, in: names)
      let stops = outcome == .refused
      findings.report(
        "\(use.name) has no option '\(key)'" + (near.map { ": did you mean '\($0)'" } ?? ""),
        at: item.keyPlace, severity: stops ? .error : .warning,
        consequence: stops ? .crashesAtStart : .silentlyIgnored, related: cause,
        fixes: [
          near.flatMap {
            replacing(
              item.range.lowerBound..<keyEnd(item), with: $0, config, "write \($0)"
            ).map { Fix(title: $0.title, safety: stops ? .safe : .unsafe, edits: $0.edits) }
          }
        ])
    }
  }
}
