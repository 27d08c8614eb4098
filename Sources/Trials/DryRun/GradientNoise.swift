internal import Optimizers

/// The noise of gradients: Z C^½ for normally distributed Z, as the gradient of a batch scatters where
/// its inputs lie.
///
/// A pool of rows is drawn once; a step takes as many rows as the layer has outputs from a random place
/// on, with a random sign. All runs on one layer share it, so that two rates see the same noise and
/// differ by the rate alone.
struct GradientNoise: Sendable {
  /// [rows, n₀]
  private let pool: [Float]
  private let size: Int
  private let places: RandomNumbers

  /// Rows besides those of one step.
  private static let spareRows = 8192

  init(_ layer: FoldedLayer, seed: UInt64) {
    size = layer.size
    let rows = Self.spareRows + layer.size
    let normal = NormalNumbers(seed: seed, stream: 4)
    let z = SmallMatrix(rows, size, (0..<rows * size).map { Float(normal.number($0)) })
    pool = z.product(layer.root).values
    places = RandomNumbers(seed: seed, stream: 5)
  }

  /// Hands over the noise of a step.
  ///
  /// - Parameter scale: ν
  func atStep<Result>(
    _ t: Int, scale: Double, _ body: (Noise) throws -> Result
  ) rethrows -> Result {
    let bits = places.number(t)
    let place = Int(bits >> 32) % (Self.spareRows + 1)
    return try pool.withUnsafeBufferPointer { pool in
      // The pool is never empty.
      guard let base = pool.baseAddress else { preconditionFailure("no noise") }
      return try body(
        Noise(rows: base + place * size, scale: bits & 1 == 0 ? scale : -scale))
    }
  }
}
