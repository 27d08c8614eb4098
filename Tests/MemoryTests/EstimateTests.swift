import Knowledge
import Optimizers
import Testing

@testable import Memory

@Suite struct EstimateTests {
  static func run(
    _ id: String, _ method: MemoryRun.Method, _ format: WeightFormat = .bfloat16,
    optimizer: String = "ADAMW", trained: Optimizers.NumberFormat = .bfloat16
  ) throws -> MemoryRun {
    let family = try #require(Catalogue.family(id))
    var run = MemoryRun(
      backend: "onetrainer", family: family, method: method,
      parts: [
        .init(.denoiser, "unet", family.denoiser.flatMap(Catalogue.component), format: format)
      ]
    )
    run.parts[0].isTrained = true
    run.parts[0].checkpointing = .everyBlock
    run.trainedFormat = trained
    run.optimizer = OptimizerChoice.named(optimizer)
    (run.width, run.height) = (1024, 1024)
    return run
  }

  static func bytes(_ estimate: MemoryEstimate, _ name: MemoryEstimate.Component.Name) -> Int {
    estimate.components.first { $0.name == name }?.bytes ?? 0
  }

  @Test(
    arguments: [
      ("sdxl/unet", WeightFormat.float32, 4 * 2_567_463_684),
      ("sdxl/unet", .bfloat16, 2 * 2_567_463_684), ("sdxl/unet", .float8Cast, 2_567_463_684),
      ("sd35_medium/transformer", .bfloat16, 2 * (2_243_171_520 + 226_492_416)),
    ])
  func weights(id: String, format: WeightFormat, bytes: Int) throws {
    #expect(format.bytes(of: try #require(Catalogue.component(id))) == bytes)
  }

  @Test func packedWeightsAreInOrder() throws {
    let component = try #require(Catalogue.component("flux1_dev/transformer"))
    let sizes = [WeightFormat.float32, .bfloat16, .int8, .int6, .int5, .int4, .int3, .int2]
      .map { $0.bytes(of: component) }
    #expect(sizes == sizes.sorted(by: >))
    let share = Double(WeightFormat.nf4.bytes(of: component)) / 11_901_408_320
    #expect(share > 0.51 && share < 0.53)
  }

  /// State per parameter of SDXL trained whole in bfloat16, as the libraries keep it.
  @Test(
    arguments: [
      ("ADAMW", 4.0, 4.0), ("LION", 2, 2), ("PRODIGY", 8, 8), ("ADAFACTOR", 0.37, 0.39),
      ("ADAMW_8BIT", 2.02, 2.05), ("SGD", 0, 0),
    ])
  func stateOfAWholeModel(optimizer: String, low: Double, high: Double) throws {
    let run = try Self.run("sdxl", .full, optimizer: optimizer)
    let bytes = try #require(try run.optimizer?.stateBytes(run.trained))
    let each = Double(bytes) / Double(run.trained.parameters)
    // A few numbers are kept once for each tensor.
    #expect(each >= low - 0.001 && each <= high + 0.001)
  }

  /// Figures that users reported, in GB.
  @Test(
    arguments: [
      ("sd35_medium", "PRODIGY", 512, 27.2), ("sdxl", "PRODIGY", 1024, 33),
    ])
  func wholeModels(id: String, optimizer: String, side: Int, reported: Double) throws {
    var run = try Self.run(id, .full, optimizer: optimizer)
    (run.width, run.height) = (side, side)
    run.isAutocast = false
    let estimate = try MemoryEstimate(run)
    let error = Double(estimate.peakBytes) / 1e9 / reported - 1
    #expect(abs(error) < 0.2, "\(Double(estimate.peakBytes) / 1e9)")
  }

  @Test func fusedBackPassNeedsOneGradient() throws {
    var run = try Self.run("sdxl", .full, optimizer: "ADAFACTOR")
    let plain = try MemoryEstimate(run)
    run.hasFusedBackPass = true
    let fused = try MemoryEstimate(run)
    #expect(Self.bytes(fused, .gradients) <= run.trained.largestBytes)
    #expect(Self.bytes(plain, .gradients) == run.trained.bytes)
    #expect(fused.allocatedBytes < plain.allocatedBytes)
    run.accumulation = 2
    #expect(try MemoryEstimate(run).allocatedBytes >= plain.allocatedBytes)
  }

  /// What makes a run smaller makes its estimate smaller.
  struct Change: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let isSmaller: Bool
    let apply: @Sendable (inout MemoryRun) -> Void
  }

  static let changes = [
    Change(testDescription: "no checkpointing", isSmaller: false) {
      $0.parts[0].checkpointing = .off
    },
    Change(testDescription: "batch", isSmaller: false) { $0.batch = 4 },
    Change(testDescription: "average", isSmaller: false) { $0.average = .float32 },
    Change(testDescription: "float32", isSmaller: false) { $0.parts[0].format = .float32 },
    Change(testDescription: "pixels", isSmaller: true) { ($0.width, $0.height) = (512, 512) },
    Change(testDescription: "nf4", isSmaller: true) { $0.parts[0].format = .nf4 },
    Change(testDescription: "offloading", isSmaller: true) { $0.parts[0].offloadedShare = 0.5 },
    Change(testDescription: "swapping", isSmaller: true) { $0.parts[0].swappedBlocks = 10 },
    Change(testDescription: "Lion", isSmaller: true) { $0.optimizer = .named("LION") },
  ]

  @Test(arguments: changes)
  func changesGoTheRightWay(_ change: Change) throws {
    let adapter = AdapterShape(.lora, rank: 16, targets: .everyLayer)
    var run = try Self.run("flux1_dev", .adapter(adapter), trained: .float32)
    let before = try MemoryEstimate(run).allocatedBytes
    change.apply(&run)
    let after = try MemoryEstimate(run).allocatedBytes
    #expect(change.isSmaller ? after < before : after > before)
  }

  @Test func componentsAddUp() throws {
    let adapter = AdapterShape(.lora, rank: 16, targets: .everyLayer)
    let estimate = try MemoryEstimate(try Self.run("sdxl", .adapter(adapter), trained: .float32))
    #expect(estimate.components.reduce(0) { $0 + $1.bytes } == estimate.peakBytes)
    #expect(estimate.lowBytes < estimate.peakBytes && estimate.peakBytes < estimate.highBytes)
    #expect(estimate.confidence == .counted)
  }

  @Test func saysWhatIsNotKnown() throws {
    var run = try Self.run("sdxl", .full)
    run.recordsGraphs = true
    #expect(throws: MemoryUnknown.self) { try MemoryEstimate(run) }
    var other = try Self.run("sdxl", .full)
    other.optimizer = nil
    #expect(throws: MemoryUnknown.self) { try MemoryEstimate(other) }
  }
}
