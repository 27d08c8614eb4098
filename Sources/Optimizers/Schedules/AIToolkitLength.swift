/// ai-toolkit's run (27a03a9, `jobs/process/BaseSDTrainProcess.py:2533-2615`): a loop of so many
/// iterations, whatever the images.
public struct AIToolkitLength: Hashable, Sendable {
  /// N, `train.steps`: iterations of the loop.
  public var steps: Int
  /// `train.gradient_accumulation`: batches of an iteration, whose gradients are added up.
  public var accumulation = 1
  /// `train.gradient_accumulation_steps`, the older way: iterations of an optimizer step, -1 for an
  /// epoch. The gradients of all but the last are thrown away.
  public var legacyAccumulation = 1
  /// Batches of an epoch; nil if the images are not known.
  public var batchesPerEpoch: Int?

  public init(steps: Int) { self.steps = steps }

  /// - Throws: What ai-toolkit refuses.
  public func check() throws(ScheduleError) {
    guard accumulation > 1, legacyAccumulation != 1 else { return }
    throw ScheduleError(
      .valueError, .readingSettings, "train.gradient_accumulation_steps",
      .whole(legacyAccumulation), "train.gradient_accumulation is set too")
  }

  /// Batches of an epoch of data sets that are cut into buckets.
  ///
  /// - Parameter buckets: Images of each bucket, repeats included, over all data sets. Batches that
  ///   are not full are filled up with their own images.
  public static func batches(of buckets: [Int], batchSize: Int) -> Int {
    buckets.reduce(0) { .sum($0, .ceiling($1, over: max(1, batchSize))) }
  }

  /// G: iterations of an optimizer step.
  var iterationsPerStep: Int {
    // The step for an epoch is made in the first iteration of the next.
    legacyAccumulation == -1 ? max(1, batchesPerEpoch ?? 1) : max(1, legacyAccumulation)
  }

  /// Iterations by which optimizer steps are late.
  var delay: Int { legacyAccumulation == -1 ? 1 : 0 }

  public var length: TrainingLength {
    let iterations = max(0, steps)
    let batches = Int.product(iterations, max(1, accumulation))
    let optimizerSteps = max(0, iterations - delay) / iterationsPerStep
    return TrainingLength(
      batchesPerEpoch: batchesPerEpoch,
      stepsPerEpoch: batchesPerEpoch.map {
        .ceiling($0, over: .product(max(1, accumulation), iterationsPerStep))
      }, batches: batches, steps: optimizerSteps,
      epochs: batchesPerEpoch.map { $0 > 0 ? .ceiling(batches, over: $0) : 0 })
  }
}
