import Inspection
import Knowledge
import Memory
import Optimizers
import Reporting
import SourceText
import TestSupport
import Testing

/// The same run with other optimizers: what the guides claim, for models of several kinds.
@Suite struct OptimizerAlternativeTests {
  static func whole(
    _ model: String, _ base: String = "any/model", part: String = "unet",
    optimizer: String = #"{"optimizer": "ADAMW"}"#, accumulation: Int = 1
  ) -> String {
    """
    {"__version": 11, "training_method": "FINE_TUNE", "model_type": "\(model)",
     "base_model_name": "\(base)", "resolution": "512", "batch_size": 1,
     "gradient_accumulation_steps": \(accumulation), "train_dtype": "BFLOAT_16",
     "\(part)": {"train": true, "weight_dtype": "FLOAT_32"},
     "text_encoder": {"train": false, "weight_dtype": "BFLOAT_16"},
     "text_encoder_2": {"train": false, "weight_dtype": "BFLOAT_16"},
     "optimizer": \(optimizer)}
    """
  }

  static func rows(
    _ text: String, name: String = "a.json", script: String? = nil
  ) throws -> [OptimizerAlternative] {
    try #require(try MemoryInspectionTests.reports(name, text, script: script).first).optimizers
  }

  static func state(_ name: String, _ rows: [OptimizerAlternative]) throws -> Int {
    try #require(rows.first { $0.name == name }, "\(rows.map(\.name))").stateBytes
  }

  /// Adafactor keeps next to nothing of matrices and two thirds of a copy of 3x3 convolutions, 8-bit
  /// AdamW a quarter of two copies of everything: which is less depends on the convolutions.
  @Test(
    arguments: [
      ("STABLE_DIFFUSION_15", "unet", true), ("STABLE_DIFFUSION_XL_10_BASE", "unet", false),
      ("PIXART_SIGMA", "transformer", false), ("FLUX_DEV_1", "transformer", false),
    ])
  func adafactorAgainstEightBits(model: String, part: String, needsMore: Bool) throws {
    let rows = try Self.rows(Self.whole(model, part: part))
    let adafactor = try Self.state("Adafactor", rows)
    let eightBit = try Self.state("AdamW, 8 bits", rows)
    #expect((adafactor > eightBit) == needsMore, "\(adafactor) \(eightBit)")
    #expect(adafactor < (try Self.state("AdamW", rows)))
  }

  @Test(arguments: [("STABLE_DIFFUSION_15", "unet"), ("PIXART_SIGMA", "transformer")])
  func lionIsLowestAndProdigyHighest(model: String, part: String) throws {
    let rows = try Self.rows(Self.whole(model, part: part))
    let (lion, adamW) = (try Self.state("Lion", rows), try Self.state("AdamW", rows))
    let prodigy = try Self.state("Prodigy", rows)
    #expect(lion < adamW && adamW < prodigy)
    // One copy against two.
    #expect(abs(Double(lion) / Double(adamW) - 0.5) < 0.001)
  }

  /// beta1 makes Adafactor keep a mean of each weight: one copy in float32, to the byte.
  @Test(arguments: [("STABLE_DIFFUSION_15", "unet"), ("PIXART_SIGMA", "transformer")])
  func beta1CostsACopy(model: String, part: String) throws {
    let text = Self.whole(model, part: part)
    let rows = try Self.rows(text)
    let report = try #require(try MemoryInspectionTests.reports("a.json", text).first)
    let parameters = try report.outcome.get().run.trained.parameters
    let more =
      try Self.state("Adafactor with beta1", rows) - Self.state("Adafactor", rows)
    #expect(more == 4 * parameters)
  }

  /// Every row is what the changed file itself is estimated at.
  @Test(arguments: ["ADAMW_8BIT", "LION", "PRODIGY", "CAME"])
  func rowsAreWhatTheFileWouldNeed(optimizer: String) throws {
    let titles = [
      "ADAMW_8BIT": "AdamW, 8 bits", "LION": "Lion", "PRODIGY": "Prodigy", "CAME": "CAME",
    ]
    let rows = try Self.rows(Self.whole("STABLE_DIFFUSION_15"))
    let row = try #require(rows.first { $0.name == titles[optimizer] })
    let changed = try MemoryInspectionTests.estimate(
      "a.json", Self.whole("STABLE_DIFFUSION_15", optimizer: #"{"optimizer": "\#(optimizer)"}"#))
    #expect(row.peakBytes == changed.peakBytes)
  }

  /// A fused back pass frees gradients only where they need not be kept for the next batch.
  @Test(arguments: [(1, true), (4, false)])
  func fusedOnlyWithoutAccumulation(accumulation: Int, isOffered: Bool) throws {
    let rows = try Self.rows(Self.whole("STABLE_DIFFUSION_15", accumulation: accumulation))
    let fused = rows.first { $0.name == "Adafactor, fused back pass" }
    #expect((fused != nil) == isOffered)
    guard let fused else { return }
    let plain = try #require(rows.first { $0.name == "Adafactor" })
    #expect(fused.gradientBytes < plain.gradientBytes / 10)
    #expect(fused.peakBytes < plain.peakBytes && fused.stateBytes == plain.stateBytes)
  }

  @Test func theRunItselfIsMarkedOnce() throws {
    for name in ["ADAMW", "LION", "SGD", "ADAFACTOR"] {
      let text = Self.whole("STABLE_DIFFUSION_15", optimizer: #"{"optimizer": "\#(name)"}"#)
      let report = try #require(try MemoryInspectionTests.reports("a.json", text).first)
      let current = report.optimizers.filter(\.isCurrent)
      #expect(current.count == 1)
      #expect(current.first?.peakBytes == (try report.outcome.get().peakBytes), "\(name)")
      #expect(Set(report.optimizers.map(\.name)).count == report.optimizers.count)
    }
  }

  @Test(
    arguments: [
      ("a.yaml", MemoryConfigs.aiToolkit, nil, ["AdamW, 8 bits", "Adafactor with beta1", "Lion"]),
      ("config.json", MemoryConfigs.simpleTuner, nil, ["AdamW", "Lion", "Lion, fused back pass"]),
      ("a.toml", MemoryConfigs.kohya, "sdxl_train_network", ["Prodigy", "Lion", "CAME"]),
    ] as [(String, String, String?, [String])])
  func everyTrainer(name: String, text: String, script: String?, names: [String]) throws {
    let found = try Self.rows(text, name: name, script: script).map(\.name)
    for name in names { #expect(found.contains(name), "\(found)") }
    // sd-scripts has a fused back pass for whole models only.
    if script != nil { #expect(!found.contains { $0.contains("fused") }) }
  }
}
