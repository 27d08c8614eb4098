import Knowledge
import Plans
import SourceText

/// What argparse makes of a value (SimpleTuner bc8e6ab7 `helpers/configuration/cmd_args.py:393-543`).
struct SimpleTunerReading: Sendable {
  let backend: BackendFacts
  let isEnvironment: Bool
  private let serialized: Set<String>
  private let keepsEmpty: Set<String>

  init(_ backend: BackendFacts, isEnvironment: Bool) {
    self.backend = backend
    self.isEnvironment = isEnvironment
    serialized = Set(backend.names(in: "lists", of: "serialized") ?? [])
    keepsEmpty = Set(backend.names(in: "lists", of: "keepsEmpty") ?? [])
  }

  func argument(_ node: DocumentNode, _ facts: SettingFacts) -> CommandLineValue {
    if let whole = translated(node) { return whole }
    return CommandLineValue(
      node, isSerialized: serialized.contains(facts.key),
      keepsEmpty: keepsEmpty.contains(facts.key), isEnvironment: isEnvironment)
  }

  /// What goes by an older name is passed on whole, whatever it is (`cli_utils.py:70-147`); nil for
  /// other entries.
  private func translated(_ node: DocumentNode) -> CommandLineValue? {
    guard !isEnvironment, let key = node.key else { return nil }
    let plain = SimpleTunerKeys.plain(key)
    guard plain != "fused_qkv_projections", backend.root[plain] == nil,
      backend.names(in: "otherNames", of: plain) != nil
    else { return nil }
    switch node.kind {
    case .boolean: return .text(node.text == "true" ? "True" : "False")
    case .string: return node.text.trimmed.isEmpty ? .absent : .text(node.text.trimmed)
    case .mapping, .sequence: return .text(node.sourceText)
    case .null, .integer, .float, .plain, .dateTime: return nil
    }
  }

  func read(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    if isEnvironment, let reading = environment(node, facts) { return reading }
    switch argument(node, facts) {
    case .absent: return .taken(facts.defaultValue)
    case .unknown: return .unknown(because: "the environment fills the placeholder")
    case .dropped(.falseText): return falseText(facts)
    case .dropped(.object): return object(node, facts)
    case .bare: return bare(facts)
    case .text(let text): return convert(text, facts, as: writing(node, facts, text))
    case .last(let text, let count):
      let reading = convert(text, facts, as: writing(node, facts, text))
      guard case .taken(let value) = reading else { return reading }
      return .changed(
        value, because: "the last of \(count)",
        ValueProblem(
          rule: .unreadableValue,
          message: "of the \(count) values of '\(facts.key)' only the last counts: \(value.words)",
          why:
            "a list is passed on as one argument for each element, and the parser keeps the last",
          consequence: .silentlyIgnored))
    }
  }

  /// What only a `config.env` has: variables of the shell, words that are added, an option that its
  /// variable names whole, and one that goes to accelerate instead.
  private func environment(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading? {
    let text = node.text.trimmed
    if text.contains("$") || node.isAppending { return .unknown(because: "the shell fills it in") }
    if facts.key == "dynamo_backend" {
      let name = text.lowercased()
      return facts.choices.contains(name)
        ? .taken(.text(name)) : .unknown(because: "accelerate reads it")
    }
    guard let value = SimpleTunerKeys(backend: backend).option(ofVariable: node.key ?? "")?.value
    else { return nil }
    // `USE_BITFIT=true` is `--layer_freeze_strategy=bitfit`.
    switch text.lowercased() {
    case "true": return .taken(.text(value))
    case "false": return .taken(facts.defaultValue)
    default:
      return refused(facts, "'\(node.key ?? "")' takes true or false, not '\(text)'")
    }
  }

  /// A text that is dropped: harmless where the default is the same.
  private func falseText(_ facts: SettingFacts) -> ValueReading {
    let fallback = facts.defaultValue
    if facts.isRequired {
      return refused(
        facts, "\"false\" in quotes is dropped: nothing is given for '\(facts.key)'",
        why: "a text that says false is left out of the command line, and the run stops without it")
    }
    if !fallback.isTruthy { return .taken(facts.type == .boolean ? .boolean(false) : fallback) }
    return .changed(
      fallback, because: "the text is dropped",
      ValueProblem(
        rule: .unreadableValue,
        message: "\"false\" in quotes is dropped: '\(facts.key)' stays \(fallback.words)",
        why: "a text that says false is left out of the command line, and the default counts",
        consequence: .silentlyIgnored,
        proposal: facts.type == .boolean && !isEnvironment ? .boolean(false) : nil,
        safety: .unsafe))
  }

  private func object(_ node: DocumentNode, _ facts: SettingFacts) -> ValueReading {
    if facts.isRequired {
      return refused(
        facts, "an object is dropped here: nothing is given for '\(facts.key)'",
        why: "objects are left out of the command line, and the run stops without it")
    }
    return .changed(
      facts.defaultValue, because: "objects are dropped",
      ValueProblem(
        rule: .unreadableValue,
        message: "an object is dropped here: '\(facts.key)' takes JSON as a text, or a path",
        why: "only a few options are passed on as JSON; other objects are left out without a word",
        consequence: .silentlyIgnored,
        proposal: facts.type == .text && node.source.path.hasSuffix(".json")
          ? .text(node.compactText) : nil,
        safety: .unsafe))
  }

  /// How a value is written, for messages and proposals.
  struct Writing {
    var shown: String
    /// Whether the option goes by its full name, which some normalisations ask for.
    var hasFullName: Bool
    /// Whether it is a number without quotes.
    var isNumber = false
  }

  private func writing(
    _ node: DocumentNode, _ facts: SettingFacts, _ text: String
  ) -> Writing {
    Writing(
      shown: node.isCollection ? "'\(text)'" : SettingValue(node).words,
      hasFullName: isEnvironment
        || node.key.map { SimpleTunerKeys.plain($0) == facts.key } ?? false,
      isNumber: node.kind == .integer)
  }

  func bare(_ facts: SettingFacts) -> ValueReading {
    if facts.type == .boolean { return .taken(.boolean(true)) }
    return refused(facts, "'\(facts.key)' needs a value: true is passed on as none")
  }

  /// What becomes of `--key=text`.
  func convert(_ text: String, _ facts: SettingFacts, as writing: Writing) -> ValueReading {
    let shown = writing.shown
    switch facts.type {
    case .boolean:
      if let flag = Self.flag(text) { return .taken(.boolean(flag)) }
      if facts.alsoTakes.contains(.text) { return .taken(.text(text)) }
      return refused(facts, "'\(facts.key)' takes true or false, not \(shown)")
    case .integer:
      if let number = Number.parseInteger(text) { return .taken(.number(number)) }
      let number = Number.parse(text)
      let whole = number.flatMap { $0.isFinite && $0 == $0.rounded() ? $0 : nil }
      return refused(
        facts, "'\(facts.key)' takes whole numbers only, not \(shown)",
        why: number == nil ? nil : Self.wholeNumbersOnly, proposal: whole.map { .number($0) })
    case .number:
      if let number = Number.parse(text) { return .taken(.number(number)) }
      return refused(facts, "'\(facts.key)' takes a number, not \(shown)")
    case .choice: return choice(text, facts, writing)
    case .text, .object, .list, .map: return .taken(.text(text))
    }
  }

  static let wholeNumbersOnly = """
    an option whose default is a whole number, or none, is read with int(), which refuses fractions \
    and exponents
    """

  /// `_parse_bool_flag`.
  static func flag(_ text: String) -> Bool? {
    switch text.trimmed.lowercased() {
    case "1", "true", "yes", "y", "on": true
    case "0", "false", "no", "n", "off": false
    default: nil
    }
  }

  private func choice(
    _ text: String, _ facts: SettingFacts, _ writing: Writing
  ) -> ValueReading {
    let shown = writing.shown
    let name = writing.hasFullName ? Self.normalized(text, facts) : text
    if facts.choices.contains(name) { return .taken(.text(name)) }
    let meant = meant(name, facts)
    // A guess that changes the run is shown and not taken.
    let proposal = meant.map { name in
      writing.isNumber ? Double(name).map(SettingValue.number) ?? .text(name) : .text(name)
    }
    let list =
      facts.choices.count <= 8
      ? "it takes \(facts.choices.joined(separator: ", "))"
      : "it takes none of that name"
    return .refused(
      ValueProblem(
        rule: .unknownName,
        message: meant.map { "\(shown) is no '\(facts.key)': did you mean '\($0)'" }
          ?? "\(shown) is no '\(facts.key)': \(list)",
        why: "names are compared letter by letter, and others stop the run",
        severity: .error, consequence: .crashesAtLoad, proposal: proposal,
        safety: meant.map { Self.isSameName($0, name) } ?? false ? .safe : .unsafe))
  }

  /// `cmd_args.py:577-618`.
  private static func normalized(_ text: String, _ facts: SettingFacts) -> String {
    switch facts.key {
    case "model_family": text.trimmed.lowercased()
    case "lr_scheduler" where text.trimmed.lowercased() == "cosine_with_warmup": "cosine"
    default: text
    }
  }

  private func meant(_ name: String, _ facts: SettingFacts) -> String? {
    let lower = name.lowercased()
    return backend.names(in: "meant", of: "\(facts.key)=\(lower)")?.first
      ?? facts.choices.first { Self.isSameName($0, name) }
      ?? Suggestion.nearest(to: name, in: facts.choices)
  }

  /// Whether they differ in letter case and joints alone.
  static func isSameName(_ one: String, _ other: String) -> Bool {
    func plain(_ name: String) -> String {
      name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
    }
    return plain(one) == plain(other)
  }

  private func refused(
    _ facts: SettingFacts, _ message: String, why: String? = nil, proposal: SettingValue? = nil
  ) -> ValueReading {
    .refused(
      ValueProblem(
        rule: .unreadableValue, message: message,
        why: why ?? "every value goes through the parser of the command line, which stops at it",
        severity: .error, consequence: .crashesAtLoad, proposal: proposal))
  }
}

extension DocumentNode {
  /// The bytes without the blanks between tokens.
  var compactText: String {
    var result: [UInt8] = []
    var isInText = false
    var isEscaped = false
    for byte in sourceText.utf8 {
      if isInText {
        result.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
        }
      } else if byte > 0x20 {
        if byte == UInt8(ascii: "\"") { isInText = true }
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
