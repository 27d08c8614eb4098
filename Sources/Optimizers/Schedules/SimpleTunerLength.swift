/// SimpleTuner's run as it is planned (bc8e6ab, `helpers/training/trainer.py:3716-3900` and
/// `helpers/metadata/backends`).
///
/// The schedule is made for these steps. A run that is given in epochs plans with whole steps for
/// each, while accumulation goes on from one to the next, so that it may end a few steps early.
public struct SimpleTunerLength: Hashable, Sendable {
  public var dataSets: [DataSet]
  /// `train_batch_size`.
  public var batchSize = 1
  /// `max_train_steps`; 0 is none.
  public var maxSteps = 0
  /// `num_train_epochs`; 0 is none.
  public var epochs = 1
  /// `gradient_accumulation_steps`.
  public var accumulation = 1
  public var processes = 1
  /// `allow_dataset_oversubscription`.
  public var allowsOversubscription = false

  public struct DataSet: Hashable, Sendable {
    /// Images of each aspect bucket, without repeats.
    public var buckets: [Int]
    /// `repeats`: how often more than once.
    public var repeats = 0
    public var probability = 1.0
    public var startEpoch = 1
    public var startStep = 0

    public init(buckets: [Int], repeats: Int = 0) {
      self.buckets = buckets
      self.repeats = repeats
    }

    var startsAtOnce: Bool { startEpoch <= 1 && startStep <= 1 }
  }

  public init(_ dataSets: [DataSet]) { self.dataSets = dataSets }

  /// - Throws: What SimpleTuner refuses.
  public func length() throws(ScheduleError) -> TrainingLength {
    if maxSteps > 0, epochs > 0 {
      throw ScheduleError(
        .valueError, .readingSettings, "num_train_epochs", .whole(epochs),
        "it must be 0 beside max_train_steps")
    }
    var (all, first) = (0, 0)
    for dataSet in dataSets {
      let batches = try batches(of: dataSet)
      guard dataSet.probability > 0 else { continue }
      all = .sum(all, batches)
      if dataSet.startsAtOnce { first = .sum(first, batches) }
    }
    guard first > 0 else {
      throw ScheduleError(
        .valueError, .afterCaching, "start_epoch", .none, "no data set is there from the start")
    }
    if maxSteps == 0, epochs == 0 {
      throw ScheduleError(
        .valueError, .afterCaching, "max_train_steps", 0, "num_train_epochs is 0 too")
    }
    let accumulation = max(1, accumulation)
    let perEpoch = max(1, .ceiling(all, over: accumulation))
    let steps = maxSteps == 0 ? .product(epochs, perEpoch) : maxSteps
    return TrainingLength(
      batchesPerEpoch: all, stepsPerEpoch: perEpoch, batches: .product(steps, accumulation),
      steps: steps, epochs: maxSteps == 0 ? epochs : .ceiling(maxSteps, over: perEpoch))
  }

  /// Batches that the first process has of a data set in an epoch.
  private func batches(of dataSet: DataSet) throws(ScheduleError) -> Int {
    let uses = dataSet.repeats + 1
    let whole = Int.product(batchSize, .product(max(1, processes), max(1, accumulation)))
    var batches = 0
    for images in dataSet.buckets where images > 0 {
      var share = Int.ceiling(images, over: max(1, processes))
      if Int.product(images, uses) < whole {
        // Repeats of the user's own are not changed.
        guard allowsOversubscription, dataSet.repeats <= 0 else {
          throw ScheduleError(
            .valueError, .afterCaching, "repeats", .whole(dataSet.repeats),
            "a bucket of \(images) images does not fill \(whole) places of an optimizer step")
        }
        share = padded(images, to: whole)
      }
      let samples = Int.product(share, uses)
      if samples >= batchSize {
        batches = .sum(batches, .ceiling(samples, over: max(1, batchSize)))
      }
    }
    return batches
  }

  /// The share of a bucket that is repeated until it fills whole optimizer steps.
  private func padded(_ images: Int, to whole: Int) -> Int {
    let repeated = Int.product(images, .ceiling(whole, over: images))
    return Int.product(.ceiling(repeated, over: whole), whole) / max(1, processes)
  }
}
