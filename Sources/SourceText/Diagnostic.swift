/// How bad a finding is.
public enum Severity: String, Sendable, CaseIterable, Comparable {
  /// Worth knowing.
  case info
  /// Very likely not what was meant.
  case warning
  /// The run crashes, trains nothing useful, or loses its result.
  case error

  private var rank: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .error: 2
    }
  }

  public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}

/// What happens in the trainer if the finding is left alone.
public enum Consequence: String, Sendable, CaseIterable {
  case crashesAtLoad = "crashes-at-load"
  case crashesAtStart = "crashes-at-start"
  case crashesAtFirstStep = "crashes-at-first-step"
  case crashesDuringTraining = "crashes-during-training"
  case crashesAtLastStep = "crashes-at-last-step"
  case crashesWhenSaving = "crashes-when-saving"
  case trainsNothing = "trains-nothing"
  case diverges
  case silentlyIgnored = "silently-ignored"
  case changesTraining = "changes-training"
  case wastesMemory = "wastes-memory"
  case slower
  case worthKnowing = "worth-knowing"

  /// In words, after "consequence: ".
  public var words: String { rawValue.split(separator: "-").joined(separator: " ") }
}

/// One thing that is wrong with the user's file, and where.
public struct Diagnostic: Sendable {
  public var rule: String
  public var severity: Severity
  public var consequence: Consequence
  /// Lower case, no full stop: the wrong thing first, then what is accepted.
  public var message: String
  /// Why, in one line.
  public var why: String
  /// Keys joined with `.`, places as `[0]`; of a missing key, where it would stand.
  public var keyPath: String
  /// The value; of a missing key, the collection that could have held it.
  public var span: SourceSpan
  public var related: [Note]
  public var fixes: [Fix]
  /// Where the rule is explained.
  public var url: String

  public init(
    rule: String, severity: Severity, consequence: Consequence, message: String, why: String,
    keyPath: String, span: SourceSpan, related: [Note] = [], fixes: [Fix] = [], url: String = ""
  ) {
    self.rule = rule
    self.severity = severity
    self.consequence = consequence
    self.message = message
    self.why = why
    self.keyPath = keyPath
    self.span = span
    self.related = related
    self.fixes = fixes
    self.url = url
  }

  /// Another place that has to do with it.
  public struct Note: Sendable {
    public var keyPath: String
    public var span: SourceSpan
    public var message: String

    public init(keyPath: String, span: SourceSpan, message: String) {
      self.keyPath = keyPath
      self.span = span
      self.message = message
    }
  }
}
