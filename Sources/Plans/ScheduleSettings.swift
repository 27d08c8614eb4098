public import Optimizers

/// The learning rate over time.
public struct ScheduleSettings: Sendable {
  /// The trainer's own spelling.
  public var name: Setting
  /// What it does; nil if unknown.
  public var kind: Kind?
  public var warmup: Setting
  public var warmupUnit: WarmupUnit
  /// The warm-up of a config that says nothing.
  public var usualWarmup: Double
  /// Optimizer steps of the run, at most; nil if the number of images is not known.
  public var mostSteps: Int?
  /// How often it starts anew; nil where the trainer has no such setting.
  public var cycles: Setting?
  private let make: @Sendable (Int) -> Result<ScheduleReading, ScheduleError>?
  private let find: @Sendable (String) -> Setting?

  public enum Kind: String, Sendable {
    case constant, linear, cosine, cosineWithRestarts, cosineWithHardRestarts, cosineWithMinimum,
      polynomial, rex, inverseSquareRoot, warmupStableDecay, piecewiseConstant, wave, adafactor,
      custom
  }

  /// What the warm-up number means.
  public enum WarmupUnit: Sendable {
    /// Optimizer steps.
    case steps
    /// Steps through the data, divided by the accumulation.
    case microSteps
    /// A share of the run.
    case share
    /// No warm-up.
    case none
  }

  /// - Parameters:
  ///   - make: The schedule of a run of so many optimizer steps, as the trainer makes it; nil while
  ///     one of its settings cannot be read.
  ///   - find: A setting by the trainer's own name.
  public init(
    name: Setting, kind: Kind?, warmup: Setting, warmupUnit: WarmupUnit, usualWarmup: Double = 0,
    mostSteps: Int? = nil, cycles: Setting? = nil,
    make: @escaping @Sendable (Int) -> Result<ScheduleReading, ScheduleError>?,
    find: @escaping @Sendable (String) -> Setting?
  ) {
    self.name = name
    self.kind = kind
    self.warmup = warmup
    self.warmupUnit = warmupUnit
    self.usualWarmup = usualWarmup
    self.mostSteps = mostSteps
    self.cycles = cycles
    self.make = make
    self.find = find
  }

  /// What the trainer makes of these settings in a run of so many optimizer steps; nil while one of
  /// them cannot be read.
  public func reading(totalSteps: Int) -> Result<ScheduleReading, ScheduleError>? {
    make(totalSteps)
  }

  /// The same at the length of this run; where that is not known, what holds for short runs and for
  /// long ones alike.
  public var reading: Result<ScheduleReading, ScheduleError>? {
    guard mostSteps == nil else { return mostSteps.flatMap(make) }
    guard let short = make(Self.shortRun), let long = make(Self.longRun) else { return nil }
    switch (short, long) {
    case (.success(var reading), .success(let other)):
      if reading.failure?.setting != other.failure?.setting { reading.failure = nil }
      reading.ignored = reading.ignored.filter { other.ignored.contains($0) }
      return .success(reading)
    case (.failure(let error), .failure): return .failure(error)
    case (.success(let reading), .failure), (.failure, .success(let reading)):
      return .success(reading)
    }
  }

  /// Optimizer steps that hardly any run is below, or above.
  private static let shortRun = 100
  private static let longRun = 1_000_000

  /// A setting by the name that the trainer's errors give it.
  public func setting(named name: String) -> Setting? { find(name) }

  /// W, the optimizer steps of the warm-up in a run of this many.
  public func warmupSteps(totalSteps: Int, accumulation: Double) -> Int? {
    guard let warmup = warmup.number, warmup.isFinite, abs(warmup) < 1e15, accumulation >= 1 else {
      return nil
    }
    return switch warmupUnit {
    case .steps: max(0, Int(warmup))
    case .microSteps: max(0, Int(warmup / accumulation))
    case .share: Int(warmup * Double(totalSteps))
    case .none: 0
    }
  }
}
