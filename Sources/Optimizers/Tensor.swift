/// Numbers in row-major order.
public struct Tensor<Element: StoredNumber>: Sendable, Hashable, Codable {
  /// Lengths of the dimensions, the slowest first; empty for a single number.
  public let shape: [Int]
  /// As many as the product of the lengths.
  public var values: [Element]

  public init(shape: [Int], values: [Element]) {
    precondition(
      shape.reduce(1, *) == values.count, "\(shape) does not hold \(values.count) values")
    self.shape = shape
    self.values = values
  }

  public init(zerosOf shape: [Int]) {
    self.init(shape: shape, values: Element.zeros(shape.reduce(1, *)))
  }

  public init(shape: [Int], doubles: [Double]) {
    self.init(shape: shape, values: doubles.map { Element($0) })
  }

  /// As many zeros, for state.
  func zeros() -> [Element] { Element.zeros(count) }
  func wideZeros() -> [Element.Arithmetic] { Element.Arithmetic.zeros(count) }
  /// The numbers in memory of their own, for state: an array would be copied at its first change.
  func copy() -> [Element] { Element.copy(of: values) }
  /// As ``copy()``, of the first number and every `step`-th after it.
  func copy(every step: Int) -> [Element] {
    step == 1 ? copy() : stride(from: 0, to: count, by: step).map { values[$0] }
  }
  /// Whether all of them are zeros, as in the up matrix of a LoRA.
  var isZero: Bool { values.allSatisfy { $0.wide == 0 } }

  public var count: Int { values.count }
  public var doubles: [Double] { values.map(\.double) }
}
