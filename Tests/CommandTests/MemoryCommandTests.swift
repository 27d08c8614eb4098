import Foundation
import TestSupport
import Testing

/// `tuneup memory`, from outside.
@Suite struct MemoryCommandTests {
  static let config = """
    {"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_15",
     "base_model_name": "any/model", "resolution": "512", "batch_size": 1,
     "train_dtype": "BFLOAT_16", "unet": {"train": true, "weight_dtype": "BFLOAT_16"},
     "text_encoder": {"train": false, "weight_dtype": "BFLOAT_16"},
     "optimizer": {"optimizer": "ADAMW"}}
    """
  static let unknown = config.replacing("STABLE_DIFFUSION_15", with: "ANIMA")

  /// What is called, on what `config.json` holds, and how it must end.
  static let calls: [(arguments: String, text: String, status: Int32)] = [
    ("memory config.json", config, 0), ("memory -", config, 0),
    ("memory --format json config.json", config, 0),
    ("memory --max-vram 24GiB config.json", config, 0),
    ("memory --max-vram 1GiB config.json", config, 1),
    ("memory --max-vram much config.json", config, 2),
    ("memory --fit 24GiB config.json", config, 0), ("memory --fit 1MiB config.json", config, 1),
    ("memory --fit x config.json", config, 2),
    ("memory --fit 24GiB config.json", unknown, 2), ("memory config.json", unknown, 2),
    ("memory --model sdxl config.json", config, 0),
    ("memory --model nothing config.json", config, 2),
    ("memory --gpu 4090 config.json", config, 0), ("memory --gpu x config.json", config, 2),
    ("memory --manifest config.json config.json", config, 2),
    ("memory --calibrate config.json config.json", config, 2),
    ("memory no-such.json", config, 2), ("memory config.json", "{", 2),
    ("memory", config, 2), ("memory --help", "", 0),
  ]

  @Test(arguments: calls)
  func endsAsDocumented(arguments: String, text: String, status: Int32) throws {
    try TemporaryFolder.with(["config.json": text]) { folder in
      let outcome = try Program.run(
        arguments.split(separator: " ").map(String.init), input: text, in: folder)
      #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.errors.isEmpty == (status != 2))
    }
  }

  @Test func jsonHasTheDocumentedKeys() throws {
    let outcome = try Program.run("memory", "--format", "json", "-", input: Self.config)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["version"] as? Int == 1)
    #expect(object["model"] as? String == "sd15")
    #expect(object["method"] as? String == "lora")
    let peak = try #require(object["peakBytes"] as? Int)
    let low = try #require(object["lowBytes"] as? Int)
    let high = try #require(object["highBytes"] as? Int)
    let allocated = try #require(object["allocatedBytes"] as? Int)
    #expect(low < peak && peak < high && allocated < peak)
    let components = try #require(object["components"] as? [[String: Any]])
    #expect(components.allSatisfy { Set($0.keys) == ["name", "bytes", "detail"] })
    #expect(components.reduce(0) { $0 + ($1["bytes"] as? Int ?? 0) } == peak)
    let savings = try #require(object["savings"] as? [[String: Any]])
    #expect(savings.allSatisfy { Set($0.keys) == ["change", "keyPath", "bytes", "cost"] })
  }

  /// The same call gives the same bytes.
  @Test func isRepeatable() throws {
    let first = try Program.run("memory", "--format", "json", "-", input: Self.config)
    let second = try Program.run("memory", "--format", "json", "-", input: Self.config)
    #expect(first.output == second.output)
  }
}

/// `--backend` against what a file plainly is.
@Suite struct DoubtTests {
  static let config =
    #"{"__version": 10, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_15", "#
    + #""optimizer": {"optimizer": "ADAMW"}, "learning_rate": 1e-4}"#

  @Test(arguments: ["memory", "dry-run", "compare", "recommend"])
  func isSaid(_ command: String) throws {
    try TemporaryFolder.with(["a.json": Self.config]) { folder in
      let steps = ["dry-run", "compare"].contains(command) ? ["--steps", "5", "--basin", "0"] : []
      func errors(_ backend: String) throws -> String {
        try Program.run([command, "--backend", backend, "a.json"] + steps, in: folder).errors
      }
      let words = "this looks like a config of OneTrainer and is read as one of SimpleTuner"
      let (wrong, right) = (try errors("simpletuner"), try errors("onetrainer"))
      #expect(wrong.contains(words), "\(wrong)")
      #expect(!right.contains("looks like"), "\(right)")
    }
  }

  @Test func scriptsMayHaveTheirEnding() throws {
    for command in ["lint", "memory", "dry-run"] {
      let outcome = try Program.run(
        command, "--script", "library/flux_train.py", "no.toml")
      #expect(outcome.errors.contains("no such file"), "\(outcome.errors)")
    }
  }
}
