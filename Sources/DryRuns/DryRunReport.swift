public import Memory
public import Plans
public import SourceText
public import Trials

/// What a dry run says of a config.
public struct DryRunReport: Sendable {
  public var path: String
  /// The trainer, by id.
  public var backend: String
  public var verdict: DryRunVerdict
  /// Why, as a sentence: lower case, no full stop.
  public var reason: String
  /// What makes the trainer stop, where the verdict is that it does.
  public var findings: [Diagnostic] = []
  /// The setting without which the verdict would be a better one.
  public var responsible: Counterfactual?
  /// All settings that were changed for a trial, in the order in which they were tried.
  public var counterfactuals: [Counterfactual] = []
  /// The parts that were run, the one that decides first.
  public var parts: [PartOutcome] = []
  public var basin: Basin?
  /// What the run needs on the card; nil where the trainer would not get that far.
  public var memory: Result<MemoryEstimate, MemoryUnknown>?
  /// What nothing in the file says, and was taken instead.
  public var assumptions: [String] = []
  /// What the trainer does and the dry run does not.
  public var notSimulated: [String] = []
}

/// The verdicts of a run, and that there is none.
public enum DryRunVerdict: String, Sendable, CaseIterable {
  case converges, slow, stalls, unstable, diverges
  /// The trainer would refuse or crash.
  case notRunnable = "not-runnable"
  /// Nothing here stands for what is trained, or for the optimizer.
  case notSimulated = "not-simulated"

  init(_ verdict: Verdict) {
    self =
      switch verdict {
      case .converges: .converges
      case .slow: .slow
      case .stalls: .stalls
      case .unstable: .unstable
      case .diverges: .diverges
      }
  }

  /// Whether it fails a gate of this name.
  public func fails(_ threshold: Threshold) -> Bool {
    switch threshold {
    case .never: false
    case .unstable: [.unstable, .diverges, .notRunnable].contains(self)
    case .stalls: [.stalls, .unstable, .diverges, .notRunnable].contains(self)
    case .slow: [.slow, .stalls, .unstable, .diverges, .notRunnable].contains(self)
    }
  }

  /// From which verdict on a gate fails.
  public enum Threshold: String, Sendable, CaseIterable {
    case unstable, stalls, slow, never
  }
}

/// A part of the model with its run.
public struct PartOutcome: Sendable {
  public let names: [String]
  public let settings: TrialSettings
  public let assessment: Assessment
  public let trajectory: Trajectory
  /// The same run at the rate divided by √10.
  public let cooler: Assessment
  /// Steps of the real run for each simulated one.
  public let stride: Double
}

/// The run with one setting changed.
public struct Counterfactual: Sendable {
  public let keyPath: String
  public let value: String
  public let instead: String
  public let assessment: Assessment
}
