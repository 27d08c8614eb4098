import Foundation
import TestSupport
import Testing

/// `.tuneup.yml` at work: what holds for which file, and who wins.
@Suite struct SettingsCommandTests {
  /// One error, and it does not depend on how the file is read.
  static let config = """
    {"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \
    "output_model_format": "KOHYA_LORA", "learning_rate": 0.0001, \
    "optimizer": {"optimizer": "PRODIGY"}}
    """

  /// The program without any settings of the machine it runs on.
  static func run(
    _ arguments: String..., in folder: URL, environment: [String: String] = [:],
    input: String? = nil
  ) throws -> Program.Outcome {
    try Program.run(
      arguments, input: input, in: folder,
      environment: ["XDG_CONFIG_HOME": folder.path() + "/no-such-folder"].merging(environment) {
        $1
      })
  }

  static func rules(_ outcome: Program.Outcome) -> Set<String> {
    Set(outcome.output.matches(of: /\[([a-z0-9-]+)\]\n/).map { String($0.output.1) })
  }

  // MARK: Rules

  @Test func changesSeverities() throws {
    try TemporaryFolder.with([
      ".tuneup.yml": """
      severity:
        adaptive-learning-rate-not-one: info
      """, "a.json": Self.config,
    ]) { folder in
      let outcome = try Self.run("lint", "--format", "concise", "a.json", in: folder)
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(outcome.output.contains("info: "))
      // All formats show it as it is weighed here.
      let json = try Self.run("lint", "--format", "json", "a.json", in: folder)
      #expect(json.output.contains("\"errors\": 0"))
      let sarif = try Self.run("lint", "--format", "sarif", "a.json", in: folder)
      let levels = sarif.output.matches(of: /"level": "(\w+)",\n *"message"/).map { $0.output.1 }
      #expect(levels.contains("note") && !levels.contains("error"), "\(levels)")
      let counts = try Self.run(
        "lint", "--statistics", "--format", "concise", "a.json", in: folder)
      #expect(counts.output.contains("1\tinfo\tadaptive-learning-rate-not-one"))
      let beside = try Self.run("lint", "--statistics", "--format", "json", "a.json", in: folder)
      #expect(beside.output == json.output)
      #expect(beside.errors.contains("1\tinfo\tadaptive-learning-rate-not-one"))
    }
  }

  @Test func anErrorIsLeftOutOnlyWithAReason() throws {
    let rule = "adaptive-learning-rate-not-one"
    try TemporaryFolder.with(["a.json": Self.config]) { folder in
      let file = folder.appending(path: ".tuneup.yml")
      for (text, isLeftOut) in [
        ("ignore: \(rule)", false), ("severity: {\(rule): off}", false),
        ("ignore: [{rules: \(rule)}]", false),
        ("ignore: [{rules: \(rule), reason: to see it stall}]", true),
        ("severity: {\(rule): {level: off, reason: to see it stall}}", true),
        ("ignore: [{rules: \(rule), paths: a.json, reason: it stalls}]", true),
        ("ignore: [{rules: \(rule), paths: b.json, reason: it stalls}]", false),
      ] {
        try text.write(to: file, atomically: false, encoding: .utf8)
        let outcome = try Self.run("lint", "--format", "concise", "a.json", in: folder)
        #expect(Self.rules(outcome).contains(rule) == !isLeftOut, "\(text): \(outcome.output)")
        #expect(
          Self.rules(outcome).contains("suppression-without-reason")
            == !text.contains("reason"), "\(text)")
        #expect(outcome.status == (isLeftOut ? 0 : 1))
      }
    }
  }

  @Test func saysWhichExceptionsMeetNothing() throws {
    try TemporaryFolder.with([
      ".tuneup.yml": """
      ignore:
        - latents-not-cached
        - rules: [adaptive-learning-rate-not-one, unknown-key]
          paths: old/
          reason: as published
      """, "old/a.json": Self.config, "b.json": LintCommandTests.clean,
    ]) { folder in
      let whole = try Self.run("lint", "--format", "concise", in: folder)
      #expect(
        whole.output.contains(".tuneup.yml:2:5: info: 'latents-not-cached' is found in none"))
      #expect(whole.output.contains(".tuneup.yml:3:45: info: 'unknown-key' is found in none"))
      #expect(!whole.output.contains("'adaptive-learning-rate-not-one' is found in none"))
      // Of files that were not looked at nothing can be said.
      let part = try Self.run("lint", "--format", "concise", "b.json", in: folder)
      #expect(!part.output.contains("[unused-suppression]"))
      // Nor of rules that were not asked for.
      let selected = try Self.run(
        "lint", "--select", "unknown-name,unused-suppression", "--format", "concise", in: folder)
      #expect(selected.output.isEmpty, "\(selected.output)")
    }
  }

  @Test func overridesHoldForSomeFiles() throws {
    try TemporaryFolder.with([
      ".tuneup.yml": """
      fail-on: warning
      severity: {adaptive-learning-rate-not-one: warning}
      overrides:
        - paths: "*.json"
          severity: {adaptive-learning-rate-not-one: error}
        - paths: [old/**, "!old/new.json"]
          fail-on: never
          severity: {adaptive-learning-rate-not-one: info}
      """, "a.json": Self.config, "old/a.json": Self.config, "old/new.json": Self.config,
    ]) { folder in
      for (path, severity, status) in [
        ("a.json", "error", 1), ("old/a.json", "info", 0), ("old/new.json", "error", 1),
      ] {
        let outcome = try Self.run("lint", "--format", "concise", path, in: folder)
        let line = outcome.output.split(separator: "\n").first { $0.contains("not-one]") }
        #expect(line?.contains(": \(severity): ") == true, "\(path): \(outcome.output)")
        #expect(outcome.status == Int32(status), "\(path)")
      }
    }
  }

  // MARK: Who wins

  /// Each names a rule of its own, so that what is reported tells who was heard.
  @Test func precedence() throws {
    try TemporaryFolder.with([
      "user/tuneup/config.yml": "fail-on: never\nimages: 1\nrepeats: 5\n",
      ".tuneup.yml": "images: 2\n", "a.json": Self.config,
    ]) { folder in
      let user = ["XDG_CONFIG_HOME": folder.path() + "/user"]
      func images(_ arguments: [String], _ environment: [String: String]) throws -> String {
        let outcome = try Program.run(
          ["lint", "--show-settings", "--format", "json", "a.json"] + arguments, in: folder,
          environment: environment)
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let settings = (object as? [String: Any])?["settings"] as? [[String: Any]]
        let row = settings?.first { $0["key"] as? String == "dataset.images" }
        let from = row?["from"] as? [String: Any]
        return "\(row?["value"] ?? "") \(from?["source"] ?? "")"
      }
      let variable = user.merging(["TUNEUP_IMAGES": "3"]) { $1 }
      #expect(try images(["--images", "4"], variable) == "4 option")
      #expect(try images([], variable) == "3 environment")
      #expect(try images([], user) == "2 project")
      try FileManager.default.removeItem(at: folder.appending(path: ".tuneup.yml"))
      #expect(try images([], user) == "1 user")
      #expect(try images(["--no-config"], user) == "<null> default")
      // The user's own file holds in the home folder as well.
      let home = ["HOME": folder.path() + "/home", "XDG_CONFIG_HOME": ""]
      try FileManager.default.createDirectory(
        at: folder.appending(path: "home/.config"), withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        at: folder.appending(path: "user/tuneup"), to: folder.appending(path: "home/.config/tuneup")
      )
      #expect(try images([], home) == "1 user")
      // What an option selects is reported, whatever a file says.
      try "severity: {adaptive-learning-rate-not-one: {level: off, reason: x}}".write(
        to: folder.appending(path: ".tuneup.yml"), atomically: false, encoding: .utf8)
      let selected = try Self.run(
        "lint", "--select", "adaptive-learning-rate-not-one", "--format", "concise", "a.json",
        in: folder)
      #expect(selected.output.contains("not-one]"))
    }
  }

  @Test func theNearestFileHoldsUpToTheRepository() throws {
    try TemporaryFolder.with([
      ".tuneup.yml": "fail-on: never", "a.json": Self.config, "sub/deep/a.json": Self.config,
      "own/.tuneup.yml": "fail-on: info", "own/deep/a.json": Self.config,
      "repository/.git/HEAD": "ref: x", "repository/deep/a.json": Self.config,
    ]) { folder in
      for (path, status) in [
        ("a.json", 0), ("sub/deep/a.json", 0), ("own/deep/a.json", 1),
        ("repository/deep/a.json", 1),
      ] {
        let outcome = try Self.run("lint", path, in: folder)
        #expect(outcome.status == Int32(status), "\(path)")
      }
      // From any folder, and by any name of the file.
      let deep = folder.appending(path: "sub/deep")
      #expect(try Self.run("lint", "../../own/deep/a.json", in: deep).status == 1)
      #expect(try Self.run("lint", "../deep/./a.json", in: deep).status == 0)
      #expect(try Self.run("lint", "-", in: deep, input: Self.config).status == 0)
      #expect(
        try Self.run(
          "lint", "--stdin-filename", "../../own/deep/b.json", "-", in: deep, input: Self.config
        ).status == 1)
      // Options of the call.
      #expect(try Self.run("lint", "--no-config", "a.json", in: folder).status == 1)
      #expect(
        try Self.run("lint", "--config", "own/.tuneup.yml", "a.json", in: folder).status == 1)
      #expect(
        try Self.run(
          "lint", "repository/deep/a.json", in: folder,
          environment: ["TUNEUP_CONFIG": ".tuneup.yml"]
        ).status == 0)
    }
  }

  // MARK: What the files do not say

  @Test func hardwareReachesTheMemoryRule() throws {
    let config = """
      {"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \
      "base_model_name": "a/b", "batch_size": 8, "resolution": "1024", \
      "optimizer": {"optimizer": "ADAMW"}}
      """
    try TemporaryFolder.with(["a.json": config, ".tuneup.yml": "hardware: {vram: 8GiB}"]) {
      folder in
      func hasIt(_ environment: [String: String] = [:]) throws -> Bool {
        Self.rules(
          try Self.run(
            "lint", "--format", "concise", "a.json", in: folder, environment: environment)
        ).contains("run-exceeds-card")
      }
      #expect(try hasIt())
      #expect(try !hasIt(["TUNEUP_VRAM": "192GiB"]))
      #expect(try hasIt(["TUNEUP_GPU": "3060"]))
      #expect(try !hasIt(["TUNEUP_GPU": "b200"]))
      let memory = try Self.run("memory", "a.json", in: folder)
      #expect(memory.output.contains("does not fit into 8.0 GiB"))
      #expect(memory.status == 0)
    }
  }

  @Test func imagesReachTheRulesAndTheDryRun() throws {
    let config = """
      {"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \
      "output_model_format": "KOHYA_LORA", "batch_size": 8, "learning_rate": 1.0, \
      "optimizer": {"optimizer": "PRODIGY"}}
      """
    try TemporaryFolder.with(["a.json": config, ".tuneup.yml": "images: 4"]) { folder in
      let few = try Self.run("lint", "--format", "concise", "a.json", in: folder)
      #expect(Self.rules(few).contains("fewer-images-than-a-batch"), "\(few.output)")
      try "dataset: {images: 4, repeats: 10}".write(
        to: folder.appending(path: ".tuneup.yml"), atomically: false, encoding: .utf8)
      let enough = try Self.run("lint", "--format", "concise", "a.json", in: folder)
      #expect(!Self.rules(enough).contains("fewer-images-than-a-batch"))
      let dryRun = try Self.run("dry-run", "--basin", "0", "--steps", "20", "a.json", in: folder)
      #expect(!dryRun.output.contains("the number of images is not known"), "\(dryRun.output)")
    }
  }

  @Test func backendAndMode() throws {
    let json = #"{"learning_rate": 1e-4, "epochs": 3}"#
    try TemporaryFolder.with([
      ".tuneup.yml": """
      mode: {onetrainer: ui}
      backend:
        odd/*: simpletuner
      overrides:
        - {paths: odd/b.json, backend: onetrainer}
      """, "odd/a.json": json, "odd/b.json": json, "a.json": Self.config,
    ]) { folder in
      func backend(_ path: String, _ arguments: String...) throws -> Bool {
        try Program.run(["lint", "--format", "json", path] + arguments, in: folder).output
          .contains("\"backend\": \"simpletuner\"")
      }
      #expect(try backend("odd/a.json"))
      #expect(try !backend("odd/b.json"))
      #expect(try backend("odd/b.json", "--backend", "simpletuner"))
      // As the interface reads it, which has a table of its own.
      let ui = try Self.run("lint", "--no-config", "--mode", "ui", "a.json", in: folder)
      let cli = try Self.run("lint", "--no-config", "a.json", in: folder)
      #expect(ui.output != cli.output)
      #expect(try Self.run("lint", "a.json", in: folder).output == ui.output)
    }
  }
}
