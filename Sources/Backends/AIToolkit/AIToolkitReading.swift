import Knowledge
import Optimizers
import Plans
import SourceText

/// What ai-toolkit makes of a value: nothing is checked or converted when the file is read, so that a
/// value of the wrong type goes wherever the setting is used (27a03a9, toolkit/config_modules.py).
struct AIToolkitReading: Sendable {
  let context: AIToolkitContext

  func callAsFunction(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    switch LoadedValue(node) {
    case .fromEnvironment: .unknown(because: "the environment says it")
    case .date: date(node)
    case .list, .mapping: collection(node, facts)
    case .scalar(.none): nothing(facts)
    case .scalar(let value):
      switch facts.type {
      case .boolean: boolean(value, node, facts)
      case .integer, .number: number(value, node, facts)
      case .text: text(value, node, facts)
      case .choice: name(value, node, facts)
      case .object, .list, .map: noCollection(value, node, facts)
      }
    }
  }

  // MARK: What fits no type

  private func date(_ node: DocumentNode) -> ValueReading {
    .refused(
      ValueProblem(
        rule: .unreadableValue, message: "\(node.text) is a date to YAML: a text needs quotes",
        why: "the whole file is written as JSON after it is read, which knows no dates",
        severity: .error, consequence: .crashesAtLoad, proposal: .text(node.text)))
  }

  /// A key with nothing behind it hands on None, where a missing key would have had its default.
  private func nothing(_ facts: SettingFacts) -> ValueReading {
    if facts.isNullable { return .taken(.null) }
    if facts.type == .boolean {
      guard facts.defaultValue == .boolean(true) else { return .taken(.boolean(false)) }
      return .changed(
        .boolean(false), because: "left empty",
        ValueProblem(
          rule: .unreadableValue,
          message:
            "nothing stands behind '\(facts.key)', which switches it off: left out, it is on",
          why: "an empty value is no missing one: it counts as false", severity: .warning,
          consequence: .changesTraining, proposal: .boolean(true), safety: .unsafe))
    }
    guard let breaks = facts.breaks else { return .taken(.null) }
    return .refused(
      ValueProblem(
        rule: .unreadableValue,
        message: "nothing stands behind '\(facts.key)', which takes \(facts.type.words)",
        why: "an empty value is handed on as None, and the default is for missing keys alone",
        severity: .error, consequence: breaks, removes: true))
  }

  private func collection(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    let isList = node.kind == .sequence
    switch facts.type {
    case .list where isList:
      if facts.object != nil, let odd = node.children.first(where: { $0.kind != .mapping }) {
        return refused("'\(facts.key)' takes mappings, and \(odd.shown) is none", facts)
      }
      return .taken(.collection)
    case .object where !isList, .map where !isList: return .taken(.collection)
    default:
      if facts.alsoTakes.contains(isList ? .list : .object) { return .taken(.collection) }
      return refused("\(node.shown) does not fit '\(facts.key)', which takes \(facts.words)", facts)
    }
  }

  private func noCollection(
    _ value: PythonValue, _ node: DocumentNode, _ facts: SettingFacts
  ) -> ValueReading {
    if case .text = value {
      if facts.alsoTakes.contains(.text) { return .taken(value.setting) }
      if facts.type == .list, facts.object == nil {
        return .changed(
          .collection, because: "read letter by letter",
          ValueProblem(
            rule: .unreadableValue,
            message: "'\(facts.key)' takes a list: one text is read letter by letter",
            why: "Python goes through a text as through a list, one letter at a time",
            severity: .warning, consequence: .changesTraining))
      }
    }
    if facts.alsoTakes.contains(value.type) { return .taken(value.setting) }
    return refused("\(node.shown) does not fit '\(facts.key)', which takes \(facts.words)", facts)
  }

  // MARK: Yes or no

  private func boolean(
    _ value: PythonValue, _ node: DocumentNode, _ facts: SettingFacts
  ) -> ValueReading {
    guard case .text(let text) = value, !text.isEmpty else {
      return .taken(.boolean(value.setting.isTruthy))
    }
    let meant: Bool? =
      switch text.lowercased() {
      case "true", "yes", "on", "1": true
      case "false", "no", "off", "0", "none", "null": false
      default: nil
      }
    let problem = ValueProblem(
      rule: .unreadableValue,
      message: "\(node.shown) is a text and counts as true: '\(facts.key)' takes true or false",
      why: "any text that is not empty counts as true, also \"false\"",
      severity: meant == true ? .info : .warning,
      consequence: meant == true ? .worthKnowing : .changesTraining,
      proposal: meant.map { .boolean($0) }, safety: meant == true ? .safe : .unsafe)
    return meant == true
      ? .odd(.boolean(true), problem)
      : .changed(.boolean(true), because: "a text counts as true", problem)
  }

  // MARK: Numbers

  private func number(
    _ value: PythonValue, _ node: DocumentNode, _ facts: SettingFacts
  ) -> ValueReading {
    switch value {
    case .whole: return .taken(value.setting)
    case .real(let number):
      if number.isNaN {
        return refused("\(node.shown) is no number: '\(facts.key)' takes one", facts)
      }
      guard facts.type == .integer, !facts.alsoTakes.contains(.number) else {
        return .taken(.number(number))
      }
      return fraction(number, node, facts)
    case .flag(let flag):
      return .odd(
        .number(flag ? 1 : 0),
        ValueProblem(
          rule: .unreadableValue,
          message: "\(node.shown) counts as \(flag ? 1 : 0): '\(facts.key)' takes a number",
          why: "true is 1 and false is 0 in Python", severity: .warning,
          consequence: .changesTraining))
    case .text(let text):
      if facts.alsoTakes.contains(.text) { return .taken(.text(text)) }
      return quoted(text, node, facts)
    case .none, .list: return .taken(.null)
    }
  }

  private func fraction(
    _ number: Double, _ node: DocumentNode, _ facts: SettingFacts
  ) -> ValueReading {
    let isWhole = number == number.rounded() && abs(number) < 1e15
    let problem = ValueProblem(
      rule: .numberInText,
      message: isWhole
        ? "\(node.shown) is a fraction to Python, \(PythonValue.real(number)): '\(facts.key)' takes a whole number"
        : "\(node.shown) is a fraction: '\(facts.key)' takes a whole number",
      why: "a number with a point or an exponent is no whole number, and nothing makes it one",
      severity: facts.breaks == nil ? .info : .error,
      consequence: facts.breaks ?? .worthKnowing,
      proposal: isWhole ? .number(number) : nil)
    return facts.breaks == nil ? .odd(.number(number), problem) : .refused(problem)
  }

  private func quoted(_ text: String, _ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    let number = Number.parse(text).flatMap { $0.isFinite ? $0 : nil }
    if facts.convertsText {
      guard let number else {
        return .refused(
          ValueProblem(
            rule: .unreadableValue,
            message: "\(node.shown) is no number: '\(facts.key)' takes one",
            why: "float() is asked for a number and raises an error", severity: .error,
            consequence: .crashesAtLoad))
      }
      return .odd(
        .number(number),
        ValueProblem(
          rule: .numberInText, message: "\(node.shown) is read as \(Number.literal(number))",
          why: "this setting alone is handed to float(), others keep the text",
          proposal: .number(number)))
    }
    return .refused(
      ValueProblem(
        rule: .unreadableValue,
        message: number == nil
          ? "\(node.shown) is no number: '\(facts.key)' takes one"
          : "\(node.shown) is a text: '\(facts.key)' takes a number without quotes",
        why: "text stays text, and Python cannot compute with it",
        severity: facts.breaks == nil ? .warning : .error,
        consequence: facts.breaks ?? .changesTraining, proposal: number.map { .number($0) }))
  }

  // MARK: Texts and names

  private func text(
    _ value: PythonValue, _ node: DocumentNode, _ facts: SettingFacts
  ) -> ValueReading {
    if case .text = value { return .taken(value.setting) }
    if facts.alsoTakes.contains(value.type) { return .taken(value.setting) }
    let message = "\(node.shown) is \(value.words): '\(facts.key)' takes a text, in quotes"
    guard let breaks = facts.breaks else {
      return .odd(
        .text(node.text),
        ValueProblem(
          rule: .unreadableValue, message: message,
          why: "nothing makes it a text, and what joins or searches it as one fails",
          severity: .info, consequence: .worthKnowing, proposal: .text(node.text)))
    }
    return .refused(
      ValueProblem(
        rule: .unreadableValue, message: message,
        why: "the program joins and searches it as a text", severity: .error, consequence: breaks,
        proposal: .text(node.text)))
  }

  private func name(
    _ value: PythonValue, _ node: DocumentNode, _ facts: SettingFacts
  ) -> ValueReading {
    guard case .text(let text) = value else {
      // `off` is false to YAML.
      return refused("\(node.shown) is \(value.words): '\(facts.key)' takes a name", facts)
    }
    if context.knows(text, of: facts) { return .taken(.text(text)) }
    let (severity, consequence) = context.outcome(ofUnknown: text, of: facts)
    let nearest = Suggestion.allNearest(to: text, in: facts.choices)
    let accepted =
      nearest.isEmpty
      ? "it takes " + facts.choices.prefix(8).joined(separator: ", ")
        + (facts.choices.count > 8 ? " and \(facts.choices.count - 8) more" : "")
      : "did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    return .changed(
      .text(text), because: "no known name",
      ValueProblem(
        rule: .unknownName, message: "'\(text)' is no value of '\(facts.key)': \(accepted)",
        why: facts.unknownName?.why, severity: severity, consequence: consequence,
        proposal: nearest.first.map { .text($0) },
        safety: nearest.count == 1 && severity == .error ? .safe : .unsafe))
  }

  private func refused(_ message: String, _ facts: SettingFacts) -> ValueReading {
    .refused(
      ValueProblem(
        rule: .unreadableValue, message: message,
        why: "nothing is checked when the file is read: the value goes where the setting is used",
        severity: facts.breaks == nil ? .warning : .error,
        consequence: facts.breaks ?? .changesTraining))
  }
}

extension PythonValue {
  var type: SettingType {
    switch self {
    case .none, .text: .text
    case .flag: .boolean
    case .whole: .integer
    case .real: .number
    case .list: .list
    }
  }

  /// After "is ".
  fileprivate var words: String {
    switch self {
    case .none: "nothing"
    case .flag(let flag): "a \(flag ? "yes" : "no")"
    case .whole, .real: "a number"
    case .text: "a text"
    case .list: "a list"
    }
  }
}

extension SettingFacts {
  /// After "takes ".
  fileprivate var words: String {
    ([type] + alsoTakes).map(\.words).joined(separator: " or ")
  }
}
