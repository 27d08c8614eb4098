/// A protocol buffer, taken apart field by field
/// (protobuf.dev/programming-guides/encoding). Unknown fields are passed over.
struct Message: Sequence, IteratorProtocol {
  struct Field {
    let number: Int
    let value: Value
  }

  enum Value {
    case variable(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>
  /// Whether a field could not be read; what came before stands.
  private(set) var isBroken = false

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func next() -> Field? {
    guard !rest.isEmpty, !isBroken else { return nil }
    guard let key = variable(), key >> 3 <= 536_870_911, let value = value(ofType: key & 7) else {
      isBroken = true
      return nil
    }
    return Field(number: Int(key >> 3), value: value)
  }

  private mutating func value(ofType type: UInt64) -> Value? {
    switch type {
    case 0: variable().map { .variable($0) }
    case 1: fixed(8).map { .fixed64($0) }
    case 2: bytes().map { .bytes($0) }
    case 5: fixed(4).map { .fixed32(UInt32(truncatingIfNeeded: $0)) }
    // Groups, which no event holds.
    default: nil
    }
  }

  private mutating func variable() -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      // The tenth byte has room for one bit.
      if shift == 63, byte > 1 { return nil }
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
    }
    return nil
  }

  private mutating func bytes() -> ArraySlice<UInt8>? {
    guard let count = variable() else { return nil }
    return take(count)
  }

  private mutating func fixed(_ count: Int) -> UInt64? {
    take(UInt64(count)).map { $0.littleEndian }
  }

  private mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}

extension Collection<UInt8> {
  /// Up to eight bytes as a number, the lowest first.
  var littleEndian: UInt64 {
    enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
  }
}
