import Plans
import SourceText

/// Compares a file of settings with the table of keys.
struct SettingsCheck {
  private let document: Document
  private(set) var problems: [SettingsProblem] = []
  /// The list of all rules is made only if one is named.
  private var rules: [String: Severity]?

  init(_ document: Document) {
    self.document = document
    check(document.root, .object(SettingsKey.all))
    checkRepeatedKeys()
    for section in [document.root] + (document.root["overrides"]?.elements ?? []) {
      checkBareExceptions(in: section)
      checkShortForms(in: section)
    }
  }

  /// An entry that is to be passed over, where others can take it from by an anchor.
  private static func isExtension(_ key: String) -> Bool { key.hasPrefix("x-") }

  private mutating func check(_ node: DocumentNode, _ shape: SettingsKey.Shape) {
    // A key without a value says nothing.
    if node.isNothing { return }
    switch shape {
    case .list(let inner):
      if node.kind == .sequence {
        for child in node.children { check(child, inner) }
      } else {
        check(node, inner)
      }
    case .object(let keys): checkObject(node, keys, shape)
    case .either(let inner, let keys):
      if node.kind == .mapping { checkObject(node, keys, shape) } else { check(node, inner) }
    case .map(let names, let values):
      guard node.kind == .mapping else { return report(node, shape) }
      for entry in node.entries {
        check(name: entry.key ?? "", names, at: .key(of: entry)) { editor, name in
          editor.rename(entry, to: name)
        }
        check(entry, values)
      }
    default:
      if node.isCollection { return report(node, shape) }
      check(name: node.text, shape, at: .value(node)) { editor, name in
        editor.replace(node, with: .text(name))
      }
    }
  }

  private mutating func report(_ node: DocumentNode, _ shape: SettingsKey.Shape) {
    let name = node.key.map { "'\($0)'" } ?? "this"
    problems.append(
      SettingsProblem(
        rule: SettingsRules.invalidValue.id, message: "\(name) must be \(shape.words)",
        place: .value(node)))
  }

  private mutating func checkObject(
    _ node: DocumentNode, _ keys: [SettingsKey], _ shape: SettingsKey.Shape
  ) {
    guard node.kind == .mapping else { return report(node, shape) }
    for entry in node.entries {
      guard let name = entry.key, !Self.isExtension(name) else { continue }
      if let key = keys.first(where: { $0.name == name }) {
        check(entry, key.shape)
      } else {
        report(unknown: name, entry, keys, in: node)
      }
    }
    for key in keys where key.isRequired && (node[key.name]?.isNothing ?? true) {
      problems.append(
        SettingsProblem(
          rule: SettingsRules.invalidValue.id,
          message: "'\(key.name)' is missing: \(key.shape.words)", place: .value(node)))
    }
    checkReason(node, keys)
  }

  private mutating func report(
    unknown name: String, _ entry: DocumentNode, _ keys: [SettingsKey], in node: DocumentNode
  ) {
    // What the object has already is not what was meant.
    let free = keys.map(\.name).filter { node[$0] == nil }
    let nearest = Suggestion.allNearest(to: name, in: free)
    let home = SettingsKey.groups.first { group in group.keys.contains { $0.name == name } }
    let hint =
      if !nearest.isEmpty {
        ": did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
      } else if let home {
        ": it stands under '\(home.name)'"
      } else {
        ": it can be \(keys.map(\.name).joined(separator: ", "))"
      }
    problems.append(
      SettingsProblem(
        rule: SettingsRules.unknownKey.id, message: "'\(name)' is no key here\(hint)",
        place: .key(of: entry),
        fixes: nearest.count == 1
          ? fix("write \(nearest[0])", document.editor.rename(entry, to: nearest[0])) : []))
  }

  /// A single value, be it a key or not.
  private mutating func check(
    name: String, _ shape: SettingsKey.Shape, at place: SettingsProblem.Place,
    edits: (any DocumentEditor, String) -> [TextEdit]?
  ) {
    if case .rule = shape { return check(rule: name, at: place, edits) }
    guard let (message, nearest) = shape.mistake(in: name) else { return }
    let hint = nearest.isEmpty ? "" : ": did you mean '\(nearest[0])'?"
    problems.append(
      SettingsProblem(
        rule: SettingsRules.invalidValue.id, message: "'\(name)' \(message)\(hint)", place: place,
        fixes: nearest.count == 1
          ? fix("write \(nearest[0])", edits(document.editor, nearest[0])) : []))
  }

  private mutating func check(
    rule name: String, at place: SettingsProblem.Place,
    _ edits: (any DocumentEditor, String) -> [TextEdit]?
  ) {
    let rules = knownRules()
    if rules[name] != nil { return }
    let nearest = Suggestion.allNearest(to: name, in: rules.keys.sorted())
    let hint =
      nearest.isEmpty
      ? ": 'tuneup list rules' has them all"
      : ": did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    problems.append(
      SettingsProblem(
        rule: SettingsRules.unknownRule.id, message: "'\(name)' is no rule\(hint)", place: place,
        fixes: nearest.count == 1
          ? fix("write \(nearest[0])", edits(document.editor, nearest[0])) : []))
  }

  private mutating func knownRules() -> [String: Severity] {
    if let rules { return rules }
    let known = Dictionary(
      Inspector.descriptions.map { ($0.id, $0.severity) }, uniquingKeysWith: max)
    rules = known
    return known
  }

  private func fix(_ title: String, _ edits: [TextEdit]?) -> [Fix] {
    (edits ?? []).isEmpty ? [] : [Fix(title: title, safety: .safe, edits: edits ?? [])]
  }
}

extension SettingsCheck {
  /// An error is left out only with a reason.
  private mutating func checkReason(_ node: DocumentNode, _ keys: [SettingsKey]) {
    guard node["reason"]?.isNothing ?? true, keys.contains(where: { $0.name == "rules" }),
      let rules = node["rules"]
    else { return }
    for rule in rules.elements { demandReason(for: rule.text, at: .value(rule)) }
  }

  private mutating func demandReason(for rule: String, at place: SettingsProblem.Place) {
    guard knownRules()[rule] == .error else { return }
    problems.append(
      SettingsProblem(
        rule: Suppressions.withoutReason.id,
        message: "'\(rule)' loses the run: it is left out only with a reason", place: place))
  }

  /// Rules that stand in `ignore` by their name alone, and those that are off.
  private mutating func checkBareExceptions(in section: DocumentNode) {
    for item in section["ignore"]?.elements ?? [] where !item.isCollection {
      demandReason(for: item.text, at: .value(item))
    }
    for entry in section["severity"]?.entries ?? [] {
      let level = entry.kind == .mapping ? entry["level"] : entry
      guard let level, SettingsLevel(level.text) == .off,
        entry.kind != .mapping || entry["reason"]?.isNothing ?? true
      else { continue }
      demandReason(for: entry.key ?? "", at: .key(of: entry))
    }
  }

  private mutating func checkRepeatedKeys() {
    for repeated in document.repeatedKeys {
      problems.append(
        SettingsProblem(
          rule: SettingsRules.repeatedKey.id,
          message: "'\(repeated.first.key ?? "")' stands twice: this one is not read",
          place: .key(of: repeated.first), related: [(.key(of: repeated.second), "this one is")]))
    }
  }

  private mutating func checkShortForms(in section: DocumentNode) {
    for group in SettingsKey.groups {
      for key in group.keys {
        guard let short = section[key.name], let long = section[group.name]?[key.name],
          !short.isNothing, !long.isNothing
        else { continue }
        problems.append(
          SettingsProblem(
            rule: SettingsRules.repeatedKey.id,
            message: "'\(key.name)' stands twice: this one is not read", place: .key(of: short),
            related: [(.key(of: long), "this one is")]))
      }
    }
  }
}

extension DocumentNode {
  /// Whether a key has no value.
  var isNothing: Bool {
    kind == .null || kind == .plain && ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The elements of a list, or a value alone.
  var elements: [DocumentNode] {
    kind == .sequence ? Array(children) : isNothing ? [] : [self]
  }
}
