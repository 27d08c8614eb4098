public import Optimizers

/// Beale's function (1958), (1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)²: a flat valley with
/// steep walls, least at (3, ½).
public struct Beale: Problem {
  public let start: [Tensor<Double>] = [Tensor(shape: [2], values: [1, 1])]

  public init() {}

  public func evaluate(
    _ parameters: [Tensor<Double>], gradients: inout [Tensor<Double>]
  ) -> Double {
    let (x, y) = (parameters[0].values[0], parameters[0].values[1])
    let a = 1.5 - x + x * y
    let b = 2.25 - x + x * y * y
    let c = 2.625 - x + x * y * y * y
    gradients[0].values = [
      2 * a * (y - 1) + 2 * b * (y * y - 1) + 2 * c * (y * y * y - 1),
      2 * a * x + 4 * b * x * y + 6 * c * x * y * y,
    ]
    return a * a + b * b + c * c
  }
}

/// Rastrigin's function (1974), 10 n + Σ (xᵢ² - 10 cos 2π xᵢ): many minima, least at 0.
///
/// The cosine is its series, so that it has the same bits on every machine.
public struct Rastrigin: Problem {
  public let start: [Tensor<Double>]

  public init(count n: Int = 8) {
    start = [
      Tensor(shape: [n], values: (0..<n).map { 2.3 + 0.5 * Uniform.number($0, 0, stream: 11) })
    ]
  }

  public func evaluate(
    _ parameters: [Tensor<Double>], gradients: inout [Tensor<Double>]
  ) -> Double {
    let x = parameters[0].values
    var loss = 10 * Double(x.count)
    for i in x.indices {
      let (sine, cosine) = Self.wave(x[i])
      loss += x[i] * x[i] - 10 * cosine
      gradients[0].values[i] = 2 * x[i] + 20 * Double.pi * sine
    }
    return loss
  }

  /// sin and cos of 2π x, by their series about the nearest whole number.
  static func wave(_ x: Double) -> (sine: Double, cosine: Double) {
    guard x.isFinite else { return (.nan, .nan) }
    let angle = 2 * Double.pi * (x - x.rounded())
    let square = angle * angle
    var sine = 0.0
    var cosine = 0.0
    var term = 1.0
    for k in 0..<14 {
      cosine += term
      let odd = term * angle / Double(2 * k + 1)
      sine += odd
      term *= -square / Double((2 * k + 1) * (2 * k + 2))
    }
    return (sine, cosine)
  }
}

/// The noisy quadratic of Zhang et al. 2019 (https://arxiv.org/abs/1907.04164): ½ Σ hᵢ xᵢ² with hᵢ = 1/i,
/// and gradients that scatter with the variance hᵢ.
///
/// The noise is a function of the place, so that the same parameters have the same gradient.
public struct NoisyQuadratic: Problem {
  public let start: [Tensor<Double>]
  /// Of the noise's size.
  private let noise: Double

  public init(count n: Int = 256, noise: Double = 0.1) {
    start = [Tensor(shape: [n], values: (0..<n).map { Uniform.number($0, 0, stream: 12) })]
    self.noise = noise
  }

  public func evaluate(
    _ parameters: [Tensor<Double>], gradients: inout [Tensor<Double>]
  ) -> Double {
    let x = parameters[0].values
    var loss = 0.0
    let place = Int(truncatingIfNeeded: x.reduce(UInt64(0)) { $0 &* 31 &+ $1.bitPattern } >> 44)
    for i in x.indices {
      let h = 1 / Double(i + 1)
      loss += 0.5 * h * x[i] * x[i]
      let scatter = noise * h.squareRoot() * Uniform.number(i, place, stream: 13)
      gradients[0].values[i] = h * x[i] + scatter
    }
    return loss
  }
}
