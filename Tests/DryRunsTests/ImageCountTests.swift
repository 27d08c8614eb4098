import DryRuns
import Foundation
import Inspection
import Plans
import SourceText
import TestSupport
import Testing
import Trials

/// The length of a run follows from the images in the folders that the config names.
@Suite struct ImageCountTests {
  struct Case: Sendable {
    let name: String
    let config: String
    /// Files beside the config, empty but for those with a text.
    let files: [String: String]
    /// As the assumption says it; nil for not counted.
    let images: String?
    let steps: Int
  }

  static func images(_ folder: String, _ count: Int) -> [String: String] {
    Dictionary(uniqueKeysWithValues: (0..<count).map { ("\(folder)/\($0).png", "") })
  }

  static let oneTrainer = #"""
    {"__version": 10, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE",
     "base_model_name": "model", "output_model_format": "KOHYA_LORA", "epochs": 10, "batch_size": 1,
     "learning_rate": 1e-4, "optimizer": {"optimizer": "ADAMW"}
    """#
  static let kohya = """
    pretrained_model_name_or_path = "model"
    network_module = "networks.lora"
    learning_rate = 1e-4
    max_train_epochs = 10

    """

  static let cases = [
    Case(
      name: "config.json",
      config: oneTrainer + #", "concepts": [{"path": "a"}, {"path": "b", "balancing": 2}]}"#,
      files: images("a", 3).merging(images("b", 4)) { $1 }
        .merging(["a/0-masklabel.png": "", "a/0.txt": "", "a/deep/9.png": ""]) { $1 },
      images: "11", steps: 110),
    Case(
      name: "config.json", config: oneTrainer + #", "concept_file_name": "concepts.json"}"#,
      files: images("a/deep", 5).merging([
        "concepts.json": #"""
        [{"path": "a", "include_subdirectories": true}, {"path": "gone", "enabled": false},
         {"path": "gone", "type": "VALIDATION"}]
        """#
      ]) { $1 }, images: "5", steps: 50),
    Case(
      name: "config.json", config: oneTrainer + #", "concepts": [{"path": "gone"}]}"#, files: [:],
      images: nil, steps: 250),
    Case(
      name: "config.toml",
      config: kohya + "resolution = \"1024,1024\"\ntrain_data_dir = \"data\"\n",
      files: images("data/10_cat", 3).merging(images("data/2_dog", 4)) { $1 }
        .merging(images("data/loose", 9)) { $1 },
      images: "38", steps: 380),
    Case(
      name: "config.toml", config: kohya + "dataset_config = \"data.toml\"\n",
      files: images("a", 3).merging(images("b", 4)) { $1 }.merging([
        "data.toml": """
        [[datasets]]
        resolution = 1024
        [[datasets.subsets]]
        image_dir = "a"
        num_repeats = 4
        [[datasets.subsets]]
        image_dir = "b"
        num_repeats = 2
        """
      ]) { $1 }, images: "5", steps: 200),
    Case(
      name: "config.json",
      config: #"""
        {"model_family": "sdxl", "model_type": "lora", "pretrained_model_name_or_path": "model",
         "num_train_epochs": 10, "max_train_steps": 0, "learning_rate": 1e-4, "optimizer": "adamw_bf16",
         "data_backend_config": "data.json", "output_dir": "out"}
        """#,
      files: images("a/deep", 6).merging([
        "data.json": #"""
        [{"id": "a", "type": "local", "instance_data_dir": "a", "repeats": 1},
         {"id": "t", "type": "local", "dataset_type": "text_embeds", "default": true, "cache_dir": "c"}]
        """#
      ]) { $1 }, images: "6", steps: 30),
  ]

  @Test(arguments: cases)
  func counts(_ one: Case) throws {
    try TemporaryFolder.with(one.files.merging([one.name: one.config]) { $1 }) { folder in
      let path = folder.appending(path: one.name).path()
      var dryRun = DryRun(inspector: Inspector())
      dryRun.basinPoints = 0
      dryRun.explains = false
      let report = try dryRun.report(
        on: try FileInput.read(path), neighbours: FileInput.neighbours(of: path))
      let expected =
        one.images.map { "\($0) images an epoch, counted in the folders of the config" }
        ?? "the number of images is not known: 25 (say --images or --steps)"
      #expect(report.assumptions.contains(expected), "\(report.assumptions) \(report.reason)")
      #expect(report.parts.first?.settings.steps == one.steps)
    }
  }
}
