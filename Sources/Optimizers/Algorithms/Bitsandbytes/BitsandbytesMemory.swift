/// What bitsandbytes keeps of one parameter.
struct BitsandbytesMemory: Codable, Sendable {
  var t = 0
  /// The first moment; the only one where there is one.
  var m: BitsandbytesMoment
  var v: BitsandbytesMoment
  /// The slow first moment of AdEMAMix.
  var slow: BitsandbytesMoment
  /// The last 100 squared norms of the gradient, where it is clipped by them.
  var norms: [Float]
}

/// One average over the steps: a number, or a code, for each number of the parameter.
struct BitsandbytesMoment: Codable, Sendable {
  /// Empty if there are codes.
  var numbers: [Float] = []
  /// Of ``DynamicMap``, times the scale.
  var codes: [UInt8] = []
  /// The largest magnitude of each block, or of the tensor.
  var scales: [Float] = []

  init() {}

  /// - Parameter scales: 0 for an average in 32 bits.
  init(_ count: Int, scales: Int) {
    if scales == 0 {
      numbers = Float.zeros(count)
    } else {
      codes = HugePages.array(repeating: 0, count: count)
      self.scales = [Float](repeating: 0, count: scales)
    }
  }
}

/// The averages that belong to one number.
struct BitsandbytesMoments: Sendable {
  var m: Float
  var v: Float
  var slow: Float
}

/// What a kernel does with one number.
protocol BitsandbytesRule: Sendable {
  associatedtype Element: StoredNumber
  /// How many averages are kept: 1 has m, 2 has v too, 3 the slow one as well.
  static var moments: Int { get }

  /// The parameter after the step.
  ///
  /// - Parameters:
  ///   - p: The parameter.
  ///   - raw: Its gradient, not clipped.
  func move(_ p: Float, _ raw: Float, _ s: inout BitsandbytesMoments) -> Float
  /// The update whose norm is bounded.
  func update(_ p: Float, _ raw: Float, _ s: BitsandbytesMoments) -> Float
  /// Multiplies what follows of the update, to bound its norm.
  mutating func bound(by scale: Float)
}

extension BitsandbytesRule {
  @inline(__always) func update(
    _ p: Float, _ raw: Float, _ s: BitsandbytesMoments
  ) -> Float { 0 }
  mutating func bound(by scale: Float) {}
}

extension StoredNumber {
  /// The stored value in 32 bits, exactly unless it has 64.
  @inline(__always) var single: Float { Float(wide) }
  @inline(__always) init(single: Float) { self.init(rounding: Arithmetic(single)) }
  /// The value after it has been stored and loaded again.
  @inline(__always) static func stored(_ value: Float) -> Float { Self(single: value).single }
}
