import Knowledge
import Plans
import SourceText

/// What sd-scripts makes of one value of its TOML file, which it takes as it stands: nothing is
/// converted, and what has the wrong type fails where it is used.
///
/// kohya sd-scripts 48d368fa, `library/train_util.py:4741-4764`; the settings of images go through a
/// schema all the same (`library/config_util.py:255-263`).
struct KohyaReading {
  let scripts: KohyaScripts

  func read(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    switch facts.type {
    case .boolean: flag(node, facts)
    case .integer: whole(node, facts)
    case .number: number(node, facts)
    case .text: text(node, facts)
    case .choice: choice(node, facts)
    case .list: list(node, facts)
    case .object, .map: .taken(SettingValue(node))
    }
  }

  // MARK: Yes and no

  private func flag(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    if node.kind == .boolean { return .taken(SettingValue(node)) }
    let key = facts.key
    let meant = Self.meantFlag(node)
    if facts.isStrict {
      return .refused(
        ValueProblem(
          rule: .unreadableValue,
          message: "\(node.shown) is neither true nor false: '\(key)' takes nothing else",
          why: "the settings of images go through a schema, which stops at any other type",
          severity: .error, consequence: .crashesAtStart, proposal: meant.map { .boolean($0) }))
    }
    let counted = SettingValue(node).isTruthy
    // 1 and 0 do what they say.
    if node.kind == .integer || node.kind == .float { return .taken(.boolean(counted)) }
    if node.kind == .string, meant == counted {
      return .odd(
        .boolean(counted),
        ValueProblem(
          rule: .unreadableValue, message: "\(node.shown) is text: '\(key)' takes true or false",
          why: "any text counts as true", severity: .info, consequence: .worthKnowing,
          proposal: .boolean(counted)))
    }
    return .changed(
      .boolean(counted), because: "any text counts as true",
      ValueProblem(
        rule: .unreadableValue,
        message: "\(node.shown) counts as \(counted): '\(key)' takes true or false",
        why: "the value is not converted, and Python takes every text that is not empty for true",
        consequence: .changesTraining, proposal: meant.map { .boolean($0) }, safety: .unsafe))
  }

  /// What was meant by something that is no flag.
  private static func meantFlag(_ node: DocumentNode) -> Bool? {
    switch (node.kind, node.text.lowercased()) {
    case (.string, "true"), (.string, "yes"), (.string, "on"), (.string, "1"), (.integer, "1"):
      true
    case (.string, "false"), (.string, "no"), (.string, "off"), (.string, "0"), (.string, "none"),
      (.integer, "0"):
      false
    default: nil
    }
  }

  // MARK: Numbers

  private func whole(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    let value = SettingValue(node)
    switch node.kind {
    case .integer: return checked(value, node, facts)
    case .boolean: return flagAsNumber(node, facts)
    case .float:
      let isWhole = value.number.map { $0 == $0.rounded() } ?? false
      if facts.takesFraction { return .taken(value) }
      return .refused(
        ValueProblem(
          rule: .numberInText,
          message: "\(node.shown) has a point: '\(facts.key)' takes a whole number",
          why: "the value is not converted, and Python counts with whole numbers here",
          severity: .error, consequence: .crashesAtStart, proposal: isWhole ? value : nil))
    case .string: return quoted(node, facts)
    default: return misfit(node, facts)
    }
  }

  /// A number that may have to be one of a few.
  private func checked(
    _ value: SettingValue, _ node: DocumentNode, _ facts: SettingFacts
  ) -> ValueReading {
    let only = facts.onlyNumbers
    // 75 tokens are what there is without the setting.
    guard !only.isEmpty, let number = value.number, !only.contains(number), number != 75 else {
      return .taken(value)
    }
    return .odd(
      value,
      ValueProblem(
        rule: .unknownName,
        message:
          "'\(facts.key)' takes \(only.map(Number.literal).joined(separator: ", ")), not \(node.shown)",
        why: "the command line would refuse it; from a file it is used unchecked",
        severity: .warning, consequence: .changesTraining))
  }

  private func number(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    switch node.kind {
    // Shares of images must be written with a point.
    case .integer where facts.isStrict && facts.key == "validation_split":
      return .refused(
        ValueProblem(
          rule: .unreadableValue,
          message: "'\(facts.key)' takes a number with a point: write \(node.text).0",
          why: "the settings of images go through a schema, which tells 0 from 0.0",
          severity: .error, consequence: .crashesAtStart, proposal: SettingValue(node)))
    case .integer, .float: return .taken(SettingValue(node))
    case .boolean: return flagAsNumber(node, facts)
    case .string: return quoted(node, facts)
    default: return misfit(node, facts)
    }
  }

  private func flagAsNumber(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    let value = SettingValue.number(node.text == "true" ? 1 : 0)
    return .changed(
      value, because: "Python counts true as 1",
      ValueProblem(
        rule: .unreadableValue,
        message: "\(node.text) counts as \(value.literal): '\(facts.key)' takes a number",
        why: "the value is not converted, and Python counts with true as 1 and false as 0",
        consequence: .changesTraining))
  }

  /// Text where a number belongs.
  private func quoted(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    let text = node.text
    let isShare = text.hasSuffix("%")
    let plain = isShare ? String(text.dropLast()) : text
    let number = Number.parse(plain).map { isShare ? $0 / 100 : $0 }
    let fits = number.map { facts.type == .number || $0 == $0.rounded() } ?? false
    return .refused(
      ValueProblem(
        rule: number == nil ? .unreadableValue : .numberInText,
        message: "\(node.shown) is text: '\(facts.key)' takes \(facts.type.words)",
        why: facts.isStrict
          ? "the settings of images go through a schema, which stops at any other type"
          : "the value is not converted, and Python cannot count with text",
        severity: .error, consequence: .crashesAtStart,
        proposal: fits ? number.map { .number($0) } : nil))
  }

  // MARK: Texts

  private func text(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    if node.kind == .string { return .taken(SettingValue(node)) }
    let meant: String? =
      switch node.kind {
      case .integer, .float: node.text
      case .sequence where facts.key == "resolution" || facts.key == "face_crop_aug_range":
        Self.joined(node)
      default: nil
      }
    return .refused(
      ValueProblem(
        rule: .unreadableValue, message: "\(node.shown) is no text: '\(facts.key)' takes text",
        why: facts.isStrict
          ? "the settings of images go through a schema, which stops at any other type"
          : "the value is not converted, and Python uses it as text",
        severity: .error, consequence: .crashesAtStart, proposal: meant.map { .text($0) }))
  }

  /// `[1024, 768]` as "1024,768".
  private static func joined(_ node: DocumentNode) -> String? {
    let parts = node.children.map { $0.kind == .integer || $0.kind == .float ? $0.text : nil }
    let known = parts.compactMap(\.self)
    return known.count == parts.count && (1...2).contains(known.count)
      ? known.joined(separator: ",") : nil
  }

  private func choice(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    guard node.kind == .string else { return text(node, facts) }
    let choices = facts.choices(in: scripts)
    if choices.contains(node.text) { return .taken(SettingValue(node)) }
    let nearest = Suggestion.allNearest(to: node.text, in: choices)
    let hint =
      nearest.isEmpty
      ? "it takes \(choices.joined(separator: ", "))"
      : "did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    let outcome = facts.otherwise
    let problem = ValueProblem(
      rule: .unknownName, message: "'\(node.text)' is no value of '\(facts.key)': \(hint)",
      why: outcome ?? "a file is not checked when it is read; the run stops where the name is used",
      severity: outcome == nil ? .error : .warning,
      consequence: outcome == nil ? .crashesAtStart : .changesTraining,
      proposal: nearest.count == 1 ? .text(nearest[0]) : nil,
      safety: outcome == nil ? .safe : .unsafe)
    return .changed(SettingValue(node), because: "no such value", problem)
  }

  // MARK: Lists

  private func list(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    let takesNumbers = facts.itemType == "number"
    switch node.kind {
    case .sequence:
      guard let odd = node.children.first(where: { !Self.fits($0, numbers: takesNumbers) }) else {
        return .taken(.collection)
      }
      return .refused(
        ValueProblem(
          rule: .unreadableValue,
          message:
            "\(odd.shown) is no \(takesNumbers ? "number" : "text"): '\(facts.key)' takes a list of \(takesNumbers ? "numbers" : "texts")",
          why:
            "the list is not converted, and its items are used as \(takesNumbers ? "numbers" : "text")",
          severity: .error, consequence: .crashesAtStart))
    case .integer where takesNumbers, .float where takesNumbers: return .taken(SettingValue(node))
    default:
      return .refused(
        ValueProblem(
          rule: .unreadableValue,
          message:
            "\(node.shown) is no list: '\(facts.key)' takes a list of \(takesNumbers ? "numbers" : "texts")",
          why: node.kind == .string
            ? "a text is walked through letter by letter, and no letter is an argument"
            : "it is walked through item by item", severity: .error, consequence: .crashesAtStart,
          literal: takesNumbers ? nil : Self.list(node)))
    }
  }

  /// The words of a text as a list.
  private static func list(_ node: DocumentNode) -> String? {
    guard node.kind == .string else { return nil }
    let words = node.text.split(separator: " ").map { JSONText.quoted(String($0)) }
    return "[\(words.joined(separator: ", "))]"
  }

  private static func fits(_ item: DocumentNode, numbers: Bool) -> Bool {
    numbers ? item.kind == .integer || item.kind == .float : item.kind == .string
  }

  private func misfit(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    .refused(
      ValueProblem(
        rule: .unreadableValue,
        message: "\(node.shown) does not fit '\(facts.key)', which takes \(facts.type.words)",
        why: "the value is not converted and fails where it is used", severity: .error,
        consequence: .crashesAtStart))
  }
}

extension SettingFacts {
  /// The names that all of these scripts accept.
  func choices(in scripts: KohyaScripts) -> [String] {
    let uneven = choicesByScript
    if uneven.isEmpty { return choices }
    let own = uneven.filter { !KohyaScripts(listed: $0.scripts).isDisjoint(with: scripts) }
    // What one of them accepts is no mistake as long as it is not known which one it is.
    return choices.filter { name in own.isEmpty || own.contains { $0.choices.contains(name) } }
  }

  /// The value a run has without the setting, as far as all of these scripts agree on it.
  func defaultValue(in scripts: KohyaScripts) -> SettingValue {
    let uneven = defaultsByScript
    if uneven.isEmpty { return defaultValue }
    let values = scripts.scripts.map { script in
      uneven.first { KohyaScripts(listed: $0.scripts).contains(KohyaScripts([script])) }?.value
        ?? defaultValue
    }
    return Set(values).count == 1 ? values[0] : defaultValue
  }

  /// The scripts that read it.
  var readers: KohyaScripts { KohyaScripts(listed: scripts) }
}
