import Knowledge
import Plans
import SourceText

/// What the interface makes of one value when it loads a file.
///
/// kohya_ss 45088f04: `kohya_gui/common_gui.py:379-509` converts some of the numbers; the rest is what
/// its fields do (Gradio 6.17.3): check boxes take Python's truth of a value, text fields its text, and
/// lists refuse what is not in them when the run is started.
struct KohyaGUIReading {
  let tab: KohyaGUITab

  func read(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    let start = facts.defaultValue(onTab: tab.rawValue)
    if node.kind == .null { return .changed(start, because: "null keeps what the tab shows", nil) }
    guard !node.isCollection else {
      return .refused(
        ValueProblem(
          rule: .unreadableValue,
          message: "\(node.shown) does not fit '\(facts.key)', which takes \(facts.type.words)",
          severity: .error, consequence: .crashesAtStart))
    }
    return switch facts.type {
    case .boolean: flag(node, facts)
    case .integer, .number: number(node, facts, start)
    case .choice: choice(node, facts)
    default: .taken(.text(node.text))
    }
  }

  private func flag(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    guard node.kind == .string else { return .taken(.boolean(SettingValue(node).isTruthy)) }
    let meant: Bool? =
      switch node.text.lowercased() {
      case "true", "yes", "1": true
      case "false", "no", "0", "none": false
      default: nil
      }
    let counted = !node.text.isEmpty
    if meant == counted || !counted { return .taken(.boolean(counted)) }
    return .changed(
      .boolean(counted), because: "any text counts as true",
      ValueProblem(
        rule: .unreadableValue,
        message: "\(node.shown) counts as true: '\(facts.key)' takes true or false",
        why: "a check box is on for every text that is not empty", consequence: .changesTraining,
        proposal: meant.map { .boolean($0) }, safety: .unsafe))
  }

  // MARK: Numbers

  private func number(
    _ node: DocumentNode, _ facts: SettingFacts, _ start: SettingValue
  ) -> ValueReading {
    let isWhole = facts.type == .integer || facts.unreadable != nil && !facts.takesFraction
    let value: Double? =
      switch node.kind {
      case .boolean: node.text == "true" ? 1 : 0
      case .string: isWhole ? Number.parseInteger(node.text) : Number.parse(node.text)
      default: SettingValue(node).number
      }
    guard let value else {
      if node.text.allSatisfy(\.isWhitespace) {
        let number = facts.unreadable.map { SettingValue.number($0) } ?? start
        return .changed(number, because: "empty text counts as \(number.literal)", nil)
      }
      return unreadable(node, facts)
    }
    // Only where the interface converts it is a fraction cut off.
    let number = isWhole && facts.unreadable != nil ? value.rounded(.towardZero) : value
    if let problem = outOfRange(number, node, facts) { return .refused(problem) }
    return .taken(.number(number))
  }

  private func unreadable(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    let meant = Number.parse(node.text)
    let proposal = meant.flatMap { number -> SettingValue? in
      facts.type == .number || number == number.rounded() ? .number(number) : nil
    }
    guard let fallback = facts.unreadable else {
      return .refused(
        ValueProblem(
          rule: meant == nil ? .unreadableValue : .numberInText,
          message: "\(node.shown) is no \(facts.type == .integer ? "whole " : "")number",
          why: "the field keeps the text, and the run stops where it is counted with",
          severity: .error, consequence: .crashesAtStart, proposal: proposal))
    }
    let value = SettingValue.number(fallback)
    return .changed(
      value, because: "what is no number counts as \(value.literal)",
      ValueProblem(
        rule: meant == nil ? .unreadableValue : .numberInText,
        message: "\(node.shown) becomes \(value.literal): '\(facts.key)' takes \(facts.type.words)",
        why: meant == nil
          ? "the interface replaces what it cannot read without a word"
          : "text with a point is no whole number to Python, and the interface replaces it without a word",
        severity: .warning, consequence: .changesTraining, proposal: proposal))
  }

  private func outOfRange(
    _ number: Double, _ node: DocumentNode, _ facts: SettingFacts
  ) -> ValueProblem? {
    let only = facts.onlyNumbers
    if !only.isEmpty, !only.contains(number) {
      return ValueProblem(
        rule: .unknownName,
        message:
          "'\(facts.key)' takes \(only.map(Number.literal).joined(separator: ", ")), not \(node.text)",
        severity: .error, consequence: .crashesAtStart)
    }
    guard let range = facts.range, !range.contains(number) else { return nil }
    return ValueProblem(
      rule: .valueOutOfRange, message: "'\(facts.key)' takes \(range.words), not \(node.text)",
      severity: .warning, consequence: .changesTraining)
  }

  // MARK: Names

  private func choice(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    if facts.key == "xformers", node.kind == .boolean {
      return .taken(.text(node.text == "true" ? "xformers" : "none"))
    }
    if facts.key == "LoRA_type", node.text == "LoCon" { return .taken(.text("LyCORIS/LoCon")) }
    if facts.key == "save_model_as", tab == .lora || tab == .embedding,
      !["safetensors", "ckpt"].contains(node.text)
    {
      return .changed(
        .text("safetensors"), because: "adapters and embeddings are saved as safetensors or ckpt",
        nil)
    }
    if facts.choices.contains(node.text) || facts.defaultValue == .text(node.text) {
      return .taken(.text(node.text))
    }
    let nearest = Suggestion.allNearest(to: node.text, in: facts.choices)
    let hint =
      nearest.isEmpty
      ? "it takes \(facts.choices.joined(separator: ", "))"
      : "did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    return .changed(
      .text(node.text), because: "no such value",
      ValueProblem(
        rule: .unknownName, message: "'\(node.text)' is no value of '\(facts.key)': \(hint)",
        severity: .error, consequence: .crashesAtStart,
        proposal: nearest.count == 1 ? .text(nearest[0]) : nil))
  }
}
