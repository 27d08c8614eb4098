#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The direction of a step for a norm between that of signs and that of lengths.
///
/// Chen et al., "Lion Secretly Solves Constrained Optimization: As Lyapunov Predicts" (Lion-K with
/// an Lp norm), as adv_optm 2.2.3 has it (`util/lion_k.py`): whatever p, the step is as long as one
/// of signs.
struct AdvancedDirection<Number: StoredNumber> {
  typealias A = Number.Arithmetic
  /// p: 1 takes signs, 2 keeps the direction.
  private let kappa: Double
  private let length: A
  /// What is divided by before it is multiplied by the length.
  private var norm: A = 1

  /// - Parameters:
  ///   - dimensions: Of the parameter.
  ///   - automatic: Whether p is 2 for convolutions and 1 for all else.
  ///   - raw: Writes what the step is made of into the second buffer.
  init(
    kappa: Double, automatic: Bool, dimensions: Int, _ grid: AdvancedGrid, buffers: Int,
    _ raw: (AdvancedPiece, UnsafeMutablePointer<A>) -> Void
  ) {
    self.kappa = automatic ? (dimensions >= 4 ? 2 : 1) : kappa
    length = A(Double(grid.count).squareRoot())
    guard self.kappa != 1 else { return }
    let square = grid.sum(buffers: buffers, of: A.self) { [self] piece, room in
      raw(piece, room)
      let u = room + Sweep.piece
      raise(u, piece.count)
      var sum: A = 0
      for i in 0..<piece.count { sum = .summing(sum, u[i] * u[i]) }
      return sum
    }
    norm = max(Number.rounded(A(square.squareRoot())), Number(1e-12).wide)
  }

  /// Turns what the step is made of into its direction.
  @inline(never) func take(_ u: UnsafeMutablePointer<A>, _ count: Int) {
    if kappa == 1 {
      for i in 0..<count { u[i] = AdvancedStages<Number>.sign(u[i]) }
    } else {
      raise(u, count)
      for i in 0..<count { u[i] = Number.rounded(Number.rounded(u[i] / norm) * length) }
    }
  }

  /// |u|ᵖ⁻¹ with the sign of u.
  private func raise(_ u: UnsafeMutablePointer<A>, _ count: Int) {
    guard kappa != 2 else { return }
    for i in 0..<count {
      let power = Number.rounded(A(pow(Double(u[i].magnitude), kappa - 1)))
      u[i] = AdvancedStages<Number>.sign(u[i]) * power
    }
  }
}
