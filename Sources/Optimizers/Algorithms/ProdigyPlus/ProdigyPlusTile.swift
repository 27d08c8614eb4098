/// The update of a stretch of a parameter, in float32, short enough to stay in the nearest cache.
struct ProdigyPlusTile {
  static let length = 1024

  /// The update.
  let u: UnsafeMutablePointer<Float>
  private let rest: UnsafeMutableRawPointer

  static func withMemory(_ body: (ProdigyPlusTile) -> SIMD4<Double>) -> SIMD4<Double> {
    let width = MemoryLayout<Float>.stride * length
    // Twice that for the second moment, as it may be Double.
    return withUnsafeTemporaryAllocation(byteCount: 3 * width, alignment: 64) { memory in
      guard let start = memory.baseAddress else { return .zero }
      return body(
        ProdigyPlusTile(u: start.bindMemory(to: Float.self, capacity: length), rest: start + width))
    }
  }

  /// Room for the second moment.
  func squares<A: TensorArithmetic>(_ type: A.Type) -> UnsafeMutablePointer<A> {
    rest.bindMemory(to: A.self, capacity: Self.length)
  }

  /// Σ u²
  func squareSum(_ n: Int) -> SIMD4<Double> {
    var sum = 0.0
    for j in 0..<n { sum = .summing(sum, Double(u[j]) * Double(u[j])) }
    return SIMD4(sum, 0, 0, 0)
  }

  /// Σ u², Σ w·u, Σ w²
  func products<Element: StoredNumber>(_ n: Int, _ w: UnsafePointer<Element>) -> SIMD4<Double> {
    var update = 0.0
    var both = 0.0
    var weights = 0.0
    for j in 0..<n {
      let u = Double(u[j])
      let w = Double(w[j].wide)
      update = .summing(update, u * u)
      both = .summing(both, w * u)
      weights = .summing(weights, w * w)
    }
    return SIMD4(update, both, weights, 0)
  }
}

/// The part of an update at right angles to the weights, as long as the whole.
///
/// Prieto et al., "Grokking at the Edge of Numerical Stability" (OrthoGrad).
struct OrthogonalProjection {
  /// How much of the weights is in the update.
  private let along: Float
  private let length: Float
  private var scale: Float = 1

  /// Nil for weights of no length, which have no direction.
  ///
  /// - Parameter sums: Σ u², Σ w·u, Σ w².
  init?(_ sums: SIMD4<Double>) {
    guard Float(sums.z.squareRoot()) > 1e-30 else { return nil }
    length = Float(sums.x.squareRoot())
    along = Float(sums.y) / (Float(sums.z) + 1e-30)
  }

  /// - Parameter squareSum: Σ u² of what ``apply(_:_:_:)`` has left so far.
  mutating func scale(by squareSum: Double) {
    scale = length / (Float(squareSum.squareRoot()) + 1e-30)
  }

  func apply<Element: StoredNumber>(
    _ u: UnsafeMutablePointer<Float>, _ w: UnsafePointer<Element>, _ n: Int
  ) {
    for j in 0..<n { u[j] = u[j].plus(-along, times: Float(w[j].wide)) * scale }
  }
}
