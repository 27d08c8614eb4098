public import Optimizers

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A recorded run of an optimizer: what was run, and what came out.
public struct GoldenCase: Sendable {
  public let id: String
  public let optimizer: String
  public let problem: any Problem
  /// In which the parameters and the state were kept.
  public let format: NumberFormat
  public let schedule: GoldenSchedule
  public let rate: Double
  /// All options but the learning rate.
  public let options: [String: HyperparameterValue]
  /// The code that made it.
  public let implementation: String
  /// By step.
  public let records: [GoldenRecord]
}

/// The learning rate over time.
public enum GoldenSchedule: Sendable, Hashable {
  case constant
  case warmup(steps: Int)
  case cosine

  /// What the rate of step `t`, counted from 0, is multiplied by.
  func factor(_ t: Int) -> Double {
    switch self {
    case .constant: 1
    case .warmup(let steps): min(1, Double(t + 1) / Double(steps))
    case .cosine: 0.5 * (1 + cos(.pi * Double(t) / 200))
    }
  }
}

/// What was seen after a number of steps.
public struct GoldenRecord: Sendable {
  public var step: Int
  public var loss: Double
  /// What is trained.
  public var parameters: [TensorSample]
  /// What is saved and sampled with, where that differs.
  public var evaluation: [TensorSample]?
  /// Of the step that follows; nil if not recorded.
  public var rate: Double?
  /// By the library's names; several values where there is one per parameter.
  public var internals: [String: [Double]]
  /// Quantized state: of each parameter, its tensors.
  public var codes: [[CodeSample]]?
  /// The largest change of a parameter, and that of the loss, if all gradients change by one unit
  /// in the last place.
  public var drift: Double
  public var driftOfLoss: Double
}

/// What is recorded of a tensor.
public struct TensorSample: Sendable, Hashable {
  /// Of the whole tensor.
  public let count: Int
  /// The first entries in row-major order.
  public let first: [Double]
  /// Root of the sum of squares.
  public let norm: Double
  public let sum: Double

  /// The largest magnitude among those recorded.
  var largest: Double { first.reduce(0) { max($0, abs($1)) } }
}

/// What is recorded of a quantized tensor: its first codes and scales.
public struct CodeSample: Sendable, Hashable {
  public let codes: [Int]
  public let scales: [Double]
}
