internal import CArithmetic

/// A number as a tensor stores it: ``Float``, ``Double``, ``BFloat16`` or ``Half``.
///
/// The libraries compute narrow numbers in `Float` and round after each of their operations. A
/// kernel loads with ``wide``, computes in ``Arithmetic``, and calls ``rounded(_:)`` wherever the
/// library writes an intermediate result; for `Float` and `Double` that costs nothing.
public protocol StoredNumber: Sendable, Hashable, Codable {
  /// What the library computes in.
  associatedtype Arithmetic: TensorArithmetic

  static var format: NumberFormat { get }
  /// The stored value, exactly.
  var wide: Arithmetic { get }
  /// Rounds to the nearest, ties to even.
  init(rounding value: Arithmetic)
  /// Rounds up or down at random, so that the expected value is exact.
  ///
  /// - Parameter random: Uniform in 0...65535. Formats that hold the value round as usual.
  init(rounding value: Arithmetic, random: UInt16)

  /// So many zeros, in ``HugePages`` if they are many. Fast where the type is not known, too.
  static func zeros(_ count: Int) -> [Self]
  /// As ``zeros(_:)``, for numbers that would be copied when they are first written to.
  static func copy(of numbers: [Self]) -> [Self]

  /// The maker of this number among those of a family.
  static func maker(in makers: OptimizerMakers) -> OptimizerMaker<Self>
}

extension StoredNumber {
  public static var zero: Self { Self(rounding: 0) }

  /// The value after it has been stored and loaded again.
  @inline(__always) public static func rounded(_ value: Arithmetic) -> Arithmetic {
    Self(rounding: value).wide
  }

  public init(_ value: Double) { self.init(rounding: Arithmetic(value)) }
  public var double: Double { Double(wide) }
}

/// How the numbers of a tensor are stored.
public enum NumberFormat: String, Sendable, Hashable, Codable, CaseIterable {
  case float64, float32, bfloat16, float16, int32, int16, uint8, int8, bool

  /// Bytes of one number.
  public var width: Int {
    switch self {
    case .float64: 8
    case .float32, .int32: 4
    case .bfloat16, .float16, .int16: 2
    case .uint8, .int8, .bool: 1
    }
  }
}

/// What kernels compute in: `Float` or `Double`.
public protocol TensorArithmetic: BinaryFloatingPoint, StoredNumber, Sendable {
  /// √self, vectorised.
  var root: Self { get }
  /// a + b in a sum whose order is free, so that a loop of them is vectorised.
  static func summing(_ a: Self, _ b: Self) -> Self
  /// Σ aᵢ bᵢ through OpenBLAS.
  static func dot(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, count: Int, by algebra: LinearAlgebra
  ) -> Self
  /// c = a · b through OpenBLAS.
  static func multiply(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, _ c: UnsafeMutablePointer<Self>,
    _ shape: MatrixProduct, by algebra: LinearAlgebra)
}

extension Float: TensorArithmetic {
  public typealias Arithmetic = Float
  public static var format: NumberFormat { .float32 }
  @inline(__always) public var wide: Float { self }
  @inline(__always) public init(rounding value: Float) { self = value }
  @inline(__always) public init(rounding value: Float, random: UInt16) { self = value }
  @inline(__always) public var root: Float { root32(self) }
  @inline(__always) public static func summing(_ a: Float, _ b: Float) -> Float { sum32(a, b) }
  public static func maker(in makers: OptimizerMakers) -> OptimizerMaker<Float> { makers.float }
  public static func dot(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int, by algebra: LinearAlgebra
  ) -> Float { algebra.dot(a, b, count: count) }
}

extension Double: TensorArithmetic {
  public typealias Arithmetic = Double
  public static var format: NumberFormat { .float64 }
  @inline(__always) public var wide: Double { self }
  @inline(__always) public init(rounding value: Double) { self = value }
  @inline(__always) public init(rounding value: Double, random: UInt16) { self = value }
  @inline(__always) public var root: Double { root64(self) }
  @inline(__always) public static func summing(_ a: Double, _ b: Double) -> Double { sum64(a, b) }
  public static func maker(in makers: OptimizerMakers) -> OptimizerMaker<Double> { makers.double }
  public static func dot(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int, by algebra: LinearAlgebra
  ) -> Double { algebra.dot(a, b, count: count) }
}
