import Foundation
import TestSupport
import Testing

/// `tuneup dry-run`, from outside.
@Suite struct DryRunCommandTests {
  static func config(_ rate: String) -> String {
    """
    {"__version": 10, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE",
     "base_model_name": "model", "output_model_format": "KOHYA_LORA",
     "output_model_destination": "a.safetensors", "epochs": 1, "batch_size": 1,
     "learning_rate": \(rate), "learning_rate_warmup_steps": 0,
     "optimizer": {"optimizer": "ADAMW"}}
    """
  }

  /// The arguments, the learning rate in the file, and the status.
  static let calls: [(arguments: String, rate: String, status: Int32)] = [
    ("config.json", "1e-12", 1), ("config.json --fail-on never", "1e-12", 0),
    ("config.json --fail-on unstable", "1e-12", 0), ("config.json --fail-on slow", "1e-12", 1),
    ("config.json --fail-on unstable", "1e3", 1), ("- --format json", "1e-12", 1),
    ("config.json --format yaml", "1e-12", 2), ("config.json --fail-on error", "1e-12", 2),
    ("config.json --steps 0", "1e-12", 2), ("config.json --images 0", "1e-12", 2),
    ("config.json --basin 1", "1e-12", 2), ("config.json --problem maze", "1e-12", 2),
    ("config.json --backend none", "1e-12", 2), ("no-such.json", "1e-12", 2), ("", "1e-12", 2),
    ("config.json --problem full --fail-on never", "1e-12", 0),
    ("config.json --max-vram 80GiB --fail-on never", "1e-12", 0),
    ("config.json --max-vram 80GiB", "1e-12", 1), ("config.json --max-vram 80", "1e-12", 2),
  ]

  @Test(arguments: calls)
  func endsAsDocumented(arguments: String, rate: String, status: Int32) throws {
    try TemporaryFolder.with(["config.json": Self.config(rate)]) { folder in
      let usual =
        ["dry-run", "--no-color"] + (arguments.contains("--basin") ? [] : ["--basin", "0"])
      let length = arguments.contains("--steps") ? [] : ["--steps", "20"]
      let outcome = try Program.run(
        usual + length + arguments.split(separator: " ").map(String.init),
        input: Self.config(rate), in: folder)
      #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.errors.isEmpty == (status != 2), "\(outcome.errors)")
    }
  }

  /// What needs more than the gate allows, or is not known, does not pass it.
  @Test(arguments: [
    (config("1e-4"), "more than 6.0 GiB"),
    (config("1e-4").replacing("STABLE_DIFFUSION_XL_10_BASE", with: "ERNIE"), "not known"),
  ])
  func holdsToTheMemory(_ config: String, _ words: String) throws {
    let outcome = try Program.run(
      "dry-run", "--steps", "20", "--basin", "0", "--fail-on", "never", "--max-vram", "6GiB",
      "--format", "junit", "-", input: config)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.output.contains("tests=\"2\" failures=\"1\""))
  }

  /// A slip ends the comparison: it would compare a run with itself, or nothing.
  @Test(arguments: [
    ("--optimizers PRODGY", "did you mean 'PRODIGY'?"),
    ("config.json --vary learnig_rate=1,2", "'learnig_rate' is no setting of OneTrainer"),
  ])
  func comparesWhatThereIs(_ arguments: String, _ words: String) throws {
    try TemporaryFolder.with(["config.json": Self.config("1e-4")]) { folder in
      let outcome = try Program.run(
        ["compare", "--steps", "20", "--basin", "0"]
          + arguments.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func jsonHasTheDocumentedKeys() throws {
    let outcome = try Program.run(
      "dry-run", "--format", "json", "--steps", "20", "--basin", "5", "-",
      input: Self.config("1e-4"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "version", "path", "backend", "verdict", "reason", "responsible", "findings", "evidence",
        "problem", "parts", "curves", "basin", "counterfactuals", "memory", "assumptions",
        "notSimulated",
      ])
    let curves = try #require(object["curves"] as? [String: Any])
    #expect((curves["loss"] as? [Double])?.count == 20)
    let basin = try #require(object["basin"] as? [String: Any])
    #expect((basin["points"] as? [Any])?.count == 5)
  }
}

/// `tuneup compare`, from outside.
@Suite struct CompareCommandTests {
  static let calls: [(arguments: String, status: Int32)] = [
    ("--optimizers ADAMW,LION", 0), ("--optimizers ADAMW --format json", 0),
    ("--optimizers ADAMW --format svg", 0), ("--problem beale --optimizers ADAMW", 0),
    ("config.json --vary learning_rate=1e-4,1e-12", 0),
    ("config.json --vary learning_rate=1e-4,1e-12 --fail-on stalls", 1),
    ("config.json --optimizers ADAMW --plot out.svg", 0),
    ("--vary learning_rate=1e-4", 2), ("config.json --vary learning_rate", 2),
    ("config.json --vary learning_rate=1 --optimizers LION", 2),
    ("config.json --problem beale", 2), ("--problem maze", 2), ("--rate 0", 2),
    ("--steps 0", 2), ("no-such.json", 2), ("config.json --plot no/such/folder.svg", 2),
  ]

  @Test(arguments: calls)
  func endsAsDocumented(arguments: String, status: Int32) throws {
    try TemporaryFolder.with(["config.json": DryRunCommandTests.config("1e-4")]) { folder in
      let usual = ["compare", "--no-color", "--basin", "0"]
      let length = arguments.contains("--steps") ? [] : ["--steps", "20"]
      let outcome = try Program.run(
        usual + length + arguments.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.errors.isEmpty == (status != 2), "\(outcome.errors)")
      let plot = folder.appending(path: "out.svg").path()
      #expect(FileManager.default.fileExists(atPath: plot) == arguments.contains("out.svg"))
    }
  }
}
