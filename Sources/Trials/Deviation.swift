#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// How far one number is from its reference.
public struct Deviation: Sendable, Hashable {
  public let step: Int
  public let quantity: Quantity
  public let reference: Double
  public let found: Double
  /// The size of the deviation as a share of what is accepted.
  public let share: Double

  public init(
    step: Int, _ quantity: Quantity, reference: Double, found: Double, tolerance: Double
  ) {
    self.step = step
    self.quantity = quantity
    self.reference = reference
    self.found = found
    let size = abs(found - reference)
    // What is not a number is as wrong as can be.
    share = size == 0 ? 0 : size / tolerance >= 0 ? size / tolerance : .infinity
  }

  /// Accepts what is up to twice, and down to half, of the reference.
  init(step: Int, _ quantity: Quantity, reference: Double, withinFactorOfTwo found: Double) {
    self.step = step
    self.quantity = quantity
    self.reference = reference
    self.found = found
    let share = abs(log2(found / reference))
    self.share = found == reference ? 0 : share.isFinite ? share : .infinity
  }

  public var size: Double { abs(found - reference) }

  /// What is compared.
  public enum Quantity: Sendable, Hashable {
    case loss, rate
    /// One entry, the norm, and the sum of a tensor; `saved` of the weights that are saved.
    case entry(tensor: Int, index: Int, saved: Bool)
    case norm(tensor: Int, saved: Bool)
    case sum(tensor: Int, saved: Bool)
    /// What the library keeps as a number; `place` where there is one per parameter.
    case number(String, place: Int)
    /// A scale, one code, and the number of codes that differ, of a quantized state tensor.
    case scale(tensor: Int, state: Int, index: Int)
    case code(tensor: Int, state: Int, index: Int)
    case differingCodes(tensor: Int, state: Int)
    /// Something that is there on one side only.
    case presence(String)
    /// A sum in a line of the measured state sizes.
    case bytes(String, line: Int)
    /// An entry of a table.
    case table(String, index: Int)
  }
}

extension Deviation.Quantity: CustomStringConvertible {
  public var description: String {
    switch self {
    case .loss: "loss"
    case .rate: "lr"
    case .entry(let tensor, let index, let saved): "\(Self.name(saved))[\(tensor)][\(index)]"
    case .norm(let tensor, let saved): "\(Self.name(saved))[\(tensor)].l2"
    case .sum(let tensor, let saved): "\(Self.name(saved))[\(tensor)].sum"
    case .number(let name, let place): place == 0 ? name : "\(name)[\(place)]"
    case .scale(let tensor, let state, let index): "state8[\(tensor)].a\(state + 1)[\(index)]"
    case .code(let tensor, let state, let index): "state8[\(tensor)].c\(state + 1)[\(index)]"
    case .differingCodes(let tensor, let state):
      "codes that differ in state8[\(tensor)].c\(state + 1)"
    case .presence(let name): "number of \(name)"
    case .bytes(let name, let line): "\(name) in line \(line)"
    case .table(let name, let index): "\(name)[\(index)]"
    }
  }

  private static func name(_ saved: Bool) -> String { saved ? "eval_params" : "params" }
}
