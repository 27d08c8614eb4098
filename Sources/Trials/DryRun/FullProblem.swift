/// P-full: the same layer, its own weights trained in the format they are stored in.
///
/// Weights start as N(0, 1/n), rounded to the format first, as a checkpoint has them: rounding is
/// relative, so that entries of real size lose what they lose in training.
struct FullProblem: FoldedProblem {
  let layer: FoldedLayer
  /// κ q
  private let gradientScale: Double
  let shapes: [[Int]]
  let start: [[Float]]

  /// - Parameters:
  ///   - rounded: To the storage format and back.
  ///   - gradientSize: κ
  init(
    layer: FoldedLayer, gradientSize: Double, seed: UInt64, rounded: (Double) -> Float
  ) {
    self.layer = layer
    gradientScale = gradientSize * layer.fold
    let n = layer.size
    shapes = [[n, n]]
    let normal = NormalNumbers(seed: seed, stream: 7)
    let spread = 1 / Double(layer.width).squareRoot()
    start = [(0..<n * n).map { rounded(spread * normal.number($0)) }]
  }

  struct Workspace {
    /// X - D and (X - D) C, [n₀, n₀].
    var difference, signal: SmallMatrix
  }

  func workspace() -> Workspace {
    let shape = SmallMatrix(layer.size, layer.size)
    return Workspace(difference: shape, signal: shape)
  }

  func evaluate(
    _ parameters: [[Float]], noise: Noise?, gradients: inout [[Float]],
    workspace w: inout Workspace
  ) -> FoldedLoss {
    let q = Float(layer.fold)
    Self.subtract(parameters[0], start[0], layer.target.values, q, &w.difference.values)
    w.signal.setProduct(w.difference, layer.covariance)
    let error = w.difference.dot(w.signal)
    // tr(X C Xᵀ) with X = E + D.
    let change = error + 2 * w.signal.dot(layer.target) + layer.startError
    let loss = FoldedLoss(error: error, change: change)
    guard let noise else { return loss }
    let signal = Float(gradientScale * layer.pull(at: error))
    let scatter = Float(gradientScale * noise.scale)
    for i in gradients[0].indices {
      gradients[0][i] = signal * w.signal.values[i] + scatter * noise.rows[i]
    }
    return loss
  }

  private static func subtract(
    _ now: [Float], _ start: [Float], _ target: [Float], _ q: Float, _ difference: inout [Float]
  ) {
    for i in difference.indices { difference[i] = q * (now[i] - start[i]) - target[i] }
  }
}
