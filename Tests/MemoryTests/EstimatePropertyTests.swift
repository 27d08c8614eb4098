import Knowledge
import Optimizers
import Testing

@testable import Memory

/// What must hold of every estimate.
@Suite struct EstimatePropertyTests {
  static let families = Catalogue.families.filter { $0.denoiser != nil || $0.table != nil }

  static func run(
    _ family: ModelFamily, rank: Int = 16, side: Int = 512, batch: Int = 1,
    _ format: WeightFormat = .bfloat16, _ checkpointing: Checkpointing = .everyBlock,
    isWhole: Bool = false, optimizer: String = "ADAMW"
  ) -> MemoryRun {
    var run = MemoryRun(
      backend: "simpletuner", family: family,
      method: isWhole
        ? .full
        : .adapter(AdapterShape(.lora, rank: rank, targets: .named(["to_q", "to_k", "to_v"]))),
      parts: [
        .init(
          .denoiser, "transformer", family.denoiser.flatMap(Catalogue.component), format: format)
      ])
    run.parts[0].isTrained = true
    run.parts[0].checkpointing = checkpointing
    run.trainedFormat = .bfloat16
    run.batch = batch
    (run.width, run.height) = (side, side)
    run.optimizer = OptimizerChoice.named(optimizer)
    return run
  }

  static let modes: [Checkpointing] = [
    .off, .everyBlock, .interval(2), .strided(interval: 2, stride: 4),
  ]

  /// More of anything never needs less.
  @Test(arguments: modes)
  func grows(checkpointing: Checkpointing) throws {
    for family in Self.families {
      for format in [WeightFormat.bfloat16, .int8SDNQ, .float8Dynamic, .nf4] {
        func peaks(_ runs: [MemoryRun]) -> [Int] {
          runs.compactMap { try? MemoryEstimate($0).peakBytes }
        }
        let series = [
          [1, 2, 3, 8].map { Self.run(family, batch: $0, format, checkpointing) },
          [256, 512, 768, 1024, 1536].map { Self.run(family, side: $0, format, checkpointing) },
          [1, 4, 16, 17, 64, 128].map { Self.run(family, rank: $0, format, checkpointing) },
        ]
        for runs in series {
          let found = peaks(runs)
          #expect(found == found.sorted(), "\(family.id) \(format) \(found)")
          #expect(found.isEmpty || found.count == runs.count)
        }
      }
    }
  }

  /// The parts add up to the whole, which lies within its interval.
  @Test func addsUp() throws {
    var count = 0
    for family in Self.families {
      for format in WeightFormat.allCases {
        for isWhole in [false, true] {
          let run = Self.run(family, format, isWhole: isWhole)
          guard let estimate = try? MemoryEstimate(run) else { continue }
          count += 1
          #expect(estimate.components.reduce(0) { $0 + $1.bytes } == estimate.peakBytes)
          #expect(estimate.components.allSatisfy { $0.bytes > 0 })
          #expect(estimate.lowBytes <= estimate.peakBytes)
          #expect(estimate.peakBytes <= estimate.highBytes)
          #expect(estimate.allocatedInterval.contains(estimate.allocatedBytes))
          #expect(estimate.allocatedBytes < estimate.peakBytes)
        }
      }
    }
    #expect(count > 500)
  }

  /// Fewer bits never need more.
  @Test func shrinksWithTheFormat() throws {
    for family in Self.families {
      guard let component = family.denoiser.flatMap(Catalogue.component) else { continue }
      let formats: [WeightFormat] = [
        .float32, .bfloat16, .ggufQ8, .ggufQ6K, .ggufQ5K, .ggufQ4K, .ggufQ3K, .ggufQ2K,
      ]
      let sizes = formats.map { $0.bytes(of: component) }
      #expect(sizes == sizes.sorted(by: >), "\(family.id) \(sizes)")
    }
  }
}
