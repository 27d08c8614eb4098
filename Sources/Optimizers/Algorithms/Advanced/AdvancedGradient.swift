/// The gradient as an optimizer of adv_optm 2.2.3 sees it: clipped, and without its part along the
/// weights.
///
/// Prieto et al., "Grokking at the Edge of Numerical Stability", Algorithm 1 (⊥Grad), as
/// `util/OrthoGrad.py` has it: in float32, and scaled back to the length of the gradient.
struct AdvancedGradient<Element: StoredNumber, Number: StoredNumber> {
  typealias A = Number.Arithmetic
  private let theta: UnsafePointer<Element>
  private let gradient: UnsafePointer<Element>
  private let count: Int
  /// What every gradient is multiplied by first; nil if it is short enough.
  private var clip: A?
  /// How much of the weights is taken off, and what the rest is multiplied by.
  private var projection: (share: Float, scale: Float)?

  /// - Parameter threshold: Longest gradient that is not clipped; 0 for none.
  init(
    _ gradient: UnsafePointer<Element>, _ theta: UnsafePointer<Element>, count: Int,
    threshold: Double = 0, orthogonal: Bool
  ) {
    self.theta = theta
    self.gradient = gradient
    self.count = count
    if threshold > 0 {
      let norm = Number.rounded(A(products().x.squareRoot()))
      if norm > A(threshold) { clip = Number.rounded(Number.rounded(1 / norm) * A(threshold)) }
    }
    guard orthogonal else { return }
    let sums = products()
    let share = Float(sums.y) / (Float(sums.z) + 1e-30)
    let across = Float(squareAcross(share)).squareRoot() + 1e-30
    projection = (share, Float(sums.x).squareRoot() / across)
  }

  /// g·g, g·θ and θ·θ.
  private func products() -> SIMD4<Double> {
    Sweep.sums(count) { range in
      var sums = SIMD4<Double>.zero
      Sweep.pieces(of: range, buffers: 1, of: A.self) { piece, room in
        load(AdvancedPiece(start: piece.lowerBound, count: piece.count), into: room)
        let theta = theta + piece.lowerBound
        var squareG: A = 0
        var both: Float = 0
        var squareTheta: Float = 0
        for i in 0..<piece.count {
          let w = Float(theta[i].wide)
          squareG = .summing(squareG, room[i] * room[i])
          both = .summing(both, Float(room[i]) * w)
          squareTheta = .summing(squareTheta, w * w)
        }
        sums += SIMD4(Double(squareG), Double(both), Double(squareTheta), 0)
      }
      return sums
    }
  }

  /// Σ (g − share · θ)²
  private func squareAcross(_ share: Float) -> Double {
    Sweep.sum(count) { range in
      var total = 0.0
      Sweep.pieces(of: range, buffers: 1, of: A.self) { piece, room in
        load(AdvancedPiece(start: piece.lowerBound, count: piece.count), into: room)
        let theta = theta + piece.lowerBound
        var sum: Float = 0
        for i in 0..<piece.count {
          let across = Float(room[i]) - Float(theta[i].wide) * share
          sum = .summing(sum, across * across)
        }
        total += Double(sum)
      }
      return total
    }
  }

  /// Σ g², of squares as the library rounds them.
  func sumOfSquares() -> Float {
    let sum = Sweep.sum(count) { range in
      var total = 0.0
      Sweep.pieces(of: range, buffers: 1, of: A.self) { piece, room in
        load(AdvancedPiece(start: piece.lowerBound, count: piece.count), into: room)
        var sum: A = 0
        for i in 0..<piece.count { sum = .summing(sum, Number.rounded(room[i] * room[i])) }
        total += Double(sum)
      }
      return total
    }
    return Float(Number.rounded(A(sum)))
  }

  /// One number of it, in float32.
  subscript(_ i: Int) -> Float {
    var g = A(gradient[i].wide)
    if let clip { g = Number.rounded(g * clip) }
    guard let projection else { return Float(g) }
    let across = Float(g) - Float(theta[i].wide) * projection.share
    return Float(Number.rounded(A(across * projection.scale)))
  }

  /// Writes a piece of it into a buffer.
  @inline(never) func load(_ piece: AdvancedPiece, into buffer: UnsafeMutablePointer<A>) {
    let gradient = gradient + piece.start
    let theta = theta + piece.start
    for i in 0..<piece.count { buffer[i] = A(gradient[i].wide) }
    if let clip {
      for i in 0..<piece.count { buffer[i] = Number.rounded(buffer[i] * clip) }
    }
    if let projection {
      for i in 0..<piece.count {
        let across = Float(buffer[i]) - Float(theta[i].wide) * projection.share
        buffer[i] = Number.rounded(A(across * projection.scale))
      }
    }
  }
}
