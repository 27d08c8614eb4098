import Optimizers
import Testing

@Suite struct TrainingLengthTests {
  /// Images of each bucket, batch size, processes, and what mgds 3a6994a leaves of it.
  @Test(arguments: [
    ([10], 1, 1, 10), ([10], 4, 1, 2), ([10, 7, 3], 4, 1, 3), ([10], 2, 2, 2), ([3], 4, 1, 0),
    ([], 4, 1, 0),
  ])
  func oneTrainerDropsBatchesThatAreNotFull(
    buckets: [Int], batchSize: Int, processes: Int, batches: Int
  ) {
    let length = OneTrainerLength(
      buckets: buckets, batchSize: batchSize, processes: processes, epochs: 1)
    #expect(length.batchesPerEpoch == batches)
  }

  /// L, E and G, and the steps: accumulation goes on over the ends of epochs.
  @Test(arguments: [(10, 3, 1, 30), (10, 3, 4, 7), (1000, 1, 4, 250), (3, 1, 4, 0), (0, 9, 1, 0)])
  func oneTrainerCutsItsSteps(batches: Int, epochs: Int, accumulation: Int, steps: Int) {
    let length = OneTrainerLength(
      batchesPerEpoch: batches, epochs: epochs, accumulation: accumulation)
    #expect(length.plannedSteps == steps)
    #expect(length.length.steps == steps)
    #expect(length.length.batches == batches * epochs)
  }

  @Test func oneTrainerBalancesConcepts() {
    #expect(OneTrainerLength.images(7, balancing: 1.5, .repeats) == 10)
    #expect(OneTrainerLength.images(7, balancing: 0.1, .repeats) == 0)
    #expect(OneTrainerLength.images(7, balancing: 30, .samples) == 30)
  }

  @Test(arguments: [
    (OneTrainerRateScaler.none, 1.0), (.batch, 2), (.globalBatch, 4), (.accumulation, 3),
    (.both, 6),
    (.globalBoth, 12),
  ])
  func oneTrainerScalesRates(_ scaler: OneTrainerRateScaler, expected: Double) {
    #expect(scaler.scale(batchSize: 4, accumulation: 9, processes: 4) == expected)
  }

  /// From the loop of train_network.py of sd-scripts 48d368fa over accelerate 1.6.0's shards.
  @Test(arguments: [
    (KohyaLength.DataSet(buckets: [10, 7, 1], batchSize: 4), 1, 1, 6, 6),
    (.init(buckets: [10, 7, 1], batchSize: 4), 1, 4, 6, 2),
    (.init(buckets: [10, 7, 1], batchSize: 4), 4, 1, 2, 2),
    (.init(buckets: [25], batchSize: 1), 3, 2, 9, 5),
    (.init(buckets: [25, 0], batchSize: 1), 2, 13, 13, 1),
  ])
  func kohyaKeepsEveryBatch(
    dataSet: KohyaLength.DataSet, processes: Int, accumulation: Int, batches: Int, steps: Int
  ) throws {
    var settings = KohyaLength([dataSet])
    settings.processes = processes
    settings.accumulation = accumulation
    settings.maxEpochs = 3
    let length = try settings.length()
    #expect(length.batchesPerEpoch == batches)
    #expect(length.stepsPerEpoch == steps)
    #expect(length.steps == 3 * steps)
    #expect(length.batches == 3 * batches)
    settings.maxEpochs = nil
    settings.maxSteps = 3 * steps - 1
    #expect(try settings.length().epochs == (steps == 1 ? 2 : 3))
  }

  @Test func kohyaRefusesARunWithoutImages() {
    let error = #expect(throws: ScheduleError.self) { try KohyaLength([]).length() }
    #expect(error?.exception == .zeroDivisionError)
  }

  @Test(arguments: [(10, 1, 30, 30), (50, 1, 30, 30), (10, 4, 30, 32), (0, 1, 30, 0)])
  func kohyaRepeatsRegularisationImages(images: Int, repeats: Int, besides: Int, expected: Int) {
    let folder = KohyaLength.Regularisation(images: images, repeats: repeats)
    #expect(KohyaLength.regularisationImages([folder], besides: besides) == expected)
  }

  static func simpleTuner(
    _ buckets: [Int], repeats: Int = 0, b: Int = 1, processes: Int = 1, accumulation: Int = 1,
    steps: Int = 0,
    epochs: Int = 1
  ) -> SimpleTunerLength {
    var length = SimpleTunerLength([.init(buckets: buckets, repeats: repeats)])
    length.batchSize = b
    length.processes = processes
    length.accumulation = accumulation
    length.maxSteps = steps
    length.epochs = epochs
    return length
  }

  /// From the methods of SimpleTuner bc8e6ab.
  @Test(arguments: [
    (simpleTuner([10]), 10, 10, 1), (simpleTuner([10, 7], b: 4), 5, 5, 1),
    (simpleTuner([10], repeats: 2, b: 4), 8, 8, 1),
    (simpleTuner([10], accumulation: 4, epochs: 3), 3, 9, 3),
    (simpleTuner([11], processes: 3, epochs: 2), 4, 8, 2),
    (simpleTuner([10], steps: 37, epochs: 0), 10, 37, 4),
  ])
  func simpleTunerPlans(
    _ settings: SimpleTunerLength, stepsPerEpoch: Int, steps: Int, epochs: Int
  ) throws {
    let length = try settings.length()
    #expect(length.stepsPerEpoch == stepsPerEpoch)
    #expect(length.steps == steps)
    #expect(length.epochs == epochs)
  }

  @Test(arguments: [
    (simpleTuner([10], steps: 5), "num_train_epochs"),
    (simpleTuner([10], epochs: 0), "max_train_steps"),
    (simpleTuner([3], b: 4), "repeats"), (simpleTuner([]), "start_epoch"),
  ])
  func simpleTunerRefuses(_ settings: SimpleTunerLength, setting: String) {
    let error = #expect(throws: ScheduleError.self) { try settings.length() }
    #expect(error?.exception == .valueError)
    #expect(error?.setting == setting)
  }

  @Test func simpleTunerFillsSmallBuckets() throws {
    var settings = Self.simpleTuner([3, 20], b: 4, processes: 2)
    settings.allowsOversubscription = true
    #expect(try settings.length().batchesPerEpoch == 5)
    settings.dataSets[0].repeats = 1
    #expect(throws: ScheduleError.self) { try settings.length() }
  }

  @Test func simpleTunerPlansWithDataSetsThatComeLater() throws {
    var settings = Self.simpleTuner([10])
    settings.dataSets.append(.init(buckets: [30]))
    settings.dataSets[1].startEpoch = 5
    #expect(try settings.length().steps == 40)
    settings.dataSets[1].probability = 0
    #expect(try settings.length().steps == 10)
    settings.dataSets[0].startStep = 2
    #expect(throws: ScheduleError.self) { try settings.length() }
  }

  /// Iterations, batches of each, the older accumulation, and the optimizer steps.
  @Test(arguments: [(100, 1, 1, 100), (100, 4, 1, 100), (100, 1, 3, 33), (100, 1, 0, 100)])
  func aiToolkitCountsIterations(steps: Int, accumulation: Int, legacy: Int, updates: Int) {
    var settings = AIToolkitLength(steps: steps)
    settings.accumulation = accumulation
    settings.legacyAccumulation = legacy
    settings.batchesPerEpoch = 10
    #expect(settings.length.steps == updates)
    #expect(settings.length.batches == steps * accumulation)
    #expect(settings.length.epochs == 10 * accumulation)
  }

  @Test func aiToolkitRefusesBothWaysOfAccumulation() throws {
    var settings = AIToolkitLength(steps: 10)
    settings.legacyAccumulation = 2
    try settings.check()
    settings.accumulation = 2
    let error = #expect(throws: ScheduleError.self) { try settings.check() }
    #expect(error?.moment == .readingSettings)
    #expect(AIToolkitLength.batches(of: [10, 7, 0], batchSize: 4) == 5)
  }
}
