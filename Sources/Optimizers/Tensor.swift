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

  public var count: Int { values.count }
  public var doubles: [Double] { values.map(\.double) }
}
