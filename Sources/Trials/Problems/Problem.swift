public import Optimizers

/// Something small to minimise, in closed form, so that an optimizer can be watched at work.
///
/// Data come from ``Uniform``; nothing but integers and + - · / is used, in a fixed order, so that
/// every machine and every language has the same bits.
public protocol Problem: Sendable {
  /// The parameters to begin with.
  var start: [Tensor<Double>] { get }

  /// The loss at these parameters.
  ///
  /// - Parameters:
  ///   - parameters: Of the shapes of ``start``.
  ///   - gradients: Of the same shapes; are overwritten.
  func evaluate(_ parameters: [Tensor<Double>], gradients: inout [Tensor<Double>]) -> Double
}

/// Numbers between -1 and 1 that look random and are the same everywhere.
public enum Uniform {
  /// The number at (i, j) of stream s, all from 0.
  ///
  /// The square wraps around at 64 bits, as NumPy's does.
  public static func number(_ i: Int, _ j: Int, stream s: Int) -> Double {
    let prime: Int64 = 1_000_003
    let place =
      (Int64(i) + 1) &* 7919 &+ (Int64(j) + 1) &* 104_729 &+ (Int64(s) + 1) &* 15_485_863
    let rest = (place &* place) % prime
    return 2 * Double(rest < 0 ? rest + prime : rest) / Double(prime) - 1
  }

  /// A matrix of such numbers, each times a factor.
  static func matrix(_ rows: Int, _ columns: Int, stream s: Int, times factor: Double = 1)
    -> [Double]
  {
    (0..<rows * columns).map { factor * number($0 / columns, $0 % columns, stream: s) }
  }
}
