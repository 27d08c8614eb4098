/// P-LoRA: B A on one frozen layer learns a change that a teacher made.
///
/// Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", https://arxiv.org/abs/2106.09685:
/// A starts at random, uniform in ±1/√n, and B at zero. Of the r ranks at most 16 are simulated; the
/// output is scaled by r / r′, the gradients are not, as a row of A sees its own rank alone.
struct AdapterProblem: FoldedProblem {
  let layer: FoldedLayer
  /// r′
  private let ranks: Int
  /// f, from B A to the change X of the weights: α / r, the ranks left out, and q.
  private let reach: Double
  /// From the gradient of the weights to those of A and B: κ α / r q.
  private let gradientScale: Double
  let shapes: [[Int]]
  let start: [[Float]]
  /// S Uᵀ, [k, n₀], and U S, [n₀, k].
  private let scaledLeft: SmallMatrix
  private let leftScaled: SmallMatrix

  static let mostRanks = 16

  /// - Parameters:
  ///   - rank: r
  ///   - scale: α / r, or what else the trainer multiplies B A with.
  ///   - gradientSize: κ
  init(layer: FoldedLayer, rank: Int, scale: Double, gradientSize: Double, seed: UInt64) {
    self.layer = layer
    ranks = max(1, min(rank, Self.mostRanks))
    reach = scale * Double(max(1, rank)) / Double(ranks) * layer.fold
    gradientScale = gradientSize * scale * layer.fold
    let n = layer.size
    shapes = [[ranks, n], [n, ranks]]
    let uniform = UniformNumbers(seed: seed, stream: 6)
    let bound = 1 / Double(layer.width).squareRoot()
    start = [
      (0..<ranks * n).map { Float(bound * uniform.number($0)) },
      [Float](repeating: 0, count: n * ranks),
    ]
    var left = layer.left
    for i in 0..<n {
      for a in 0..<left.columns {
        left.values[i * left.columns + a] *= Float(layer.singular[a])
      }
    }
    leftScaled = left
    scaledLeft = left.transposed
  }

  /// The matrices on the way from parameters to gradients; r stands for r′.
  struct Workspace {
    /// Aᵀ, [n₀, r], and Bᵀ, [r, n₀].
    var at, bt: SmallMatrix
    /// A C, [r, n₀].
    var ac: SmallMatrix
    /// K = A C Aᵀ and Bᵀ B, [r, r].
    var kernel, gram: SmallMatrix
    /// Vᵀ C Aᵀ and S Uᵀ B, [k, r].
    var rightOfA, leftOfB: SmallMatrix
    /// Bᵀ U S, [r, k].
    var ofB: SmallMatrix
    /// Of shape A: signal, what the target asks for, noise.
    var signalA, askedA, noiseA: SmallMatrix
    /// The same of shape B.
    var signalB, askedB, noiseB: SmallMatrix
  }

  func workspace() -> Workspace {
    let (r, n, k) = (ranks, layer.size, layer.targetRank)
    let shapeA = SmallMatrix(r, n)
    let shapeB = SmallMatrix(n, r)
    return Workspace(
      at: shapeB, bt: shapeA, ac: shapeA, kernel: SmallMatrix(r, r), gram: SmallMatrix(r, r),
      rightOfA: SmallMatrix(k, r), leftOfB: SmallMatrix(k, r), ofB: SmallMatrix(r, k),
      signalA: shapeA, askedA: shapeA, noiseA: shapeA, signalB: shapeB, askedB: shapeB,
      noiseB: shapeB)
  }

  func evaluate(
    _ parameters: [[Float]], noise: Noise?, gradients: inout [[Float]],
    workspace w: inout Workspace
  ) -> FoldedLoss {
    let (r, n) = (ranks, layer.size)
    let a = SmallMatrix(r, n, parameters[0])
    let b = SmallMatrix(n, r, parameters[1])
    w.at.setTransposed(a)
    w.bt.setTransposed(b)
    w.ac.setProduct(a, layer.covariance)
    w.kernel.setProduct(w.ac, w.at)
    w.gram.setProduct(w.bt, b)
    w.rightOfA.setProduct(layer.rightCovariance, w.at)
    w.leftOfB.setProduct(scaledLeft, b)
    let change = reach * reach * w.gram.dot(w.kernel)
    let shared = reach * w.leftOfB.dot(w.rightOfA)
    let loss = FoldedLoss(error: change - 2 * shared + layer.startError, change: change)
    guard let noise else { return loss }
    // w (f B K - U S Vᵀ C Aᵀ) + N Aᵀ
    w.signalB.setProduct(b, w.kernel)
    w.askedB.setProduct(leftScaled, w.rightOfA)
    w.noiseB.setProduct(noise.rows, n, w.at)
    // w (f Bᵀ B A C - Bᵀ U S Vᵀ C) + Bᵀ N
    w.signalA.setProduct(w.gram, w.ac)
    w.ofB.setTransposed(w.leftOfB)
    w.askedA.setProduct(w.ofB, layer.rightCovariance)
    w.noiseA.setProduct(w.bt, noise.rows, n)
    let pull = layer.pull(at: loss.error)
    let factors = (
      signal: Float(gradientScale * pull * reach), asked: Float(-gradientScale * pull),
      noise: Float(gradientScale * noise.scale)
    )
    Self.combine(w.signalA, w.askedA, w.noiseA, factors, &gradients[0])
    Self.combine(w.signalB, w.askedB, w.noiseB, factors, &gradients[1])
    return loss
  }

  private static func combine(
    _ signal: SmallMatrix, _ asked: SmallMatrix, _ noise: SmallMatrix,
    _ factors: (signal: Float, asked: Float, noise: Float), _ gradient: inout [Float]
  ) {
    for i in gradient.indices {
      gradient[i] =
        factors.signal * signal.values[i] + factors.asked * asked.values[i]
        + factors.noise * noise.values[i]
    }
  }
}
