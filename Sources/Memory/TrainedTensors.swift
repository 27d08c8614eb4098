public import Knowledge
public import Optimizers

/// What is trained: tensors of one shape, with how many there are.
public struct TrainedTensors: Sendable {
  public struct Group: Sendable, Hashable {
    public let shape: ParameterShape
    public let count: Int
    public var bytes: Int { shape.count * shape.format.width * count }
  }

  public private(set) var groups: [Group] = []

  public init() {}

  /// A part that is trained itself.
  public mutating func add(_ component: ComponentShapes, format: NumberFormat) {
    for (shape, count) in component.allTensors {
      groups.append(Group(shape: ParameterShape(shape, format: format), count: count))
    }
  }

  /// An adapter beside a part.
  public mutating func add(
    _ adapter: AdapterShape, on component: ComponentShapes, format: NumberFormat
  ) {
    for layer in adapter.layers(of: component) {
      for tensor in adapter.tensors(of: layer) {
        groups.append(
          Group(
            shape: ParameterShape(
              tensor.shape, format: format, startsAtZero: tensor.startsAtZero), count: layer.count))
      }
    }
  }

  /// So many numbers of which no shapes are known, taken as one matrix.
  public mutating func add(parameters: Int, format: NumberFormat) {
    groups.append(Group(shape: ParameterShape([parameters / 64, 64], format: format), count: 1))
  }

  public var parameters: Int { groups.reduce(0) { $0 + $1.shape.count * $1.count } }
  public var bytes: Int { groups.reduce(0) { $0 + $1.bytes } }
  public var tensorCount: Int { groups.reduce(0) { $0 + $1.count } }
  /// Numbers in the largest tensor.
  public var largest: Int { groups.map(\.shape.count).max() ?? 0 }
  /// Bytes of gradients: each has the format of its tensor.
  public var largestBytes: Int { groups.map { $0.shape.count * $0.shape.format.width }.max() ?? 0 }
}
