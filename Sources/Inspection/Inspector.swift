import Analysis
import Backends
public import Plans
public import Reporting
public import SourceText

/// Checks files: finds out whose config a file is, reads it as that trainer does, and judges it.
public struct Inspector: Sendable {
  /// The trainer, where the user named one.
  public var backend: String?
  public var options: ReadingOptions
  /// Rule ids to report; nil for all.
  public var selected: Set<String>?
  public var ignored: Set<String>
  /// What a team says of the file that is checked.
  public var settings = Settings.standard

  public init(
    backend: String? = nil, options: ReadingOptions = ReadingOptions(),
    selected: Set<String>? = nil, ignored: Set<String> = []
  ) {
    self.backend = backend
    self.options = options
    self.selected = selected
    self.ignored = ignored
  }

  /// All rules as every trainer reports them, those for all trainers first.
  public static var descriptions: [RuleDescription] {
    Linter.rules.map(\.description) + allBackends.flatMap(\.ruleDescriptions)
      + Suppressions.descriptions + SettingsRules.descriptions
  }

  /// All rules, each once.
  public static var rules: [RuleEntry] { RuleEntry.entries(descriptions) }

  /// The ids of all trainers.
  public static var backends: [String] { allBackends.map(\.id) }

  /// The scripts of all trainers that have several.
  public static var scripts: [String] { allBackends.flatMap(\.scripts) }

  /// - Parameter neighbours: The files that the config names.
  /// - Returns: What was found in the config, then in each of its neighbours with findings.
  /// - Throws: A ``ReadFailure`` if the file cannot be read or is no config of a known kind.
  public func inspect(
    _ source: SourceFile, neighbours: Neighbours = .none
  ) throws(ReadFailure) -> [FileReport] {
    let reading = try read(source, neighbours: neighbours)
    var reports = FileReport.reports(
      on: source, backend: reading.backend.id, diagnostics: reading.diagnostics,
      others: reading.others)
    for place in reports.indices {
      reports[place].threshold = settings.threshold
      if place == 0 { reports[place].exceptions = reading.exceptions }
    }
    return reports
  }

  /// Reads a file and judges it, and keeps what it means.
  /// - Parameter isJudged: False where only the meaning is asked for, which is quicker: nothing is
  ///   reported then.
  public func read(
    _ source: SourceFile, neighbours: Neighbours = .none, isJudged: Bool = true
  ) throws(ReadFailure) -> Reading {
    let (document, backend) = try open(source)
    var findings = Findings(neighbours: neighbours) { backend.edits($0, in: document) }
    var plans = backend.plans(document, options: options, into: &findings)
    guard isJudged else {
      return Reading(
        source: source, document: document, backend: backend, plans: plans, diagnostics: [],
        others: [], exceptions: [])
    }
    for place in plans.indices { plans[place].cardBytes = options.vram }
    for plan in plans { Linter.lint(plan, into: &findings) }
    let suppressions = Suppressions { reports($0) && settings.reports($0) }
    let others = findings.neighbours.files
    let diagnostics = suppressions.apply(
      to: findings.settled().filter { reports($0.rule) }, of: [source] + others
    ).filter { reports($0.rule) }
    let (left, exceptions) = settings.apply(to: diagnostics, of: [source] + others)
    return Reading(
      source: source, document: document, backend: backend, plans: plans, diagnostics: left,
      others: others, exceptions: exceptions)
  }

  /// The same for a file of which a team says something.
  public func with(_ settings: Settings) -> Inspector {
    var inspector = self
    inspector.settings = settings
    inspector.options = settings.completing(options)
    inspector.backend = backend ?? settings.backend?.value
    return inspector
  }

  /// Whether a rule is asked for.
  private func reports(_ rule: String) -> Bool {
    selected?.contains(rule) ?? true && !ignored.contains(rule)
  }

  /// Why the file is hardly one of the trainer that was asked for: it is another one's, beyond doubt.
  /// Nil where it may be, or none was asked for.
  public func doubt(about source: SourceFile) -> String? {
    guard let backend, let named = allBackends.first(where: { $0.id == backend }),
      let document = try? DocumentReader.read(source), case .no = named.recognizes(document),
      let other = allBackends.first(where: { $0.isCertain(of: document) })
    else { return nil }
    return
      "this looks like a config of \(other.title) and is read as one of \(named.title), as asked for"
  }

  /// The document and the trainer it is for.
  public func open(_ source: SourceFile) throws(ReadFailure) -> (Document, any Backend) {
    if backend == SettingsBackend.name || SettingsBackend.isSettings(source.path) {
      return (try SettingsFile.document(source), SettingsBackend())
    }
    let document: Document
    do throws(SyntaxError) {
      document = try DocumentReader.read(source)
    } catch {
      throw ReadFailure(
        path: source.path, message: error.message, source: source, bytes: error.bytes)
    }
    if let name = backend {
      guard let named = allBackends.first(where: { $0.id == name }) else {
        throw ReadFailure(path: source.path, message: "no backend is called '\(name)'")
      }
      return (document, named)
    }
    var part: (any Backend)?
    var other: String?
    var reasons: [String] = []
    for backend in allBackends {
      switch backend.recognizes(document) {
      case .certain: return (document, backend)
      case .part: part = part ?? backend
      case .other(let kind): other = other ?? kind
      case .no(let reason): reasons.append("not \(backend.title): \(reason)")
      }
    }
    if let part { return (document, part) }
    if let other {
      throw ReadFailure(
        path: source.path, message: "no training config but \(other)", isOtherKind: true)
    }
    throw ReadFailure(
      path: source.path, message: "no config of a known kind: " + reasons.joined(separator: "; "))
  }
}

/// A file as its trainer reads it.
public struct Reading: Sendable {
  public let source: SourceFile
  let document: Document
  public let backend: any Backend
  /// One for each run that the file describes; none if the trainer refuses it.
  public let plans: [TrainingPlan]
  public let diagnostics: [Diagnostic]
  let others: [SourceFile]
  /// The exceptions of the settings that met a finding.
  let exceptions: Set<ExceptionUse>

  /// The file with a setting changed; nil if its format cannot express that.
  public func source(after changes: [Change]) -> SourceFile? {
    guard let edits = backend.edits(changes, in: document) else { return nil }
    let fix = Fix(title: "", safety: .unsafe, edits: edits)
    let (bytes, applied) = source.applying([fix])
    guard !applied.isEmpty else { return nil }
    return SourceFile(id: source.id, path: source.path, bytes: bytes)
  }
}

extension Backend {
  fileprivate func isCertain(of document: Document) -> Bool {
    if case .certain = recognizes(document) { true } else { false }
  }
}
