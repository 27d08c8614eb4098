public import Optimizers

/// ‖(W₀ + s B A) X - Y‖² / 2N with s = α/r: a LoRA on one frozen matrix.
///
/// Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models",
/// https://arxiv.org/abs/2106.09685: A starts at random and B at zero. The parameters are A of shape
/// [r, inputs] and B of [outputs, r].
public struct LowRankAdapter: Problem {
  private let outputs: Int
  private let inputs: Int
  private let r: Int
  private let samples: Int
  private let s: Double
  private let w0: [Double]
  private let x: [Double]
  private let y: [Double]
  public let start: [Tensor<Double>]

  public init(
    outputs: Int = 12, inputs: Int = 10, rank r: Int = 4, alpha: Double = 4, samples: Int = 16,
    seed: Int = 0
  ) {
    self.outputs = outputs
    self.inputs = inputs
    self.r = r
    self.samples = samples
    s = alpha / Double(r)
    w0 = Uniform.matrix(outputs, inputs, stream: seed + 300, times: 0.5)
    x = Uniform.matrix(inputs, samples, stream: seed + 400)
    y = Uniform.matrix(outputs, samples, stream: seed + 500)
    start = [
      Tensor(
        shape: [r, inputs], values: Uniform.matrix(r, inputs, stream: seed + 600, times: 0.5)),
      Tensor(zerosOf: [outputs, r]),
    ]
  }

  public func evaluate(
    _ parameters: [Tensor<Double>], gradients: inout [Tensor<Double>]
  ) -> Double {
    let (a, b) = (parameters[0].values, parameters[1].values)
    var w = Matrix.product(b, a, outputs, r, inputs)
    for i in w.indices { w[i] = w0[i] + s * w[i] }
    var e = Matrix.product(w, x, outputs, inputs, samples)
    Matrix.subtract(y, from: &e)
    var d = Matrix.product(e, x, outputs, samples, inputs, transposingSecond: true)
    for i in d.indices { d[i] /= Double(samples) }
    gradients[0].values = Matrix.product(b, d, r, outputs, inputs, transposingFirst: true)
      .map { s * $0 }
    gradients[1].values = Matrix.product(d, a, outputs, inputs, r, transposingSecond: true)
      .map { s * $0 }
    return Matrix.squareSum(e) / Double(2 * samples)
  }
}
