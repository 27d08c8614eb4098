internal import Optimizers

/// Numbers that are close to normally distributed, by seed and place: mean 0, variance 1.
///
/// Each is the sum of eight uniform numbers (Irwin 1927, Hall 1927), which needs no function of the C
/// library and so has the same bits on every machine; its tails end at ±4.9.
struct NormalNumbers: Sendable {
  private let numbers: RandomNumbers

  init(seed: UInt64, stream: Int) { numbers = RandomNumbers(seed: seed, stream: stream) }

  func number(_ place: Int) -> Double {
    Self.wordSum(numbers.number(2 * place)) + Self.wordSum(numbers.number(2 * place + 1))
  }

  func matrix(_ rows: Int, _ columns: Int) -> [Double] { (0..<rows * columns).map(number) }

  /// The sum of four 16-bit words, moved to mean 0 and variance ½.
  private static func wordSum(_ bits: UInt64) -> Double {
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return (Double(sum) / 65536 - 2 * (65535.0 / 65536)) * scale
  }

  /// √(½ · 12 / 4): a uniform number on [0, 1) has variance 1/12.
  private static let scale = (12.0 / 8).squareRoot()
}

/// Uniform numbers on (-1, 1), by seed and place.
struct UniformNumbers: Sendable {
  private let numbers: RandomNumbers

  init(seed: UInt64, stream: Int) { numbers = RandomNumbers(seed: seed, stream: stream) }

  func number(_ place: Int) -> Double {
    (Double(numbers.number(place) >> 11) + 0.5) / Double(1 << 52) - 1
  }
}
