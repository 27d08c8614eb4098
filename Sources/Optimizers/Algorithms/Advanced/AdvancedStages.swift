/// Operations on a piece of a tensor, each rounded as the library's tensor operation is.
///
/// `u` is changed; `g` and `w` are read. They are not inlined: a call for a piece costs nothing, and
/// the optimizers have many of them.
enum AdvancedStages<Number: StoredNumber> {
  typealias A = Number.Arithmetic
  typealias Buffer = UnsafeMutablePointer<A>

  /// u + share · (g − u)
  @inline(never) static func lerp(_ u: Buffer, to g: Buffer, _ share: Double, _ count: Int) {
    let lerp = Lerp<A>(share)
    for i in 0..<count { u[i] = Number.rounded(lerp(u[i], g[i])) }
  }

  /// u · decay + weight · g
  @inline(never) static func accumulate(
    _ u: Buffer, decay: Double, _ g: Buffer, weight: Double, _ count: Int
  ) {
    let decay = A(decay)
    let weight = A(weight)
    for i in 0..<count { u[i] = Number.rounded(Number.rounded(u[i] * decay) + weight * g[i]) }
  }

  /// u · decay + weight · g²
  @inline(never) static func accumulateSquares(
    _ u: Buffer, decay: Double, _ g: Buffer, weight: Double, _ count: Int
  ) {
    let decay = A(decay)
    let weight = A(weight)
    for i in 0..<count {
      u[i] = Number.rounded(Number.rounded(u[i] * decay) + weight * g[i] * g[i])
    }
  }

  /// u + weight · w
  @inline(never) static func add(_ u: Buffer, _ weight: Double, _ w: Buffer, _ count: Int) {
    let weight = A(weight)
    for i in 0..<count { u[i] = Number.rounded(u[i] + weight * w[i]) }
  }

  @inline(never) static func copy(_ u: Buffer, from g: Buffer, _ count: Int) {
    for i in 0..<count { u[i] = g[i] }
  }

  @inline(never) static func multiply(_ u: Buffer, by factor: Double, _ count: Int) {
    let factor = A(factor)
    for i in 0..<count { u[i] = Number.rounded(u[i] * factor) }
  }

  /// u, no further from 0 than this.
  @inline(never) static func clamp(_ u: Buffer, to bound: Double, _ count: Int) {
    let bound = Number(bound).wide
    for i in 0..<count { u[i] = min(max(u[i], -bound), bound) }
  }

  /// The sign of g on u's magnitude.
  @inline(never) static func takeSigns(_ u: Buffer, of g: Buffer, _ count: Int) {
    for i in 0..<count { u[i] = sign(g[i]) * u[i].magnitude }
  }

  /// u times `share` where its sign is that of g; else 0.
  @inline(never) static func mask(_ u: Buffer, by g: Buffer, _ share: A, _ count: Int) {
    for i in 0..<count {
      u[i] = Number.rounded(u[i] * (Number.rounded(u[i] * g[i]) > 0 ? share : 0))
    }
  }

  /// What an update that stays is multiplied by, so that the mean of these is 1 (but for few left).
  ///
  /// - Parameter average: Writes the gradient into the first buffer and the update into the second.
  static func cautiousShare(
    of grid: AdvancedGrid, buffers: Int, _ average: (AdvancedPiece, Buffer) -> Void
  ) -> A {
    let aligned = grid.sum(buffers: buffers, of: A.self) { piece, room in
      average(piece, room)
      let u = room + Sweep.piece
      var sum: Int32 = 0
      for i in 0..<piece.count { sum &+= Number.rounded(u[i] * room[i]) > 0 ? 1 : 0 }
      return A(sum)
    }
    let mean = Number.rounded(A(aligned / Double(grid.count)))
    return Number.rounded(1 / max(mean, Number(1e-3).wide))
  }

  /// u / (√w · correction + ε)
  @inline(never) static func divide(
    _ u: Buffer, byRoot w: Buffer, correction: Double, epsilon: Double, _ count: Int
  ) {
    let correction = A(correction)
    let epsilon = A(epsilon)
    for i in 0..<count {
      let root = Number.rounded(Number.rounded(w[i].root) * correction)
      u[i] = Number.rounded(u[i] / Number.rounded(root + epsilon))
    }
  }

  /// The angle of the point (√w · correction, u), within ±π/2.
  @inline(never) static func takeAngle(
    _ u: Buffer, overRoot w: Buffer, correction: Double, _ count: Int
  ) {
    let correction = A(correction)
    for i in 0..<count {
      let root = Number.rounded(Number.rounded(w[i].root) * correction)
      u[i] = Number.rounded(angle(u[i], root))
    }
  }

  @inline(__always) static func sign(_ x: A) -> A { x > 0 ? 1 : (x < 0 ? -1 : 0) }

  /// atan2(y, x) for x ≥ 0, without a branch.
  @inline(__always) private static func angle(_ y: A, _ x: A) -> A {
    let height = y.magnitude
    let low = min(height, x)
    let high = max(height, x)
    // Beyond tan(π/8) from the diagonal instead.
    let isSteep = low > high * A(0.41421356237309503)
    let isHigh = height > x
    let dividend = low - (isSteep ? high : 0)
    let divisor = high + (isSteep ? low : 0) + (high == 0 ? 1 : 0)
    let first = arctangent(dividend / divisor) + A(isSteep ? Double.pi / 4 : 0)
    let whole = A(isHigh ? Double.pi / 2 : 0) + (isHigh ? -1 : 1) * first
    let isNumber = height + x == height + x
    return (y < 0 ? -1 : 1) * whole * (isNumber ? 1 : .nan)
  }

  /// arctan t for |t| < 7/16: the polynomial of FreeBSD's `s_atan.c`, to the last digit of Double.
  @inline(__always) private static func arctangent(_ t: A) -> A {
    let z = t * t
    var sum = A(1.62858201153657823623e-02)
    sum = sum * z + A(-3.65315727442169155270e-02)
    sum = sum * z + A(4.97687799461593236017e-02)
    sum = sum * z + A(-5.83357013379057348645e-02)
    sum = sum * z + A(6.66107313738753120669e-02)
    sum = sum * z + A(-7.69187620504482999495e-02)
    sum = sum * z + A(9.09088713343650656196e-02)
    sum = sum * z + A(-1.11111104054623557880e-01)
    sum = sum * z + A(1.42857142725034663711e-01)
    sum = sum * z + A(-1.99999999998764832476e-01)
    sum = sum * z + A(3.33333333333329318027e-01)
    return t - t * z * sum
  }
}
