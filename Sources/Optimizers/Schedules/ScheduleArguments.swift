/// Keyword arguments on their way into a Python function.
struct ScheduleArguments {
  let values: [String: PythonValue]
  /// The trainer's setting that holds them: `lr_scheduler_args`.
  let setting: String
  let moment: ScheduleError.Moment
  /// When the scheduler is moved for the first time, and torch first computes with some of them.
  let firstMove: ScheduleError.Moment

  /// Throws what the call raises.
  ///
  /// - Parameters:
  ///   - function: Its name, for the message.
  ///   - passed: Arguments the trainer passes itself.
  ///   - accepted: Arguments the function has besides.
  ///   - required: Those of the accepted that have no default.
  func check(
    for function: String, passed: Set<String> = [], accepted: Set<String>,
    required: Set<String> = []
  ) throws(ScheduleError) {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      if passed.contains(name) || name == "optimizer" {
        throw error(.typeError, name, value, "\(function) is already given \(name)")
      }
      if !accepted.contains(name), name != "last_epoch" || function == "ReduceLROnPlateau" {
        throw error(.typeError, name, value, "\(function) takes no \(name)")
      }
    }
    if let missing = required.subtracting(values.keys).min() {
      throw error(.typeError, missing, .none, "\(function) needs \(missing)")
    }
  }

  /// Throws what the base class raises, after the rest: to count from elsewhere it needs what only
  /// a resumed run has.
  func checkStart() throws(ScheduleError) {
    guard let start = values["last_epoch"], start.number != -1 else { return }
    throw error(.keyError, "last_epoch", start, "'initial_lr' is not in the parameter groups")
  }

  func error(
    _ exception: ScheduleError.Exception, _ name: String, _ value: PythonValue, _ reason: String,
    _ moment: ScheduleError.Moment? = nil
  ) -> ScheduleError {
    ScheduleError(exception, moment ?? self.moment, "\(setting).\(name)", value, reason)
  }

  func number(
    _ name: String, _ standard: Double, isUsedLater: Bool = false
  ) throws(ScheduleError) -> Double {
    try number(name, isUsedLater: isUsedLater) ?? standard
  }

  /// A number; nil where the argument is not given.
  ///
  /// - Parameter isUsedLater: Whether it is not looked at before the first move.
  func number(_ name: String, isUsedLater: Bool = false) throws(ScheduleError) -> Double? {
    guard let value = values[name] else { return nil }
    guard let number = value.number else {
      throw error(
        .typeError, name, value, "it is computed with as a number", isUsedLater ? firstMove : nil)
    }
    return number
  }

  /// An integer that must be at least this.
  func count(_ name: String, _ standard: Int, atLeast least: Int) throws(ScheduleError) -> Int {
    guard let value = values[name] else { return standard }
    // It is compared first, so that text is another error.
    if value.number == nil { throw error(.typeError, name, value, "it is compared with a number") }
    guard let count = value.wholeNumber, count >= least else {
      throw error(.valueError, name, value, "it must be an integer of at least \(least)")
    }
    return count
  }

  func flag(_ name: String) -> Bool {
    switch values[name] {
    case nil, PythonValue.none?: false
    case .text(let text): !text.isEmpty
    case .list(let values): !values.isEmpty
    case let value?: value.number != 0
    }
  }

  /// One of a few words.
  func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, _ standard: Word
  ) throws(ScheduleError) -> Word where Word.RawValue == String {
    guard let value = values[name] else { return standard }
    if case .text(let text) = value, let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
    throw error(.valueError, name, value, "it must be one of \(words)")
  }
}
