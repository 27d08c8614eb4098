public import SourceText
public import Trials

/// Optimizers, or values of one setting, side by side on the same problem with the same noise.
public struct Comparison: Sendable {
  public struct Entry: Sendable {
    /// `LION`, or `d_coef 0.5`.
    public let label: String
    /// The algorithm and its rate.
    public let optimizer: String
    public let rate: Double
    public let outcome: Outcome?
    /// Why there is no outcome.
    public let refusal: String?
    public let cost: StepCost?
  }

  /// How one did.
  public struct Outcome: Sendable {
    public let verdict: Verdict?
    /// The loss at the end, as a share of that at the start.
    public let end: Double
    /// The step after which the loss stays below a quarter of its start; nil for none.
    public let quarterAt: Int?
    /// The loss before each step, and the rate and what the optimizer makes of it.
    public let loss: [Double]
    public let rate: [Double]
    public let adaptedRate: [Double]
    public let basin: Basin?
    /// Steps of the real run for each simulated one.
    public let stride: Double
  }

  /// Memory and memory traffic of the optimizer.
  public struct StepCost: Sendable {
    /// Bytes that it keeps for each trained number.
    public let stateBytes: Double
    /// Bytes that a step reads and writes for each trained number: weights and state twice, the
    /// gradient once.
    public let traffic: Double
  }

  /// What they are compared on.
  public var problem: String
  public var steps: Int
  public var entries: [Entry]
  public var assumptions: [String] = []
}

extension Comparison.Outcome {
  /// - Parameter run: The run, with the same run at a cooler rate.
  init(_ run: Trajectory, _ assessment: Assessment, _ basin: Basin?, stride: Double) {
    verdict = assessment.verdict
    end = assessment.end
    quarterAt = Self.quarter(run.loss, stride)
    loss = run.loss
    rate = run.rate
    adaptedRate = run.adaptedRate
    self.basin = basin
    self.stride = stride
  }

  static func quarter(_ loss: [Double], _ stride: Double) -> Int? {
    guard let last = loss.last, last <= 0.25 else { return nil }
    let place = loss.lastIndex { !($0 <= 0.25) }.map { $0 + 1 } ?? 0
    return Int(Double(place) * stride)
  }
}

extension Comparison {
  /// For a gate.
  public var verdicts: [DryRunVerdict] {
    entries.compactMap { entry in
      entry.outcome?.verdict.map(DryRunVerdict.init) ?? (entry.outcome == nil ? .notRunnable : nil)
    }
  }
}
