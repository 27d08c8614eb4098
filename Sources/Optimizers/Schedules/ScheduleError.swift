/// What a trainer raises over its learning-rate schedule or the length of the run, and when.
public struct ScheduleError: Error, Hashable, Sendable {
  public let exception: Exception
  public let moment: Moment
  /// By the trainer's own name: `lr_warmup_steps`.
  public let setting: String
  /// As the trainer holds it.
  public let value: String
  /// Lower case, no full stop.
  public let reason: String
  /// Whether the trainer logs it and goes on with the rate it has.
  public let isOnlyLogged: Bool

  /// The class of the exception.
  public enum Exception: String, Hashable, Sendable {
    /// The command line is refused, with the usage printed.
    case argumentError = "argument error"
    case typeError = "TypeError"
    case valueError = "ValueError"
    case keyError = "KeyError"
    case indexError = "IndexError"
    case attributeError = "AttributeError"
    case assertionError = "AssertionError"
    case syntaxError = "SyntaxError"
    case zeroDivisionError = "ZeroDivisionError"
  }

  public enum Moment: Hashable, Sendable {
    /// When the settings are read, before a model is loaded.
    case readingSettings
    /// When the scheduler is made: with the model loaded, before latents and texts are cached.
    case beforeCaching
    /// When the scheduler is made or first moved: after latents and texts were cached.
    case afterCaching
    /// When the scheduler is stepped after the optimizer step of this number, counted from 0.
    case afterStep(Int)
    /// At every optimizer step of this epoch, counted from 1, and of those that follow.
    case everyStep(fromEpoch: Int)
  }

  public init(
    _ exception: Exception, _ moment: Moment, _ setting: String, _ value: PythonValue,
    _ reason: String, isOnlyLogged: Bool = false
  ) {
    self.exception = exception
    self.moment = moment
    self.setting = setting
    self.value = "\(value)"
    self.reason = reason
    self.isOnlyLogged = isOnlyLogged
  }
}

extension ScheduleError: CustomStringConvertible {
  public var description: String {
    "\(exception.rawValue) \(moment): '\(setting)' is \(value): \(reason)"
  }
}

extension ScheduleError.Moment: CustomStringConvertible {
  public var description: String {
    switch self {
    case .readingSettings: "when the settings are read"
    case .beforeCaching: "before caching"
    case .afterCaching: "after caching"
    case .afterStep(let step): "after step \(step + 1)"
    case .everyStep(let epoch): "at every step from epoch \(epoch) on"
    }
  }
}
