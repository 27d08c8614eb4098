import Optimizers

/// What the tensors of a state really hold, found by looking at every property.
enum StateSize {
  /// Bytes of all arrays of stored numbers and codes; single numbers are not counted.
  static func bytes(of value: Any) -> Int {
    switch value {
    case let values as [Float]: values.count * 4
    case let values as [Double]: values.count * 8
    case let values as [BFloat16]: values.count * 2
    case let values as [Half]: values.count * 2
    case let values as [UInt8]: values.count
    case let values as [Int8]: values.count
    default: Mirror(reflecting: value).children.reduce(0) { $0 + bytes(of: $1.value) }
    }
  }
}
