internal import Optimizers

/// How far a number may be from a recorded one: `golden/README.md`, "Comparing".
struct AcceptanceRule {
  /// What a record is compared for.
  enum Kind {
    /// Everything.
    case numbers
    /// That the loss is finite and of the same size: a last bit changes the run.
    case size
  }

  let format: NumberFormat
  let optimizer: String
  /// The base rate of the run.
  let rate: Double

  init(_ golden: GoldenCase) {
    format = golden.format
    optimizer = golden.optimizer
    rate = golden.rate
  }

  /// u: half the distance from 1 to the next number.
  private var unit: Double {
    switch format {
    case .float64: 0x1p-53
    case .bfloat16: 0x1p-8
    case .float16: 0x1p-11
    default: 0x1p-24
    }
  }

  private var isNarrow: Bool { format == .bfloat16 || format == .float16 }

  func kind(of record: GoldenRecord) -> Kind {
    if isNarrow { return record.step <= 20 ? .numbers : .size }
    return record.drift <= 1e-4 ? .numbers : .size
  }

  /// For one entry of a tensor.
  func entry(_ record: GoldenRecord, _ sample: TensorSample) -> Double {
    // The library orthogonalises in bfloat16.
    if optimizer == "MUON" { return rate * 0.02 * Double(record.step) + unit * 16 }
    let magnitude = max(1, sample.largest)
    // One rounding of narrow weights is as large as all that may pile up in wide ones.
    return isNarrow
      ? 2 * unit * magnitude + record.drift : 16 * unit * magnitude + 50 * record.drift
  }

  /// For the loss, which follows the parameters by its slopes.
  func loss(_ record: GoldenRecord, slopes: [Double]) -> Double {
    let magnitude = max(1, abs(record.loss))
    if isNarrow { return 2 * unit * magnitude + record.driftOfLoss }
    let moved = zip(record.parameters, slopes).reduce(0) { $0 + entry(record, $1.0) * $1.1 }
    return 16 * unit * magnitude + 50 * record.driftOfLoss + moved + Self.digits * magnitude
  }

  /// For the norm and the sum: n entries that are each off by e move the sum by n e and the norm by
  /// √n e at most.
  func norm(_ record: GoldenRecord, _ sample: TensorSample) -> Double {
    entry(record, sample) * Double(sample.count).squareRoot() + Self.digits * sample.norm
  }
  func sum(_ record: GoldenRecord, _ sample: TensorSample) -> Double {
    entry(record, sample) * Double(sample.count) + Self.digits * abs(sample.sum)
  }

  /// Loss, norm and sum are written with 15 digits: half of the last.
  private static let digits = 5e-15

  /// For a number that the library keeps.
  func number(_ name: String, _ record: GoldenRecord, _ reference: Double) -> Double {
    if name == "k" { return 0 }
    if isNarrow { return 2 * unit * abs(reference) }
    switch name {
    case "d": return (1e-5 + 100 * record.drift) * abs(reference)
    // Sums over all parameters whose terms cancel: near the optimum they are all rounding.
    case "d_hat", "d_numerator", "d_denom", "numerator_weighted", "gsq_weighted", "sksq_weighted":
      return (1e-3 + 10_000 * record.drift) * abs(reference)
    // What is made of d, or of its square.
    default: return 2 * (1e-5 + 100 * record.drift) * abs(reference)
    }
  }

  /// For the scale of a block of codes.
  func scale(_ record: GoldenRecord, _ reference: Double) -> Double {
    (16 * unit + 50 * record.drift) * abs(reference)
  }
}
