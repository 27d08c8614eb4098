public import Optimizers

/// ½ Σ hᵢ (xᵢ - cᵢ)², as steep in some directions as `condition` times that in others.
public struct Quadratic: Problem {
  /// hᵢ, from 0.01 upwards.
  private let curvature: [Double]
  /// cᵢ
  private let centre: [Double]
  public let start: [Tensor<Double>]

  /// - Parameters:
  ///   - count: How many numbers, at least 2.
  ///   - shape: How the tensor of them is shaped; a vector if left out.
  public init(count n: Int = 64, condition: Double = 1000, seed: Int = 0, shape: [Int]? = nil) {
    curvature = (0..<n).map { i in
      let t = Double(i) / Double(n - 1)
      return 0.01 * (1 + (condition - 1) * ((t * t) * t))
    }
    centre = (0..<n).map { 0.5 * Uniform.number($0, 1, stream: seed) }
    start = [
      Tensor(
        shape: shape ?? [n], values: (0..<n).map { 1 + 0.5 * Uniform.number($0, 0, stream: seed) })
    ]
  }

  public func evaluate(
    _ parameters: [Tensor<Double>], gradients: inout [Tensor<Double>]
  ) -> Double {
    let count = curvature.count
    return parameters[0].values.withUnsafeBufferPointer { x in
      gradients[0].values.withUnsafeMutableBufferPointer { g in
        var sum = 0.0
        for i in 0..<count {
          let distance = x[i] - centre[i]
          g[i] = curvature[i] * distance
          sum += g[i] * distance
        }
        return 0.5 * sum
      }
    }
  }
}
