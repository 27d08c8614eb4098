import Foundation
import TestSupport
import Testing

/// Jobs of ai-toolkit, from outside.
@Suite struct JobCommandTests {
  static let job = """
    job: extension
    config:
      name: run
      process:
        - type: sd_trainer
          training_folder: output
          model: {name_or_path: some/model}
          datasets: [{folder_path: images}]
          network: {type: lora, linear: 16, linear_alpha: 16}
          train:
            # The rate.
            lr: "1e-4"
            optimizer: adamw8bit
            dtype: bf16

    """

  @Test func reportsAndMends() throws {
    try TemporaryFolder.with(["job.yaml": Self.job]) { folder in
      let outcome = try Program.run("lint", "--format", "concise", "job.yaml", in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.output.contains("job.yaml:12:13: error: \"1e-4\" is a text"))
      #expect(try Program.run("lint", "--fix", "job.yaml", in: folder).status == 0)
      let text = try String(contentsOf: folder.appending(path: "job.yaml"), encoding: .utf8)
      #expect(text == Self.job.replacing("\"1e-4\"", with: "0.0001"))
    }
  }

  @Test func readsStandardInput() throws {
    let outcome = try Program.run("lint", "--format", "concise", "-", input: Self.job)
    #expect(outcome.output.contains("stdin:12:13: error: \"1e-4\" is a text"))
  }

  /// The quote that ai-toolkit's own example of OmniGen2 forgets.
  @Test func saysWhereTheSyntaxEnds() throws {
    let text = Self.job.replacing("\"1e-4\"", with: "1e-4\n        prompts:\n          - a fox\"\n")
    let open = Self.job.replacing("\"1e-4\"", with: "\"1e-4")
    for text in [text.replacing("a fox\"", with: "\"a fox"), open] {
      try TemporaryFolder.with(["job.yaml": text]) { folder in
        let outcome = try Program.run("lint", "job.yaml", in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("job.yaml:"))
      }
    }
  }

  @Test func foldersHoldJobsOfEveryKind() throws {
    try TemporaryFolder.with([
      "job.yaml": Self.job, "old.yml": Self.job, "ui.jsonc": Self.asJSON,
      "compose.yaml": "services:\n  web: {image: x}\n",
      "accelerate.yaml": "mixed_precision: bf16\n",
    ]) { folder in
      let outcome = try Program.run("lint", "--format", "concise", in: folder)
      #expect(outcome.status == 1)
      for name in ["job.yaml", "old.yml", "ui.jsonc"] {
        #expect(outcome.output.contains("\(name):"), "\(name)")
      }
      #expect(!outcome.output.contains("compose") && !outcome.output.contains("accelerate"))
    }
  }

  private static let asJSON = """
    {"job": "extension", "config": {"name": "run", "process": [
      {"type": "diffusion_trainer", "train": {"lr": "1e-4"}}]}}
    """

  @Test func saysWhatIsNoTraining() throws {
    let text = """
      job: generate
      config:
        name: images
        process: [{type: to_folder, output_folder: out, generate: {prompts: [a fox]}}]
      """
    let outcome = try Program.run("lint", "-", input: text)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("a job of ai-toolkit that makes images"))
  }

  @Test func printsTheSchema() throws {
    let outcome = try Program.run("schema", "ai-toolkit")
    #expect(outcome.output == (try Repository.text("Schemas/editor/ai-toolkit.schema.json")))
    #expect(outcome.status == 0)
  }

  @Test(arguments: [
    ("automagic", "ai-toolkit"), ("ai-toolkit", "514 settings"),
    ("network.linear_alpha", "linear"), ("layer_offloading", "ai-toolkit"),
    ("timestep_type", "sigmoid"),
  ])
  func explains(_ topic: String, _ expected: String) throws {
    let outcome = try Program.run("explain", topic)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains(expected))
  }
}
