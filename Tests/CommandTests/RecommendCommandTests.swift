import Foundation
import TestSupport
import Testing

@Suite struct RecommendCommandTests {
  /// An embedding is not run dry, which takes seconds in a debug build.
  private static let quick = [
    "recommend", "--backend", "onetrainer", "--model", "sd15", "--method", "embedding", "--vram",
    "8GiB",
  ]

  @Test func printsTheConfigAndNothingElse() throws {
    let outcome = try Program.run(Self.quick)
    #expect(outcome.status == 0)
    let config = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(config?["training_method"] as? String == "EMBEDDING")
    #expect(outcome.errors.contains("lints without a finding"))
    #expect(outcome.errors.contains("to spare"))
  }

  @Test func printsJSON() throws {
    let outcome = try Program.run(Self.quick + ["--format", "json"])
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let files = object?["files"] as? [[String: Any]]
    #expect(files?.first?["path"] as? String == "config.json")
    let settings = object?["settings"] as? [[String: Any]]
    #expect(settings?.contains { $0["keyPath"] as? String == "learning_rate" } == true)
  }

  @Test func writesTheFilesOnce() throws {
    try TemporaryFolder.with { folder in
      let path = folder.appending(path: "my.json").path()
      #expect(try Program.run(Self.quick + ["--output", path]).status == 0)
      #expect(try Program.run("lint", "--fail-on", "info", path).status == 0)
      let again = try Program.run(Self.quick + ["--output", path])
      #expect(again.status == 2)
      #expect(again.errors.contains("it exists already: nothing was written"))
    }
  }

  @Test(arguments: [
    (["recommend"], "--backend, --model, --method, --vram are missing"),
    (
      ["recommend", "--backend", "kohya", "--model", "sdxl", "--method", "lora"],
      "--vram is missing"
    ),
    (["recommend", "--model", "sdlx"], "Did you mean 'sdxl'?"),
    (["recommend", "--backend", "onetrainr"], "Did you mean 'onetrainer'?"),
    (["recommend", "--vram", "much"], "must be a size such as 12GiB"),
    (["recommend", "--images", "0"], "must be from 1 to 1,000,000"),
    (["recommend", "--write"], "name the file"),
    (["recommend", "a.json", "--vram", "8GiB"], "give no file with it"),
    (["recommend", "missing.json"], "there is no such file"),
    (
      [
        "recommend", "--backend", "kohya", "--model", "z-image", "--method", "lora", "--vram",
        "8GiB",
      ],
      "trainers that can: --backend onetrainer"
    ),
  ])
  func refusesWrongCalls(_ arguments: [String], _ message: String) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func saysWhatWouldFit() throws {
    let outcome = try Program.run(
      "recommend", "--backend", "ai-toolkit", "--model", "flux", "--method", "full", "--vram",
      "1GiB")
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("nothing fits into 1.0 GiB"))
    #expect(outcome.errors.contains("a card with"))
  }

  private static let toml = """
    pretrained_model_name_or_path = "stable-diffusion-v1-5/stable-diffusion-v1-5"
    network_module = "networks.lora"
    network_dim = 16
    network_alpha = 16
    network_train_unet_only = true
    optimizer_type = "Lion"
    # mine
    learning_rate = 1e-4
    output_dir = "output"
    output_name = "a"
    train_data_dir = "images"
    resolution = "512,512"

    """

  @Test func advisesOnAFile() throws {
    try TemporaryFolder.with(["a.toml": Self.toml]) { folder in
      let path = folder.appending(path: "a.toml").path()
      let shown = try Program.run("recommend", path)
      #expect(shown.status == 0)
      #expect(shown.output.contains("learning_rate: 0.0001 → 1e-05 (1e-5 to 3e-5)"))
      let json = try Program.run("recommend", path, "--format", "json")
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      let advice = (object?["advice"] as? [[String: Any]])?.first
      #expect(advice?["keyPath"] as? String == "learning_rate")
      #expect(advice?["confidence"] as? String == "medium")
      let difference = try Program.run("recommend", "--diff", path)
      #expect(difference.output.contains("+learning_rate = 1e-05"))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.toml)
      let written = try Program.run("recommend", "--write", path)
      #expect(written.status == 0)
      #expect(written.errors.contains("1 setting changed"))
      #expect(
        try String(contentsOfFile: path, encoding: .utf8)
          == Self.toml.replacingOccurrences(of: "1e-4", with: "1e-05"))
      let again = try Program.run("recommend", path)
      #expect(again.output.contains("nothing that the guides would set otherwise"))
    }
  }

  @Test func advisesOnStandardInput() throws {
    let outcome = try Program.run(
      "recommend", "-", "--write", "--stdin-filename", "a.toml", input: Self.toml)
    #expect(outcome.status == 0)
    #expect(outcome.output == Self.toml.replacingOccurrences(of: "1e-4", with: "1e-05"))
  }
}

/// On a terminal, which the program `script` plays.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: Terminal.script)))
struct InterviewTests {
  private func answer(_ answers: String, in folder: URL) throws -> (status: Int32, text: String) {
    let input = folder.appending(path: "answers")
    try answers.write(to: input, atomically: false, encoding: .utf8)
    let output = folder.appending(path: "shown")
    _ = FileManager.default.createFile(atPath: output.path(), contents: nil)
    let process = Process()
    process.executableURL = URL(filePath: Terminal.script)
    process.arguments = ["-qec", "\(Program.path) recommend", "/dev/null"]
    process.currentDirectoryURL = folder
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, try String(contentsOf: output, encoding: .utf8)
    )
  }

  @Test func asksExplainsAndWrites() throws {
    try TemporaryFolder.with { folder in
      let (status, text) = try answer(
        "?\nonetrainr\n1\nsd15\nembedding\nlots\n8\n\n\n\nmine.json\n", in: folder)
      #expect(status == 0)
      #expect(text.contains("Trainer [onetrainer]: "))
      #expect(text.contains("The program that trains"))
      #expect(text.contains("'onetrainr' is none of these: did you mean 'onetrainer'?"))
      #expect(text.contains("'lots' cannot be taken"))
      #expect(text.contains("lints without a finding"))
      let config = try String(
        contentsOf: folder.appending(path: "mine.json"), encoding: .utf8)
      #expect(config.contains(#""training_method": "EMBEDDING""#))
    }
  }

  /// The end of the input, and Ctrl-C.
  @Test(arguments: ["1\nsd15\n", "1\n\u{3}"])
  func leavesWithNothingWritten(_ answers: String) throws {
    try TemporaryFolder.with { folder in
      let (status, text) = try answer(answers, in: folder)
      #expect(status == 2)
      #expect(text.contains("nothing was written"))
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path())
      #expect(Set(files) == ["answers", "shown"])
    }
  }
}

private enum Terminal {
  static let script = "/usr/bin/script"
}
