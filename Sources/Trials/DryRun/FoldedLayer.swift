/// A linear layer of a real width, folded to a small one, with a change of its weights to be learnt.
///
/// Inputs x have the covariance C, of mean eigenvalue 1 and a power-law spectrum λᵢ ~ 1/i (as in the
/// noisy quadratic model of Zhang et al. 2019, https://arxiv.org/abs/1907.04164) in a random basis, so
/// that no optimizer sees privileged axes. The change to be learnt is D = U S Vᵀ of rank k, with
/// singular values 1/i and right vectors among the inputs, scaled so that it moves the layer's output
/// by δ of its size: tr(D C Dᵀ) = δ² m.
///
/// Folding: a layer of n inputs and outputs is simulated with n₀. Parameters keep the size of real
/// entries, so that rates, decay, ε and rounding mean what they mean in training; only the forward map
/// is scaled, by √(n/n₀) √(n₁/n₀) with n₁ = 1280, the width at which δ is right. A step of one size in
/// every entry moves the output of an adapted layer by a share that does not depend on n, as its A has
/// entries of 1/√n, and that of a layer trained in full by √n; n/n₀ instead would make adapters of wide
/// models too hot, which are trained at the rates of narrow ones.
struct FoldedLayer: Sendable {
  /// n: inputs and outputs of the real layer.
  let width: Int
  /// n₀ = m₀: those of the simulated one.
  let size: Int
  /// k
  let targetRank: Int
  /// C, [n₀, n₀].
  let covariance: SmallMatrix
  /// C^½, [n₀, n₀].
  let root: SmallMatrix
  /// U, [n₀, k].
  let left: SmallMatrix
  /// S
  let singular: [Double]
  /// Vᵀ C, [k, n₀].
  let rightCovariance: SmallMatrix
  /// D, [n₀, n₀].
  let target: SmallMatrix
  /// e₀ = tr(D C Dᵀ): the error before training.
  let startError: Double
  /// ‖D C‖²: the square of the first gradient of the weights.
  let gradientSquare: Double

  /// δ: the change to be learnt moves the layer's output by 6 % of its root mean square.
  static let targetChange = 0.06
  /// R: where a change of the output is so large that the layer no longer works, 25 %.
  static let basinRadius = 0.25

  /// The width at which δ is right.
  static let usualWidth = 1280.0

  /// q, by which the forward map is scaled.
  var fold: Double { (Double(width) * Self.usualWidth).squareRoot() / Double(size) }

  init(width: Int, size: Int, targetRank k: Int, seed: UInt64) {
    self.width = width
    self.size = size
    targetRank = k
    let basis = Self.orthonormal(
      NormalNumbers(seed: seed, stream: 1).matrix(size, size), size, size)
    let harmonic = (1...size).reduce(0) { $0 + 1 / Double($1) }
    let spectrum = (1...size).map { Double(size) / harmonic / Double($0) }
    let c = Self.symmetric(basis, spectrum, size)
    let half = Self.symmetric(basis, spectrum.map { $0.squareRoot() }, size)
    // Columns are kept as rows until the end.
    let u = Self.orthonormal(NormalNumbers(seed: seed, stream: 2).matrix(k, size), k, size)
    let z = NormalNumbers(seed: seed, stream: 3).matrix(k, size)
    let v = Self.orthonormal(Self.product(z, half, k, size, size), k, size)
    let vc = Self.product(v, c, k, size, size)
    var shape = (1...k).map { 1 / Double($0) }
    let square = (0..<k).reduce(0) { sum, a in
      let reach = (0..<size).reduce(0) { $0 + vc[a * size + $1] * v[a * size + $1] }
      return sum + shape[a] * shape[a] * reach
    }
    let wanted = Self.targetChange * Self.targetChange * Double(size)
    let scale = (wanted / square).squareRoot()
    for a in shape.indices { shape[a] *= scale }
    singular = shape
    startError = wanted
    gradientSquare = (0..<k).reduce(0) { sum, a in
      let length = (0..<size).reduce(0) { $0 + vc[a * size + $1] * vc[a * size + $1] }
      return sum + shape[a] * shape[a] * length
    }
    covariance = SmallMatrix(size, size, c.map { Float($0) })
    root = SmallMatrix(size, size, half.map { Float($0) })
    left = SmallMatrix(k, size, u.map { Float($0) }).transposed
    rightCovariance = SmallMatrix(k, size, vc.map { Float($0) })
    var d = [Double](repeating: 0, count: size * size)
    for a in 0..<k {
      for i in 0..<size {
        for j in 0..<size { d[i * size + j] += u[a * size + i] * shape[a] * v[a * size + j] }
      }
    }
    target = SmallMatrix(size, size, d.map { Float($0) })
  }

  /// The derivative of the bounded error e / (1 + e / R² m) (Geman and McClure 1987): beyond R the way
  /// back fades and only noise is left.
  func pull(at error: Double) -> Double {
    let far = 1 + error / (Self.basinRadius * Self.basinRadius * Double(size))
    return 1 / (far * far)
  }

  /// The rows made orthonormal (Gram and Schmidt, each twice).
  private static func orthonormal(_ rows: [Double], _ count: Int, _ length: Int) -> [Double] {
    var q = rows
    for i in 0..<count {
      for _ in 0..<2 {
        for j in 0..<i {
          let dot = (0..<length).reduce(0) { $0 + q[i * length + $1] * q[j * length + $1] }
          for l in 0..<length { q[i * length + l] -= dot * q[j * length + l] }
        }
      }
      let norm = (0..<length).reduce(0) { $0 + q[i * length + $1] * q[i * length + $1] }
        .squareRoot()
      for l in 0..<length { q[i * length + l] /= norm }
    }
    return q
  }

  /// Qᵀ diag(λ) Q, for orthonormal rows Q.
  private static func symmetric(_ q: [Double], _ spectrum: [Double], _ n: Int) -> [Double] {
    var scaled = q
    var transposed = q
    for i in 0..<n {
      for j in 0..<n {
        scaled[i * n + j] = spectrum[i] * q[i * n + j]
        transposed[j * n + i] = q[i * n + j]
      }
    }
    return product(transposed, scaled, n, n, n)
  }

  /// [m, k] by [k, n].
  private static func product(
    _ a: [Double], _ b: [Double], _ m: Int, _ k: Int, _ n: Int
  ) -> [Double] {
    Matrix.product(a, b, m, k, n)
  }
}
