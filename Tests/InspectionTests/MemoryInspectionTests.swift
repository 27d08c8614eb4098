import Inspection
import Knowledge
import Memory
import Optimizers
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// The memory of whole configs, as each trainer reads them.
@Suite struct MemoryInspectionTests {
  static func reports(
    _ name: String, _ text: String, script: String? = nil, data: String? = nil
  ) throws -> [MemoryReport] {
    let inspection = MemoryInspection(Inspector(options: ReadingOptions(script: script)))
    let neighbours = Neighbours { path in data.map { SourceFile(path: path, text: $0) } }
    return try inspection.estimates(
      SourceFile(path: name, text: text), neighbours: neighbours)
  }

  static func estimate(
    _ name: String, _ text: String, script: String? = nil, data: String? = nil
  ) throws -> MemoryEstimate {
    try #require(try reports(name, text, script: script, data: data).first).outcome.get()
  }

  @Test func oneTrainer() throws {
    let estimate = try Self.estimate("a.json", MemoryConfigs.oneTrainer)
    let run = estimate.run
    #expect(run.family.id == "sdxl")
    #expect(run.batch == 4 && run.width == 1024 && run.isAutocast)
    #expect(run.parts.filter(\.isResident).map(\.name) == ["unet"])
    #expect(run.denoiser?.checkpointing == .everyBlock)
    #expect(run.trained.groups.allSatisfy { $0.shape.format == .float32 })
    #expect(run.optimizer?.family.id == "PRODIGY")
  }

  @Test func aiToolkit() throws {
    let run = try Self.estimate("a.yaml", MemoryConfigs.aiToolkit).run
    #expect(run.family.id == "flux1_dev")
    #expect(run.width == 1024 && run.denoiser?.format == .float8)
    #expect(run.parts.filter(\.isResident).count == 1)
    #expect(run.optimizer?.family.id == "ADAMW_8BIT")
  }

  @Test(arguments: [(MemoryConfigs.simpleTunerData as String?, 512), (nil, 1024)])
  func simpleTuner(data: String?, width: Int) throws {
    let run = try Self.estimate("config.json", MemoryConfigs.simpleTuner, data: data).run
    #expect(run.family.id == "z_image")
    #expect(run.width == width)
    #expect(run.denoiser?.format == .int8SDNQ)
    #expect(run.assistant?.rank == 64)
    #expect(run.trained.parameters == 66_846_720)
    #expect(run.assumptions.contains { $0.contains("data sets") } == (data == nil))
  }

  @Test func kohya() throws {
    let run = try Self.estimate(
      "a.toml", MemoryConfigs.kohya, script: "sdxl_train_network"
    ).run
    #expect(run.family.id == "sdxl")
    #expect(run.parts.filter(\.isResident).map(\.name) == ["unet"])
    #expect(run.trained.parameters == 16 * 2_718_400)
  }

  /// Each saving is what the changed file itself is estimated at.
  @Test func savingsAreWhatTheFileWouldNeed() throws {
    let report = try #require(try Self.reports("a.json", MemoryConfigs.oneTrainer).first)
    let start = try report.outcome.get()
    #expect(report.savings.count >= 5)
    let sizes = report.savings.map(\.bytes)
    #expect(sizes == sizes.sorted(by: >))
    for saving in report.savings {
      let text = String(decoding: saving.changed.bytes, as: UTF8.self)
      let changed = try Self.estimate("a.json", text)
      #expect(start.peakBytes - changed.peakBytes == saving.bytes, "\(saving.change)")
      #expect(saving.bytes > 0 && !saving.cost.isEmpty)
    }
  }

  @Test func findsWhatFits() throws {
    let inspection = MemoryInspection(Inspector())
    let source = SourceFile(path: "a.json", text: MemoryConfigs.oneTrainer)
    let size = 10 << 30
    guard case .found(let steps, let estimate, let changed) = try inspection.fit(source, into: size)
    else {
      Issue.record("nothing found")
      return
    }
    #expect(estimate.peakBytes <= size && !steps.isEmpty)
    let text = String(decoding: changed.bytes, as: UTF8.self)
    #expect(try Self.estimate("a.json", text).peakBytes == estimate.peakBytes)
    if case .fits = try inspection.fit(source, into: 80 << 30) {
    } else {
      Issue.record("it fits as it is")
    }
    if case .tooLarge = try inspection.fit(source, into: 1 << 30) {
    } else {
      Issue.record("nothing trains SDXL in 1 GiB")
    }
  }

  /// The guides' claims, for a UNet with many 3x3 convolutions trained whole.
  @Test func optimizersAreInTheGuidesOrder() throws {
    func state(_ optimizer: String) throws -> Int {
      let text = MemoryConfigs.fullModel.replacing("ADAMW", with: optimizer)
      let estimate = try Self.estimate("a.json", text)
      return estimate.components.first { $0.name == .optimizerState }?.bytes ?? 0
    }
    let adamW = try state("ADAMW")
    #expect(try state("PRODIGY") > adamW)
    #expect(try state("LION") < adamW)
    #expect(try state("ADAMW_8BIT") < adamW)
    // Adafactor keeps 2.1 bytes for each parameter here, as 3x3 windows factor badly.
    #expect(try state("ADAFACTOR") > state("ADAMW_8BIT"))
  }

  @Test(
    arguments: [
      ("STABLE_DIFFUSION_15", "ANIMA", "unknown model 'ANIMA'"),
      (
        "STABLE_DIFFUSION_15", "STABLE_DIFFUSION_35",
        "unknown model: 'STABLE_DIFFUSION_35' from 'any/model' can be sd35_medium, sd35_large"
      ),
    ])
  func neverGuesses(old: String, new: String, words: String) throws {
    let text = MemoryConfigs.fullModel.replacing(old, with: new)
    let report = try #require(try Self.reports("a.json", text).first)
    #expect(throws: MemoryUnknown.self) { try report.outcome.get() }
    #expect(report.text(.init(width: 200)) == "a.json: I don't know: \(words)\n")
  }

  @Test func takesAModelThatIsNamed() throws {
    var inspection = MemoryInspection(Inspector())
    inspection.model = "sd35_medium"
    let text = MemoryConfigs.fullModel.replacing(
      "STABLE_DIFFUSION_15", with: "STABLE_DIFFUSION_35")
    let reports = try inspection.estimates(SourceFile(path: "a.json", text: text))
    #expect(try reports[0].outcome.get().run.family.id == "sd35_medium")
  }

  @Test(arguments: [60, 80, 100])
  func text(width: Int) throws {
    let report = try #require(try Self.reports("a.json", MemoryConfigs.oneTrainer).first)
    let text = report.text(.init(width: width))
    if width == 80 {
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
    let difference = try ExpectedOutput.difference(text, from: "memory-\(width).txt")
    #expect(difference == nil, "\(difference.map { "\($0)" } ?? "")")
  }

  @Test func json() throws {
    let report = try #require(try Self.reports("a.json", MemoryConfigs.oneTrainer).first)
    let difference = try ExpectedOutput.difference(
      report.json.serialized, from: "memory.json")
    #expect(difference == nil, "\(difference.map { "\($0)" } ?? "")")
  }

  @Test(
    arguments: [
      ("12GiB", 12 << 30), ("12 gib", 12 << 30), ("800MiB", 800 << 20), ("12GB", 12_000_000_000),
      ("1.5GiB", 3 << 29), ("12", nil), ("GiB", nil), ("-1GiB", nil), ("", nil), ("nanGiB", nil),
    ] as [(String, Int?)])
  func sizes(text: String, bytes: Int?) {
    #expect(Size.bytes(text) == bytes)
  }

  @Test(arguments: [(12 << 30, "12.0 GiB"), (800 << 20, "800 MiB"), (200 << 30, "200 GiB")])
  func sizesInWords(bytes: Int, text: String) {
    #expect(Size.text(bytes) == text)
  }
}
