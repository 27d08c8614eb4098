import Foundation
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// Everything that lies in the repositories of sd-scripts and its interface, and what their guides
/// show.
@Suite(.enabled(if: SharedFiles.arePresent))
struct KohyaCorpusTests {
  static let files = SharedFiles.all(["json", "toml", "yaml", "sh", "ps1", "bat", "txt"]).filter {
    $0.path().contains("/configs/kohya/")
  }
  static let configs = files.filter { outcome(of: name($0)).hasPrefix("kohya") }

  private static func name(_ url: URL) -> String {
    let path = url.path(percentEncoded: false)
    return path.range(of: "/configs/kohya/").map { String(path[$0.upperBound...]) } ?? path
  }

  private static func source(_ url: URL) throws -> SourceFile {
    SourceFile(path: url.path(percentEncoded: false), bytes: Array(try Data(contentsOf: url)))
  }

  private static func report(
    _ url: URL, _ inspector: Inspector = Inspector()
  ) throws -> [FileReport] {
    let source = try source(url)
    return try inspector.inspect(source, neighbours: FileInput.neighbours(of: source.path))
  }

  // MARK: What a file is

  /// A backend, or a part of what is said of a file that is none of its configs.
  private static func outcome(of name: String) -> String {
    let file = name.split(separator: "/").last.map { String($0) } ?? name
    if let special = special.first(where: { file.contains($0.part) }) { return special.outcome }
    if name.hasSuffix(".json") { return file.hasPrefix("sd-scripts") ? "kohya" : "kohya-gui" }
    return name.hasSuffix(".yaml") ? "the settings of accelerate" : "kohya"
  }

  private static let preparing = "commands that prepare images and captions"
  private static let none = "no command here starts a Python script"
  private static let special: [(part: String, outcome: String)] = [
    ("kohya_ss__README__L0163", "the interface's own settings"),
    ("kohya_ss__README__L0209", "the interface's own settings"),
    ("config__at_", "the interface's own settings"),
    ("kohya_ss__docs__train_README__L07", preparing),
    ("kohya_ss__docs__train_README__L08", preparing),
    ("kohya_ss__docs__train_README__L09", preparing),
    ("docs__train_README-ja__L0876", preparing), ("docs__train_README-ja__L0906", preparing),
    ("docs__train_README-ja__L0959", preparing), ("docs__train_README-zh__L0666", preparing),
    ("docs__train_README-zh__L0757", preparing), ("docs__train_README-zh__L0790", preparing),
    ("docs__train_README-zh__L0816", preparing), ("docs__train_README-zh__L0867", preparing),
    ("finetune_latent.ps1", preparing), ("caption", none), ("word_frequency", none),
    ("hunyuan_image_train_network__L0437", "commands that draw images"),
    ("train_lllite_README__L0105", "commands that draw images"),
    ("lumina_train_network__L0261", "this quote is not closed"),
    ("meta-1_lat", "captions of images"), ("leco_prompts", "prompts for LECO"),
    ("stable_cascade", "no config"), ("test.toml", "no config"),
    // Tables and folders that a guide draws, and pieces of two files in one.
    ("config_README-en__L0082", "no config"), ("config_README-en__L0319", "key"),
    ("masked_loss_README-ja__L0029", "key"), ("masked_loss_README__L0028", "key"),
    ("train_network_README-zh__L0202", "already set"),
    ("train_network_README-zh__L0232", "already set"),
    ("kohya_ss__docs__LoRA__top_level__L0017", "kohya"),
    // Options without the command that they belong to.
    ("train_network_README-zh__L0143", none), ("train_network_README-zh__L0151", none),
    ("train_network_README-zh__L0194", none), ("train_network_README-zh__L0222", none),
    ("flux_train_network__L0601", none), (".txt", none),
  ]

  @Test(arguments: files)
  func isToldApart(_ url: URL) throws {
    let outcome = Self.outcome(of: Self.name(url))
    let source = try Self.source(url)
    do throws(ReadFailure) {
      let (_, backend) = try Inspector().open(source)
      #expect(backend.id == outcome)
    } catch {
      #expect(error.message.contains(outcome), "\(error.message)")
    }
  }

  /// Files of other trainers are not taken for this one's.
  @Test(
    arguments: SharedFiles.all(["json", "toml", "yaml", "yml", "env", "sh"]).filter {
      $0.path().contains("/configs/") && !$0.path().contains("/configs/kohya/")
    })
  func isAnothers(_ url: URL) throws {
    let backend = try? Inspector().open(Self.source(url)).1.id
    #expect(backend?.hasPrefix("kohya") != true)
  }

  // MARK: What is said of it

  /// Errors in shipped files: what the trainer stops at as well, or what trains nothing.
  private static let errors: [String: Set<String>] = [
    // sd-scripts' guides: options that the parsers do not have, keys that the schema refuses.
    "sdxl_train_network__L0073.sh": [
      "text_encoder_lr1 unknown-key", "text_encoder_lr2 unknown-key",
      "network_train_unet_only conflicting-settings",
    ],
    "sdxl_train_network__L0113.sh": [
      "text_encoder_lr1 unknown-key", "text_encoder_lr2 unknown-key",
      "network_train_unet_only conflicting-settings",
    ],
    "anima_train_network__L0109.sh": ["network_train_unet_only conflicting-settings"],
    "fine_tune__L0193.sh": ["blocks_to_swap conflicting-settings"],
    "fine_tune__L0244.sh": ["blocks_to_swap conflicting-settings"],
    "sd3_train_network__L0078.sh": ["network_module network-of-another-model"],
    "sd3_train_network__L0112.sh": ["network_module network-of-another-model"],
    "flux_train_network__L0553.toml": [
      "validation_seed unknown-key", "enable_bucket unknown-key", "resolution unknown-key",
    ],
    "flux_train_network__L0628.toml": ["datasets[0].interpolation_type unknown-key"],
    "train_lllite_README__L0034.toml": ["datasets missing-setting"],
    "validation__L0051.toml": ["datasets[0].subsets[1].validation_split unknown-key"],
    "validation__L0067.toml": ["datasets[0].subsets[0].validation_split unknown-key"],
    "validation__L0095.toml": ["datasets[0].subsets[1].validation_split unknown-key"],
    "validation__L0111.toml": ["datasets[0].subsets[0].validation_split unknown-key"],
    "validation__L0173.toml": [
      "datasets[0].resolution unreadable-value",
      "datasets[0].subsets[1].validation_split unknown-key",
    ],
    "validation__L0222.toml": [
      "datasets[0].resolution unreadable-value",
      "datasets[0].subsets[1].validation_split unknown-key",
    ],
    // Old scripts of the interface's repository: options of 2022.
    "kohya-1-folders.ps1": ["fine_tuning unknown-key"],
    "kohya.ps1": ["fine_tuning unknown-key", "save_half unknown-key"],
    // Presets and test files from before bucket steps were checked.
    "adafactor.json": ["bucket_reso_steps bucket-does-not-fit", "lr_warmup warmup-refused"],
    "lion.json": ["bucket_reso_steps bucket-does-not-fit"],
    "ia3-sd15.json": ["bucket_reso_steps bucket-does-not-fit"],
    "locon-dadaptation-sdxl.json": ["bucket_reso_steps bucket-does-not-fit"],
    "loha-sd15.json": ["bucket_reso_steps bucket-does-not-fit"],
    "lokr-sd15.json": ["bucket_reso_steps bucket-does-not-fit"],
    "sd15 - LoKr v1.1.json": ["bucket_reso_steps bucket-does-not-fit"],
    "sd15 - LoKr v2.0.json": ["bucket_reso_steps bucket-does-not-fit"],
    "config/SDXL-Standard-AdamW8bit.json": ["bucket_reso_steps bucket-does-not-fit"],
    "TI-AdamW8bit.json": ["bucket_reso_steps bucket-does-not-fit"],
    "dreambooth-Adafactor.json": ["bucket_reso_steps bucket-does-not-fit"],
    "finetune-AdamW.json": ["bucket_reso_steps bucket-does-not-fit"],
    "iA3-Prodigy.json": ["bucket_reso_steps bucket-does-not-fit"],
    "locon-Prodigy.json": ["bucket_reso_steps bucket-does-not-fit"],
    "locon-AdamW8bit-masked_loss-toml.json": ["datasets[0].bucket_reso_steps bucket-does-not-fit"],
    "SDXL-Standard-DAdaptation__at_fae048ca.json": ["bucket_reso_steps bucket-does-not-fit"],
  ]

  @Test(arguments: configs)
  func hasNoErrorThatIsNone(_ url: URL) throws {
    let name = Self.name(url)
    let errors = try Self.report(url).flatMap(\.diagnostics).filter { $0.severity == .error }
    let known = Self.errors.first { name.hasSuffix($0.key) }?.value ?? []
    #expect(Set(errors.map { "\($0.keyPath) \($0.rule)" }) == known)
  }

  @Test(arguments: configs)
  func isRepairedWithoutHarm(_ url: URL) throws {
    let source = try Self.source(url)
    let neighbours = FileInput.neighbours(of: source.path)
    for includesUnsafe in [false, true] {
      let repair = Repair(Inspector(), includesUnsafe: includesUnsafe)
      let once = try repair.repair(source, neighbours: neighbours)
      let twice = try repair.repair(once.source, neighbours: neighbours)
      #expect(twice.source.bytes == once.source.bytes, "a second repair changes more")
      #expect(throws: Never.self) { try DocumentReader.read(once.source) }
    }
  }

  @Test(arguments: configs)
  func findingsLieInTheFile(_ url: URL) throws {
    for report in try Self.report(url) {
      let sources = [report.source] + report.others
      for diagnostic in report.diagnostics {
        for span in [diagnostic.span] + diagnostic.related.map(\.span) {
          let source = try #require(sources.first { $0.id == span.file })
          #expect(span.bytes.lowerBound >= 0 && span.bytes.upperBound <= source.bytes.count)
        }
      }
    }
  }

  /// Whatever is cut off or broken gives a message, not a crash.
  @Test(arguments: configs)
  func survivesEveryCut(_ url: URL) throws {
    let source = try Self.source(url)
    var random = SplitMix64(seed: UInt64(source.bytes.count))
    for _ in 0..<8 {
      var bytes = source.bytes
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
      case 1:
        for _ in 0..<4 where !bytes.isEmpty {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
      default:
        let start = Int.random(in: 0..<bytes.count, using: &random)
        bytes.removeSubrange(start..<min(bytes.count, start + 12))
      }
      for backend in ["kohya", "kohya-gui", nil] {
        let broken = SourceFile(path: source.path, bytes: bytes)
        _ = try? Inspector(backend: backend).inspect(broken)
      }
    }
  }
}
