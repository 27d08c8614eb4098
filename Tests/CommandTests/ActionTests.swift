import Foundation
import SourceText
import TestSupport
import Testing

/// The steps of the GitHub Action, run as a shell runs them, on the repository of `Examples/ci`.
@Suite struct ActionTests {
  static let example = Repository.root.appending(path: "Examples/ci")

  /// A copy that is a repository of its own.
  static func withExample(_ body: (URL) throws -> Void) throws {
    try TemporaryFolder.with { folder in
      let copy = folder.appending(path: "repository")
      try FileManager.default.copyItem(at: example, to: copy)
      try FileManager.default.removeItem(at: copy.appending(path: "output"))
      try FileManager.default.createDirectory(
        at: copy.appending(path: ".git"), withIntermediateDirectories: true)
      try body(copy)
    }
  }

  struct Outcome {
    let status: Int32
    let log: String
    let summary: String
    let sarif: String?
  }

  static func run(_ inputs: [String: String], in folder: URL) throws -> Outcome {
    let log = folder.appending(path: "log")
    let summary = folder.appending(path: "summary")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [
      "-c", #""$0" > "$1" 2>&1"#, Repository.root.appending(path: "Scripts/action").path(),
      log.path(),
    ]
    process.currentDirectoryURL = folder
    let own = ["TUNEUP": Program.path, "GITHUB_STEP_SUMMARY": summary.path()]
    process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }
      .merging(inputs.map { ("INPUT_\($0)", $1) }) { $1 }
    try process.run()
    process.waitUntilExit()
    func text(_ file: URL) -> String? { try? String(contentsOf: file, encoding: .utf8) }
    return Outcome(
      status: process.terminationStatus, log: text(log) ?? "", summary: text(summary) ?? "",
      sarif: text(folder.appending(path: "tuneup.sarif")))
  }

  /// The inputs of the workflow, as it states them.
  static func workflowInputs() throws -> [String: String] {
    let path = example.appending(path: ".github/workflows/configs.yml").path()
    let document = try DocumentReader.read(
      SourceFile(path: path, bytes: Array(try Data(contentsOf: URL(filePath: path)))))
    let steps = try #require(document.root["jobs"]?["tuneup"]?["steps"])
    let own = try #require(steps.children.first { $0["with"]?["configs"] != nil }?["with"])
    return Dictionary(
      uniqueKeysWithValues: own.children.map {
        (($0.key ?? "").uppercased().replacing("-", with: "_"), $0.text)
      })
  }

  @Test func saysWhatIsStored() throws {
    try Self.withExample { folder in
      let outcome = try Self.run(try Self.workflowInputs(), in: folder)
      #expect(outcome.status == 1)
      let found = [
        "log.txt": outcome.log, "summary.md": outcome.summary,
        "tuneup.sarif": outcome.sarif ?? "",
      ]
      for (name, text) in found {
        let stored = Self.example.appending(path: "output/\(name)")
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] != nil {
          try text.write(to: stored, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: stored, encoding: .utf8)), "\(name)")
      }
    }
  }

  @Test func isContentWithWhatIsSound() throws {
    try Self.withExample { folder in
      let outcome = try Self.run(
        [
          "PATHS": "configs/style-sdxl.json", "CONFIGS": "configs/*-sdxl.json", "MAX_VRAM": "24GiB",
        ],
        in: folder)
      #expect(outcome.status == 0, "\(outcome.log)")
      #expect(outcome.log == "configs/style-sdxl.json: converges\n")
    }
  }

  @Test func namesWhatIsNotThere() throws {
    try Self.withExample { folder in
      let outcome = try Self.run(
        ["PATHS": "configs/style-sdxl.json", "CONFIGS": "a b.json\n\nnone/*.json"], in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.log.contains("::error file=a b.json::"))
      #expect(outcome.log.contains("::error file=none/*.json::"))
    }
  }

  /// What `action.yml` hands over is what the script reads.
  @Test func inputsAreRead() throws {
    let path = Repository.root.appending(path: "action.yml").path()
    let document = try DocumentReader.read(
      SourceFile(path: path, bytes: Array(try Data(contentsOf: URL(filePath: path)))))
    let script = try Repository.text("Scripts/action")
    let step = try #require(
      document.root["runs"]?["steps"]?.children.first { $0["env"] != nil })
    let names = try #require(step["env"]).children.compactMap(\.key)
    let inputs = try #require(document.root["inputs"]).children.compactMap(\.key)
    #expect(names.count == inputs.count + 1)
    for name in names { #expect(script.contains("${\(name):-"), "\(name)") }
  }
}
