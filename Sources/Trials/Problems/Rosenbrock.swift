public import Optimizers

/// Σ 100 (xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)²: a narrow curved valley.
///
/// Rosenbrock, "An Automatic Method for Finding the Greatest or Least Value of a Function" (1960),
/// in n dimensions.
public struct Rosenbrock: Problem {
  public let start: [Tensor<Double>]

  /// - Parameter count: How many numbers, at least 2.
  public init(count n: Int = 2, scale: Double = 1) {
    start = [
      Tensor(shape: [n], values: (0..<n).map { ($0.isMultiple(of: 2) ? -1.2 : 1.0) * scale })
    ]
  }

  public func evaluate(
    _ parameters: [Tensor<Double>], gradients: inout [Tensor<Double>]
  ) -> Double {
    let x = parameters[0].values
    var g = [Double](repeating: 0, count: x.count)
    var loss = 0.0
    for i in 0..<x.count - 1 {
      let rise = x[i + 1] - x[i] * x[i]
      let rest = 1 - x[i]
      loss += 100 * rise * rise + rest * rest
      g[i] += -400 * x[i] * rise - 2 * rest
      g[i + 1] += 200 * rise
    }
    gradients[0].values = g
    return loss
  }
}
