public import Optimizers

/// ½ ‖A W - B‖²: one matrix, W of shape [k, n], fitted to data.
public struct LeastSquares: Problem {
  private let m: Int
  private let k: Int
  private let n: Int
  private let a: [Double]
  private let b: [Double]
  public let start: [Tensor<Double>]

  /// - Parameters:
  ///   - m: Rows of A and B.
  ///   - k: Rows of W.
  ///   - n: Columns of W and B.
  public init(m: Int = 24, k: Int = 16, n: Int = 12, seed: Int = 0) {
    self.m = m
    self.k = k
    self.n = n
    a = Uniform.matrix(m, k, stream: seed, times: 0.25)
    b = Uniform.matrix(m, n, stream: seed + 100)
    start = [
      Tensor(shape: [k, n], values: Uniform.matrix(k, n, stream: seed + 200, times: 0.5))
    ]
  }

  public func evaluate(
    _ parameters: [Tensor<Double>], gradients: inout [Tensor<Double>]
  ) -> Double {
    var rest = Matrix.product(a, parameters[0].values, m, k, n)
    Matrix.subtract(b, from: &rest)
    gradients[0].values = Matrix.product(a, rest, k, m, n, transposingFirst: true)
    return 0.5 * Matrix.squareSum(rest)
  }
}
