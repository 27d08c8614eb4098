public import Knowledge
public import SourceText

/// A check over one kind of subject: a plan, or the settings of one backend.
public struct Rule<Subject: Sendable>: Sendable {
  /// Kept alive for good and never counted: threads that counted the same hundred descriptions for
  /// every file would wait for one another.
  private let constant: Unmanaged<RuleDescription>
  public let check: @Sendable (Subject, inout Findings) -> Void

  public var description: RuleDescription { constant.takeUnretainedValue() }

  /// - Parameter description: A constant of the program.
  public init(
    _ description: RuleDescription, check: @escaping @Sendable (Subject, inout Findings) -> Void
  ) {
    constant = .passRetained(description)
    self.check = check
  }

  /// Runs the check and files what it finds under this rule.
  public func run(on subject: Subject, into findings: inout Findings) {
    findings.running = constant
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
  fileprivate var running: Unmanaged<RuleDescription>?
  /// The rule that is running.
  public var rule: RuleDescription? { running?.takeUnretainedValue() }
  private var silencers: [String: [String]] = [:]
  /// What comes of values that cannot be read, where that is an error, by their key path.
  private var outcomes: [String: (consequence: Consequence, message: String)] = [:]
  /// The places of values that cannot be read.
  private var mistakes: Set<Int> = []
  private let edits: ([Change]) -> [TextEdit]?
  /// The files that the config names.
  public var neighbours: Neighbours

  /// - Parameter edits: How this file's format expresses changes; nil where it cannot.
  public init(
    neighbours: Neighbours = .none, edits: @escaping ([Change]) -> [TextEdit]?
  ) {
    self.neighbours = neighbours
    self.edits = edits
  }

  /// Reports a finding of the running rule, unless it rests on something that is itself wrong: that
  /// is then the finding, and as serious as what comes of it.
  ///
  /// - Parameters:
  ///   - message: Lower case, no full stop, the wrong thing first.
  ///   - place: What is wrong.
  ///   - why: One line; the rule's rationale if nil.
  ///   - related: The other settings that are part of it, each with a few words.
  ///   - fixes: Made with ``fix(_:_:_:)``.
  public mutating func report(
    _ message: String, at place: any Located, why: String? = nil, severity: Severity? = nil,
    consequence: Consequence? = nil, related: [(any Located, String)] = [], fixes: [Fix?] = []
  ) {
    guard let rule else { preconditionFailure("findings are reported by a rule") }
    let causes = ([place] + related.map(\.0)).filter(\.isMistaken)
    if !causes.isEmpty {
      guard severity ?? rule.severity == .error else { return }
      for cause in causes where outcomes[cause.keyPath] == nil {
        outcomes[cause.keyPath] = (consequence ?? rule.consequence, message)
      }
      return
    }
    file(
      message, at: place, why: why, severity: severity, consequence: consequence, related: related,
      fixes: fixes, under: rule)
  }

  /// Reports that a value cannot be read, at the very place others must not conclude from.
  public mutating func reportMistake(
    _ message: String, at place: any Located, why: String? = nil, severity: Severity? = nil,
    consequence: Consequence? = nil, related: [(any Located, String)] = [], fixes: [Fix?] = []
  ) {
    guard let rule else { preconditionFailure("findings are reported by a rule") }
    mistakes.insert(diagnostics.count)
    file(
      message, at: place, why: why, severity: severity, consequence: consequence, related: related,
      fixes: fixes, under: rule)
  }

  private mutating func file(
    _ message: String, at place: any Located, why: String?, severity: Severity?,
    consequence: Consequence?, related: [(any Located, String)], fixes: [Fix?],
    under rule: RuleDescription
  ) {
    silencers[rule.id] = rule.silencedBy
    // What several runs of one file share, such as a block that YAML repeats, is wrong once.
    if diagnostics.contains(where: {
      $0.rule == rule.id && $0.span == place.span && $0.message == message
    }) {
      return
    }
    let notes = related.compactMap { place, words in
      Diagnostic.Note(keyPath: place.keyPath, span: place.span, message: words)
    }
    diagnostics.append(
      Diagnostic(
        rule: rule.id, severity: severity ?? rule.severity,
        consequence: consequence ?? rule.consequence, message: message,
        why: why ?? rule.rationale, keyPath: place.keyPath, span: place.span, related: notes,
        fixes: fixes.compactMap(\.self), url: RuleDescription.page(of: rule.id)))
  }

  /// A fix from changes of settings, or nil if the file cannot express one of them.
  public func fix(_ title: String, _ safety: Fix.Safety, _ changes: Change...) -> Fix? {
    fix(title, safety, changes)
  }

  /// A fix from changes of settings, or nil if the file cannot express one of them.
  public func fix(_ title: String, _ safety: Fix.Safety, _ changes: [Change]) -> Fix? {
    edits(changes).flatMap { $0.isEmpty ? nil : Fix(title: title, safety: safety, edits: $0) }
  }

  /// The findings in the order of the file, those left out that another one explains.
  public func settled() -> [Diagnostic] {
    var byRule: [String: [Diagnostic]] = [:]
    for diagnostic in diagnostics
    where silencers.values.contains(where: { $0.contains(diagnostic.rule) }) {
      byRule[diagnostic.rule, default: []].append(diagnostic)
    }
    return diagnostics.enumerated().map { number, diagnostic in
      (offset: number, element: mistakes.contains(number) ? withOutcome(diagnostic) : diagnostic)
    }.filter { _, diagnostic in
      !(silencers[diagnostic.rule] ?? []).contains { silencer in
        byRule[silencer, default: []].contains { $0.concerns(diagnostic) }
      }
    }.sorted {
      ($0.element.span.file.number, $0.element.span.bytes.lowerBound, $0.offset)
        < ($1.element.span.file.number, $1.element.span.bytes.lowerBound, $1.offset)
    }.map(\.element)
  }

  /// A value that cannot be read, with what comes of it; of one that stops the trainer, nothing does.
  private func withOutcome(_ diagnostic: Diagnostic) -> Diagnostic {
    guard diagnostic.severity < .error, let outcome = outcomes[diagnostic.keyPath] else {
      return diagnostic
    }
    var diagnostic = diagnostic
    diagnostic.severity = .error
    diagnostic.consequence = outcome.consequence
    diagnostic.why += "; as a result: " + outcome.message
    return diagnostic
  }
}

extension Diagnostic {
  /// Whether both have to do with one setting.
  fileprivate func concerns(_ other: Diagnostic) -> Bool {
    let own = [keyPath] + related.map(\.keyPath)
    return own.contains(other.keyPath) || other.related.contains { own.contains($0.keyPath) }
  }
}
