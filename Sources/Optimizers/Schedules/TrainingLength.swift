/// How long a run is.
public struct TrainingLength: Hashable, Sendable {
  /// Batches that one process works through in an epoch; nil if the images are not known.
  public var batchesPerEpoch: Int?
  /// Optimizer steps that the trainer reckons with for an epoch; nil if the images are not known.
  public var stepsPerEpoch: Int?
  /// Batches that one process works through in the run.
  public var batches: Int
  /// Optimizer steps of the run.
  public var steps: Int
  /// Epochs that are begun; nil if the images are not known.
  public var epochs: Int?
}

/// OneTrainer's run (23df3832, `modules/util/create.py:1123-1124`, and mgds 3a6994a).
public struct OneTrainerLength: Hashable, Sendable {
  /// L: batches that one process works through in an epoch.
  public var batchesPerEpoch: Int
  /// E.
  public var epochs: Int
  /// G, `gradient_accumulation_steps`.
  public var accumulation: Int

  public init(batchesPerEpoch: Int, epochs: Int, accumulation: Int = 1) {
    self.batchesPerEpoch = batchesPerEpoch
    self.epochs = epochs
    self.accumulation = accumulation
  }

  /// - Parameters:
  ///   - buckets: Images of each aspect bucket, balanced, over all concepts.
  ///   - batchSize: Of one process.
  public init(
    buckets: [Int], batchSize: Int, processes: Int = 1, epochs: Int, accumulation: Int = 1
  ) {
    // Batches that are not full in all processes are dropped.
    let whole = Int.product(max(1, batchSize), max(1, processes))
    self.init(
      batchesPerEpoch: buckets.reduce(0) { .sum($0, $1 / whole) }, epochs: epochs,
      accumulation: accumulation)
  }

  /// How a concept's `balancing` is meant.
  public enum Balancing: String, Hashable, Sendable, CaseIterable {
    case repeats = "REPEATS"
    case samples = "SAMPLES"
  }

  /// The images that a concept contributes to an epoch.
  public static func images(_ images: Int, balancing: Double, _ strategy: Balancing) -> Int {
    switch strategy {
    case .repeats: .truncating((Double(images) * balancing).rounded(.down))
    case .samples: images == 0 ? 0 : .truncating(balancing)
    }
  }

  /// T: what the schedule is made for. Accumulation goes on from one epoch to the next.
  public var plannedSteps: Int {
    accumulation == 0
      ? 0 : .truncating(Double(Int.product(batchesPerEpoch, epochs)) / Double(accumulation))
  }

  public var length: TrainingLength {
    let batches = Int.product(batchesPerEpoch, max(0, epochs))
    return TrainingLength(
      batchesPerEpoch: batchesPerEpoch,
      stepsPerEpoch: accumulation > 0 ? batchesPerEpoch / accumulation : nil, batches: batches,
      steps: accumulation > 0 ? batches / accumulation : 0, epochs: max(0, epochs))
  }
}

/// `learning_rate_scaler`: OneTrainer multiplies every rate by the square root of a count.
public enum OneTrainerRateScaler: String, Hashable, Sendable, CaseIterable {
  case none = "NONE"
  case batch = "BATCH"
  case globalBatch = "GLOBAL_BATCH"
  case accumulation = "GRADIENT_ACCUMULATION"
  case both = "BOTH"
  case globalBoth = "GLOBAL_BOTH"

  /// What rates are multiplied by.
  public func scale(batchSize: Int, accumulation: Int, processes: Int = 1) -> Double {
    let count =
      switch self {
      case .none: 1
      case .batch: batchSize
      case .globalBatch: Int.product(batchSize, processes)
      case .accumulation: accumulation
      case .both: Int.product(batchSize, accumulation)
      case .globalBoth: Int.product(.product(batchSize, accumulation), processes)
      }
    return Double(count).squareRoot()
  }
}
