/// Random numbers by place, not by turn: the number at a place is the same however many threads ask.
///
/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (SplitMix64), 2014.
public struct RandomNumbers: Sendable, Hashable, Codable {
  private var key: UInt64

  public init(seed: UInt64, stream: Int = 0) {
    key = Self.mixed(seed &+ Self.mixed(UInt64(bitPattern: Int64(stream)) &+ Self.step))
  }

  /// Goes on to the numbers of the next optimizer step.
  public mutating func advance() { key = Self.mixed(key &+ Self.step) }

  /// Uniform in 0...65535.
  @inline(__always) public func word(_ place: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: number(place) >> 48)
  }

  /// Uniform over all 64 bits.
  @inline(__always) public func number(_ place: Int) -> UInt64 {
    Self.mixed(key &+ UInt64(bitPattern: Int64(place)) &* Self.step)
  }

  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always) private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
