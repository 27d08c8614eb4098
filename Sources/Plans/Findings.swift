public import Knowledge
public import SourceText

/// A check over one kind of subject: a plan, or the settings of one backend.
public struct Rule<Subject: Sendable>: Sendable {
  public let description: RuleDescription
  public let check: @Sendable (Subject, inout Findings) -> Void

  public init(
    _ description: RuleDescription, check: @escaping @Sendable (Subject, inout Findings) -> Void
  ) {
    self.description = description
    self.check = check
  }

  /// Runs the check and files what it finds under this rule.
  public func run(on subject: Subject, into findings: inout Findings) {
    findings.rule = description
    check(subject, &findings)
  }
}

/// What to change about one setting; the file's backend makes text edits of it.
public enum Change: Sendable {
  case set(any Located, SettingValue)
  case remove(any Located)
}

/// Where rules put what they find.
public struct Findings {
  public private(set) var diagnostics: [Diagnostic] = []
  /// The rule that is running.
  public internal(set) var rule: RuleDescription?
  private var silencers: [String: [String]] = [:]
  private let edits: (Change) -> [TextEdit]?

  /// - Parameter edits: How this file's format expresses a change; nil where it cannot.
  public init(edits: @escaping (Change) -> [TextEdit]?) {
    self.edits = edits
  }

  /// Reports a finding of the running rule, unless it rests on something that is itself wrong.
  ///
  /// - Parameters:
  ///   - message: Lower case, no full stop, the wrong thing first.
  ///   - place: What is wrong.
  ///   - why: One line; the rule's rationale if nil.
  ///   - related: The other settings that are part of it, each with a few words.
  ///   - fixes: Made with ``fix(_:_:_:)``.
  ///   - id: Another rule id, for rules that report sentences of the data.
  public mutating func report(
    _ message: String, at place: any Located, why: String? = nil, severity: Severity? = nil,
    consequence: Consequence? = nil, related: [(any Located, String)] = [], fixes: [Fix?] = []
  ) {
    guard let rule else { preconditionFailure("findings are reported by a rule") }
    if place.isMistaken || related.contains(where: { $0.0.isMistaken }) { return }
    reportMistake(
      message, at: place, why: why, severity: severity, consequence: consequence, related: related,
      fixes: fixes, of: rule)
  }

  /// Reports that a value cannot be read, at the very place others must not conclude from.
  public mutating func reportMistake(
    _ message: String, at place: any Located, why: String? = nil, severity: Severity? = nil,
    consequence: Consequence? = nil, related: [(any Located, String)] = [], fixes: [Fix?] = []
  ) {
    guard let rule else { preconditionFailure("findings are reported by a rule") }
    reportMistake(
      message, at: place, why: why, severity: severity, consequence: consequence, related: related,
      fixes: fixes, of: rule)
  }

  private mutating func reportMistake(
    _ message: String, at place: any Located, why: String?, severity: Severity?,
    consequence: Consequence?, related: [(any Located, String)], fixes: [Fix?],
    of rule: RuleDescription
  ) {
    silencers[rule.id] = rule.silencedBy
    let notes = related.compactMap { place, words in
      Diagnostic.Note(keyPath: place.keyPath, span: place.span, message: words)
    }
    diagnostics.append(
      Diagnostic(
        rule: rule.id, severity: severity ?? rule.severity,
        consequence: consequence ?? rule.consequence, message: message,
        why: why ?? rule.rationale, keyPath: place.keyPath, span: place.span, related: notes,
        fixes: fixes.compactMap(\.self), url: "Documentation/Rules.md#\(rule.id)"))
  }

  /// A fix from changes of settings, or nil if the file cannot express one of them.
  public func fix(_ title: String, _ safety: Fix.Safety, _ changes: Change...) -> Fix? {
    fix(title, safety, changes)
  }

  /// A fix from changes of settings, or nil if the file cannot express one of them.
  public func fix(_ title: String, _ safety: Fix.Safety, _ changes: [Change]) -> Fix? {
    var all: [TextEdit] = []
    for change in changes {
      guard let edits = edits(change), !edits.isEmpty else { return nil }
      all += edits
    }
    return Fix(title: title, safety: safety, edits: all)
  }

  /// The findings in the order of the file, those left out that another one explains.
  public func settled() -> [Diagnostic] {
    var byRule: [String: [Diagnostic]] = [:]
    for diagnostic in diagnostics where silencers.values.contains(where: { $0.contains(diagnostic.rule) }) {
      byRule[diagnostic.rule, default: []].append(diagnostic)
    }
    return diagnostics.enumerated().filter { _, diagnostic in
      !(silencers[diagnostic.rule] ?? []).contains { silencer in
        byRule[silencer, default: []].contains { $0.concerns(diagnostic) }
      }
    }.sorted {
      ($0.element.span.bytes.lowerBound, $0.offset) < ($1.element.span.bytes.lowerBound, $1.offset)
    }.map(\.element)
  }
}

extension Diagnostic {
  /// Whether both have to do with one setting.
  fileprivate func concerns(_ other: Diagnostic) -> Bool {
    let own = [keyPath] + related.map(\.keyPath)
    return own.contains(other.keyPath) || other.related.contains { own.contains($0.keyPath) }
  }
}
