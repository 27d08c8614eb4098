import Foundation
import RunLogs
import TestSupport
import Testing

/// `tuneup recommend --from-run`, from outside.
@Suite struct RecommendFromRunTests {
  private static let config = """
    pretrained_model_name_or_path = "model.safetensors"
    output_dir = "out"
    output_name = "mine"
    network_module = "networks.lora"
    network_dim = 16
    learning_rate = 1.0
    optimizer_type = "Prodigy"
    optimizer_args = ["d_coef=1.0"]
    lr_scheduler = "cosine"
    max_train_steps = 1000

    """

  /// A run that came to rest at 3.4e-4, and others.
  private static func withRun(_ body: (URL) throws -> Void) throws {
    try TemporaryFolder.with(["config.toml": config]) { folder in
      for (name, rest) in [("run", 3.4e-4), ("cold", 1e-6)] {
        var writer = EventWriter()
        for step in 0..<500 {
          let schedule = 1 - Double(step) / 500
          writer.add("lr/unet", schedule, step)
          writer.add("lr/d*lr/unet", min(rest, 1e-6 * pow(1.1, Double(step))) * schedule, step)
        }
        try write(writer.bytes, folder, name)
        if name == "run" { try write(Array(writer.bytes.dropLast(7)), folder, "killed") }
      }
      try write([1, 2, 3], folder, "broken")
      try FileManager.default.createDirectory(
        at: folder.appending(path: "empty"), withIntermediateDirectories: true)
      try body(folder)
    }
  }

  private static func write(_ bytes: [UInt8], _ folder: URL, _ name: String) throws {
    let file = folder.appending(path: "\(name)/log/events.out.tfevents.1.x")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  static let calls: [(arguments: String, status: Int32, words: String)] = [
    ("--from-run run", 0, "AdamW at 0.00035"),
    ("--from-run run --to adamw8bit", 0, "AdamW 8-bit at 0.00035"),
    ("--from-run run config.toml", 0, "\"AdamW\""),
    ("--from-run run --diff config.toml", 0, "+learning_rate = 0.00035"),
    ("--from-run run --format json config.toml", 0, "\"learningRate\": 0.00035"),
    ("--from-run killed", 0, "the run was stopped"),
    ("--from-run cold", 1, "never grew"),
    ("--from-run broken", 2, "no event file"), ("--from-run empty", 2, "no event file"),
    ("--from-run nowhere", 2, "there is no such file"),
    ("--from-run config.toml", 2, "no folder of a run"),
    ("--from-run run --to lion", 2, "lion"), ("--from-run run --write", 2, "no config to write"),
    ("--from-run run missing.toml", 2, "missing.toml"),
  ]

  @Test(arguments: calls)
  func endsAsDocumented(_ arguments: String, _ status: Int32, _ words: String) throws {
    try Self.withRun { folder in
      let outcome = try Program.run(
        ["recommend", "--no-color"] + arguments.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
      #expect(
        (outcome.output + outcome.errors).contains(words), "\(outcome.output)\(outcome.errors)")
    }
  }

  @Test func writesTheFile() throws {
    try Self.withRun { folder in
      let outcome = try Program.run(
        "recommend", "--from-run", "run", "--write", "config.toml", in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = try String(
        contentsOf: folder.appending(path: "config.toml"), encoding: .utf8)
      #expect(text.contains("optimizer_type = \"AdamW\"\n"))
      #expect(text.contains("learning_rate = 0.00035\n"))
      #expect(!text.contains("d_coef"))
    }
  }
}
