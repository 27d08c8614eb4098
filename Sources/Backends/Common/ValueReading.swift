import Knowledge
import Plans
import SourceText

/// What a trainer makes of one value of its file.
enum ValueReading: Sendable {
  /// Read as meant.
  case taken(SettingValue)
  /// Read as meant, though written in an odd way.
  case odd(SettingValue, ValueProblem)
  /// Used as another value than the file says.
  case changed(SettingValue, because: String, ValueProblem?)
  /// Not used: the default stays, or the trainer stops.
  case refused(ValueProblem)
  /// Nobody knows from the file what it will be: nothing is to be concluded from it.
  case unknown(because: String)

  var problem: ValueProblem? {
    switch self {
    case .taken, .unknown: nil
    case .odd(_, let problem), .refused(let problem): problem
    case .changed(_, _, let problem): problem
    }
  }

  /// - Parameter fallback: The value where this one is not used.
  func used(at node: DocumentNode, else fallback: SettingValue) -> (SettingValue, Origin) {
    used(at: node.span, else: fallback)
  }

  /// - Parameter fallback: The value where this one is not used.
  func used(at span: SourceSpan, else fallback: SettingValue) -> (SettingValue, Origin) {
    switch self {
    case .taken(let value), .odd(let value, _): (value, .written(span))
    case .changed(let value, let reason, let problem):
      (value, .replaced(span, because: reason, isMistake: problem != nil))
    case .refused:
      (fallback, .replaced(span, because: "not read", isMistake: true))
    case .unknown(let reason):
      (fallback, .replaced(span, because: reason, isMistake: true))
    }
  }
}

/// What is wrong with one value, ready to be reported by the rule of its kind.
struct ValueProblem: Sendable {
  /// The rule that reports it.
  let rule: SharedRule
  /// Lower case, no full stop: the wrong thing first, then what is accepted.
  let message: String
  /// What this trainer does; the rule's rationale if nil.
  var why: String?
  var severity: Severity?
  var consequence: Consequence?
  /// A value that would do, if there is one to propose.
  var proposal: SettingValue?
  /// Whether taking the setting out of the file mends it.
  var removes = false
  /// The same as the file would write it, where that is more than a plain value.
  var literal: String?
  var safety = Fix.Safety.safe
}
