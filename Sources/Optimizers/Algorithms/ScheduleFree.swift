#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far a schedule-free average has come.
///
/// The library keeps this once per group of parameters. It depends on the rates alone, so that
/// keeping it per parameter gives the same numbers however the parameters are grouped.
struct AverageProgress: Codable, Sendable {
  private(set) var k = 0
  private(set) var weightSum = 0.0
  /// The largest rate so far.
  private(set) var lrMax = -1.0
  /// The rate of the last step, after warmup.
  private(set) var scheduledLr = 0.0

  /// The factor of step k + 1 in a linear warmup over so many steps.
  ///
  /// The number is not rounded: below 1 it makes the first step longer.
  func warmup(over steps: Double) -> Double { Double(k) < steps ? Double(k + 1) / steps : 1 }

  /// Counts a step at this rate.
  ///
  /// - Returns: c of the paper, the share of the new z in the average: the step has the weight
  ///   kʳ · lrMaxᵖ.
  mutating func advance(
    rate: Double, r: Double, power: Double
  ) throws(OptimizerError) -> Double {
    scheduledLr = rate
    lrMax = max(rate, lrMax)
    k += 1
    let weight = try Self.power(Double(k), r, "r") * Self.power(lrMax, power, "weight_lr_power")
    weightSum += weight
    return weightSum == 0 ? 0 : weight / weightSum
  }

  /// A power where Python has one among the real numbers.
  private static func power(
    _ base: Double, _ exponent: Double, _ option: String
  ) throws(OptimizerError) -> Double {
    let result = pow(base, exponent)
    if base.isFinite && exponent.isFinite && !result.isFinite {
      throw .refused("\(base) cannot be raised to '\(option)' of \(exponent)")
    }
    return result
  }

  var internals: [String: Double] {
    [
      "k": Double(k), "weight_sum": weightSum, "lr_max": lrMax, "scheduled_lr": scheduledLr,
    ]
  }
}

/// The rectification of RAdam: how far to trust the mean square of the first steps.
///
/// Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", Algorithm 2.
struct Rectification {
  /// ρₜ, the length of the approximated simple moving average; up to 4 it is too short to use.
  let rho: Double
  /// rₜ; nil where ρₜ is too short, not a number where Python finds it among the complex ones.
  let factor: Double?

  init(beta2: Double, t: Int) {
    let decay = pow(beta2, Double(t))
    let longest = 2 / (1 - beta2) - 1
    let rho = longest - 2 * Double(t) * decay / (1 - decay)
    let shrunk = (rho - 4) * (rho - 2) * longest
    self.rho = rho
    factor = rho > 4 ? (shrunk / ((longest - 4) * (longest - 2) * rho)).squareRoot() : nil
  }

  /// The decay that makes of a mean that starts at 0 one that is corrected for it.
  static func correctedDecay(_ beta2: Double, t: Int) -> Double {
    1 - (1 - beta2) / (1 - pow(beta2, Double(t)))
  }
}

extension Tensor {
  /// x of a schedule-free optimizer, from its y: what the library's `eval()` puts in place.
  ///
  /// With a β₁ of 0 y holds nothing of x, and the library stops; here x is not finite.
  func averaged(z: [Element], beta1: Double) -> Tensor {
    let toX = Lerp<Element.Arithmetic>(1 - 1 / beta1)
    return Tensor(
      shape: shape,
      values: zip(values, z).map { y, z in Element(rounding: toX(y.wide, z.wide)) })
  }
}
