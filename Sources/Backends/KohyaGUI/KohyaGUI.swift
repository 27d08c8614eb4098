import Knowledge
public import Plans
public import SourceText

/// kohya_ss, the interface to sd-scripts that saves its settings as JSON; as of commit 45088f04
/// (v26.0.0).
public struct KohyaGUI: Backend {
  public let id = "kohya-gui"
  public let title = "kohya_ss GUI"

  public init() {}

  public var ruleDescriptions: [RuleDescription] { Self.rules.map(\.description) }

  public func recognizes(_ document: Document) -> Recognition {
    KohyaGUITab.recognizes(document)
  }

  public func plans(
    _ document: Document, options: ReadingOptions, into findings: inout Findings
  ) -> [TrainingPlan] {
    let gui = KohyaGUIConfig(document)
    for rule in Self.rules { rule.run(on: gui, into: &findings) }
    var translation = KohyaGUITranslation(gui)
    let config = translation.config(options, into: &findings)
    Kohya.check(config, into: &findings)
    return [config.plan(for: id)]
  }

  static let rules: [Rule<KohyaGUIConfig>] = keyRules + valueRules + constraintRules + startRules

  // MARK: Edits

  public func edits(_ change: Change, in document: Document) -> [TextEdit]? {
    switch change {
    case .set(let place, let value): return set(place, value, in: document)
    // A key that is missing takes the value of a fresh tab, which is rarely what was meant.
    case .remove: return nil
    }
  }

  private func set(
    _ place: any Located, _ value: SettingValue, in document: Document
  ) -> [TextEdit]? {
    guard place.span.file == document.source.id else { return nil }
    let key = place.keyPath
    if let edits = argument(place, value, in: document) { return edits }
    guard let facts = Catalogue.backend("kohya-gui").root[key], Self.fits(value, facts) else {
      return nil
    }
    guard let written = EditValue(value) else { return nil }
    if let node = document.root[key] { return document.editor.replace(node, with: written) }
    return document.editor.insert(key: key, written, into: document.root)
  }

  /// Whether the interface takes the same value as sd-scripts.
  private static func fits(_ value: SettingValue, _ facts: SettingFacts) -> Bool {
    if case .text(let text) = value, facts.type == .choice { return facts.choices.contains(text) }
    let isSame = facts.targets.allSatisfy { target in
      switch target.how {
      case nil, "whole", "original", "multires", "steps", "rates", "words": true
      case "warmup": value == .number(0)
      default: false
      }
    }
    guard isSame else { return false }
    return switch (value, facts.type) {
    case (.boolean, .boolean), (.number, .integer), (.number, .number): true
    case (.text, .text): true
    default: false
    }
  }

  private static let lists = ["optimizer_args", "lr_scheduler_args"]

  /// A change within the one text that holds all arguments.
  private func argument(
    _ place: any Located, _ value: SettingValue, in document: Document
  ) -> [TextEdit]? {
    let parts = place.keyPath.split(separator: ".", maxSplits: 1).map(String.init)
    guard let name = parts.first, Self.lists.contains(name),
      let literal = value.literal(ofArgument: parts.last ?? ""),
      !literal.contains(where: \.isWhitespace), document.root[name]?.span != place.span
    else { return nil }
    guard parts.count == 2 else {
      return document.root[name].flatMap { node in
        node.part(at: place.span).flatMap {
          document.editor.replace(part: $0, of: node, with: literal)
        }
      }
    }
    let item = "\(parts[1])=\(literal)"
    guard let node = document.root[name] else {
      return document.editor.insert(key: name, .text(item), into: document.root)
    }
    guard node.kind == .string else { return nil }
    let isFirst = node.text.allSatisfy(\.isWhitespace) || node.text.hasSuffix(" ")
    let end = node.text.utf8.count
    return document.editor.replace(
      part: end..<end, of: node, with: isFirst ? item : " " + item)
  }
}
