import Foundation
import TestSupport
import Testing

/// `--write-baseline` and `--baseline`: what was there before is not reported again.
@Suite struct BaselineCommandTests {
  private static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tuneup-baseline-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path(percentEncoded: false))
  }

  private static func write(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  @Test func knownFindingsAreNotReportedAgain() throws {
    try Self.inFolder { folder in
      let (config, baseline) = ("\(folder)/a.json", "\(folder)/baseline.json")
      try Self.write(LintCommandTests.flawed, config)
      let first = try Program.run("lint", "--write-baseline", baseline, config)
      #expect(first.status == 0)
      #expect(first.output.isEmpty)
      let second = try Program.run("lint", "--baseline", baseline, "--format", "concise", config)
      #expect(second.status == 0, "\(second.output)")
      #expect(second.output.isEmpty)
      #expect(second.errors.contains("of the baseline not shown"))

      // Lines move; what is new is reported alone.
      try Self.write(
        LintCommandTests.flawed.replacing(
          "{\"__version\"", with: "{\n\n  \"epoch\": 3, \"__version\""),
        config)
      let third = try Program.run("lint", "--baseline", baseline, "--format", "concise", config)
      #expect(third.output.contains("[unknown-key]"))
      #expect(third.output.split(separator: "\n").count == 1, "\(third.output)")

      // What is mended is said to be gone.
      try Self.write(LintCommandTests.clean, config)
      let fourth = try Program.run("lint", "--baseline", baseline, config)
      #expect(fourth.status == 0)
      #expect(fourth.errors.contains("gone"))
    }
  }

  @Test(arguments: [
    ("", "b.json"), ("{}", "no baseline"), ("[1", "b.json:1:"),
    ("{\"version\": 2, \"findings\": []}", "no baseline"),
    ("{\"version\": 1, \"findings\": [{}]}", "no fingerprint"),
  ])
  func refusesWhatIsNone(_ text: String, _ words: String) throws {
    try Self.inFolder { folder in
      try Self.write(text, "\(folder)/b.json")
      try Self.write(LintCommandTests.clean, "\(folder)/a.json")
      let outcome = try Program.run("lint", "--baseline", "\(folder)/b.json", "\(folder)/a.json")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(arguments: [
    "--baseline a.json --write-baseline b.json", "--baseline a.json --fix",
    "--write-baseline /no/such/f",
  ])
  func refusesTheCall(_ options: String) throws {
    let words = options.split(separator: " ").map(String.init)
    let outcome = try Program.run(["lint"] + words + ["-"], input: LintCommandTests.clean)
    #expect(outcome.status == 2)
    #expect(!outcome.errors.isEmpty)
  }
}
