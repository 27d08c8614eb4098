/// kohya sd-scripts' run (48d368fa, `library/train_util.py:1069-1083`, `train_network.py:798-804`
/// and the same lines in the other scripts).
public struct KohyaLength: Hashable, Sendable {
  /// Batches of an epoch, of all processes together.
  public var batches: Int
  /// `max_train_steps`.
  public var maxSteps = 1600
  /// `max_train_epochs`, which replaces it.
  public var maxEpochs: Int?
  /// `gradient_accumulation_steps`.
  public var accumulation = 1
  public var processes = 1

  public struct DataSet: Hashable, Sendable {
    /// Images of each bucket, repeats and regularisation images included.
    public var buckets: [Int]
    public var batchSize: Int

    public init(buckets: [Int], batchSize: Int) {
      self.buckets = buckets
      self.batchSize = batchSize
    }

    /// Each bucket has its own last batch, however small.
    var batches: Int { buckets.reduce(0) { .sum($0, .ceiling($1, over: max(1, batchSize))) } }
  }

  public init(batches: Int) { self.batches = batches }

  public init(_ dataSets: [DataSet]) {
    self.init(batches: dataSets.reduce(0) { .sum($0, $1.batches) })
  }

  /// A folder of regularisation images.
  public struct Regularisation: Hashable, Sendable {
    public var images: Int
    public var repeats: Int

    public init(images: Int, repeats: Int = 1) {
      self.images = images
      self.repeats = repeats
    }
  }

  /// How many regularisation images an epoch has, repeats included: as many as there are images to
  /// learn, or a few more where their own repeats overshoot.
  public static func regularisationImages(
    _ folders: [Regularisation], besides images: Int
  ) -> Int {
    var n = 0
    for folder in folders where folder.repeats > 0 && n < images {
      let needed = Int.ceiling(images - n, over: folder.repeats)
      n = .sum(n, .product(min(folder.images, needed), folder.repeats))
    }
    // Those that are there are repeated one by one.
    return n == 0 ? 0 : max(n, images)
  }

  /// Optimizer steps of an epoch. Accumulation ends with the epoch, however few its last batches.
  private var stepsPerEpoch: Int {
    .ceiling(batches, over: .product(max(1, processes), max(1, accumulation)))
  }

  /// - Throws: What is raised where there are no batches.
  public func length() throws(ScheduleError) -> TrainingLength {
    let perProcess = Int.ceiling(batches, over: max(1, processes))
    guard batches > 0 else {
      throw ScheduleError(
        .zeroDivisionError, .afterCaching, "max_train_steps", .whole(maxSteps),
        "it is divided by the steps of an epoch, and there are none")
    }
    let steps = max(0, maxEpochs.map { .product($0, stepsPerEpoch) } ?? maxSteps)
    // The epochs before the last are whole.
    let epochs = Int.ceiling(steps, over: stepsPerEpoch)
    let before = max(0, epochs - 1)
    let inLast = Int.product(steps - before * stepsPerEpoch, max(1, accumulation))
    return TrainingLength(
      batchesPerEpoch: perProcess, stepsPerEpoch: stepsPerEpoch,
      batches: .sum(.product(before, perProcess), min(inLast, perProcess)), steps: steps,
      epochs: epochs)
  }
}
