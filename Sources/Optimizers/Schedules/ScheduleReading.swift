/// What a trainer makes of its settings for the learning rate over time.
public struct ScheduleReading: Hashable, Sendable {
  /// Nil for what ``notSimulated`` names.
  public var schedule: Schedule?
  /// What goes wrong once the run is under way.
  public var failure: ScheduleError?
  /// Settings that are set and do nothing.
  public var ignored: [IgnoredSetting] = []
  /// What the trainer does beyond ``schedule``, or instead of it: in a few words each.
  public var notSimulated: [String] = []
  /// What a schedule-free optimizer is handed as its own `warmup_steps`.
  public var optimizerWarmup: Double?

  init(_ schedule: Schedule?, failure: ScheduleError? = nil) {
    self.schedule = schedule
    self.failure = failure
  }
}

/// A setting that is set and does nothing.
public struct IgnoredSetting: Hashable, Sendable {
  /// By the trainer's own name.
  public let setting: String
  public let value: String
  /// Lower case, no full stop.
  public let reason: String

  init(_ setting: String, _ value: PythonValue, _ reason: String) {
    self.setting = setting
    self.value = "\(value)"
    self.reason = reason
  }
}

extension PythonValue {
  /// A number as it was written: without a fraction where it has none.
  init(_ number: Double) { self = Int(exactly: number).map { .whole($0) } ?? .real(number) }
}
