/// What a check found.
public struct Deviations: Sendable, Hashable {
  /// What is accepted, as a share of what the rules accept.
  public let tolerance: Double
  /// How many records were compared.
  public internal(set) var records = 0
  /// How many 8-bit codes were rounded the other way.
  public internal(set) var roundedOtherwise = 0
  /// The largest, as a share of what is accepted.
  public private(set) var worst: Deviation?
  /// Those that are larger than what is accepted, as far as they are few.
  public private(set) var large: [Deviation] = []

  init(tolerance: Double) { self.tolerance = tolerance }

  mutating func add(_ deviation: Deviation) {
    if deviation.share > (worst?.share ?? -1) { worst = deviation }
    if deviation.share > tolerance, large.count < 1000 { large.append(deviation) }
  }

  /// The largest, as a share of what the rules accept; 0 if nothing was compared.
  public var share: Double { worst?.share ?? 0 }
}
