import Foundation
import TestSupport
import Testing

/// What `lint` is given: folders, patterns, and changes to wait for.
@Suite struct SearchCommandTests {
  static let flawed = SettingsCommandTests.config
  static let rule = "adaptive-learning-rate-not-one"

  static func paths(_ outcome: Program.Outcome) -> Set<String> {
    Set(
      outcome.output.split(separator: "\n").compactMap { $0.split(separator: ":").first }
        .map(String.init))
  }

  static func lint(_ arguments: String..., in folder: URL) throws -> Program.Outcome {
    try Program.run(
      ["lint", "--no-config", "--format", "concise", "--select", rule] + arguments, in: folder)
  }

  @Test func respectsGitignore() throws {
    try TemporaryFolder.with([
      ".git/HEAD": "", ".gitignore": "old/\n", "a.json": Self.flawed, "old/b.json": Self.flawed,
      "sub/c.json": Self.flawed,
    ]) { (folder: URL) throws in
      #expect(try Self.paths(Self.lint(in: folder)) == ["a.json", "sub/c.json"])
      #expect(
        try Self.paths(Self.lint("--no-gitignore", in: folder))
          == ["a.json", "old/b.json", "sub/c.json"])
      // What is named is meant.
      #expect(try Self.paths(Self.lint("old/b.json", in: folder)) == ["old/b.json"])
      #expect(try Self.paths(Self.lint("old", in: folder)) == ["old/b.json"])
    }
  }

  @Test func takesPatterns() throws {
    try TemporaryFolder.with([
      "a/b/c.json": Self.flawed, "a/d.json": Self.flawed, "e.json": Self.flawed,
      "a/package.json": "{}", "a/[x].json": Self.flawed,
    ]) { (folder: URL) throws in
      #expect(
        try Self.paths(Self.lint("a/**/*.json", in: folder))
          == ["a/b/c.json", "a/d.json", "a/[x].json"])
      #expect(try Self.paths(Self.lint("*.json", in: folder)) == ["e.json"])
      // A file that is called so.
      #expect(try Self.paths(Self.lint("a/[x].json", in: folder)) == ["a/[x].json"])
      let none = try Self.lint("z/*.json", in: folder)
      #expect(none.status == 2)
      #expect(none.errors.contains("z/*.json: error: no file matches"))
    }
  }

  @Test(arguments: ["--fix", "--diff", "--baseline b.json", "-"])
  func refusesToWatch(_ words: String) throws {
    let outcome = try Program.run(
      ["lint", "--watch"] + words.split(separator: " ").map(String.init), input: "{}")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("--watch"))
  }

  // MARK: Watching

  /// A run of `lint --watch`, with what it has printed so far.
  final class Watch {
    let process = Process()
    let output: URL
    let folder: URL

    init(_ path: String, in folder: URL, polls: Bool) throws {
      self.folder = folder
      output = folder.appending(path: "output.txt")
      _ = FileManager.default.createFile(atPath: output.path(), contents: Data())
      process.executableURL = URL(filePath: Program.path)
      process.arguments = ["lint", "--watch", "--format", "concise", "--select", rule, path]
      process.currentDirectoryURL = folder
      process.environment = ProcessInfo.processInfo.environment.merging([
        "TUNEUP_WATCH": polls ? "poll" : "", "XDG_CONFIG_HOME": folder.path(),
      ]) { $1 }
      process.standardInput = FileHandle.nullDevice
      let handle = try FileHandle(forWritingTo: output)
      process.standardOutput = handle
      process.standardError = handle
      // Who is run in the background ignores it, and hands that on.
      signal(SIGINT, SIG_DFL)
      try process.run()
    }

    var text: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }
    /// How often it has checked.
    var rounds: Int { text.matches(of: /waiting for changes/).count }
    var findings: Int { text.matches(of: /not-one\]/).count }

    /// Waits until it has checked so often.
    func reaches(_ count: Int) -> Bool {
      for _ in 0..<200 {
        if rounds >= count { return true }
        usleep(50_000)
      }
      return false
    }

    func end() -> Int32 {
      process.interrupt()
      for _ in 0..<100 where process.isRunning { usleep(50_000) }
      if process.isRunning { process.terminate() }
      process.waitUntilExit()
      return process.terminationStatus
    }
  }

  @Test(arguments: [false, true])
  func checksAgainAfterChanges(_ polls: Bool) throws {
    let clean = Self.flawed.replacing("0.0001", with: "1")
    try TemporaryFolder.with(["configs/a.json": Self.flawed]) { folder in
      let file = folder.appending(path: "configs/a.json")
      let watch = try Watch("configs", in: folder, polls: polls)
      defer { if watch.process.isRunning { watch.process.terminate() } }
      try #require(watch.reaches(1), "\(watch.text)")
      #expect(watch.findings == 1)

      // Written over.
      try Data(clean.utf8).write(to: file)
      try #require(watch.reaches(2), "\(watch.text)")
      #expect(watch.findings == 1, "\(watch.text)")

      // A new file in its place, as many editors do.
      let other = folder.appending(path: "configs/.a.json.swp")
      try Data(Self.flawed.utf8).write(to: other)
      #expect(rename(other.path(), file.path()) == 0)
      try #require(watch.reaches(3), "\(watch.text)")
      #expect(watch.findings == 2)

      // Gone, and there again.
      try FileManager.default.removeItem(at: file)
      try #require(watch.reaches(4), "\(watch.text)")
      try Data(Self.flawed.utf8).write(to: file)
      try #require(watch.reaches(5), "\(watch.text)")
      #expect(watch.findings == 3)

      // A folder that comes later, and settings.
      try FileManager.default.createDirectory(
        at: folder.appending(path: "configs/new"), withIntermediateDirectories: true)
      try Data(Self.flawed.utf8).write(to: folder.appending(path: "configs/new/b.json"))
      try #require(watch.reaches(6), "\(watch.text)")
      #expect(watch.findings >= 5)
      let rounds = watch.rounds
      try Data("severity: {\(Self.rule): {level: off, reason: x}}".utf8)
        .write(to: folder.appending(path: ".tuneup.yml"))
      try #require(watch.reaches(rounds + 1), "\(watch.text)")

      // What is no config wakes nobody.
      let last = watch.rounds
      let findings = watch.findings
      try Data("x".utf8).write(to: folder.appending(path: "configs/notes.txt"))
      usleep(1_500_000)
      #expect(watch.rounds == last)
      #expect(watch.findings == findings)

      #expect(watch.end() == SIGINT)
      #expect(watch.process.terminationReason == .uncaughtSignal)
    }
  }

  /// Many writes in a row are one change.
  @Test func changesInARowAreOne() throws {
    try TemporaryFolder.with(["a.json": Self.flawed]) { folder in
      let watch = try Watch("a.json", in: folder, polls: false)
      defer { if watch.process.isRunning { watch.process.terminate() } }
      try #require(watch.reaches(1))
      for count in 1...15 {
        try Data((Self.flawed + String(repeating: "\n", count: count)).utf8)
          .write(to: folder.appending(path: "a.json"))
        usleep(10_000)
      }
      try #require(watch.reaches(2))
      usleep(1_500_000)
      #expect(watch.rounds <= 4, "\(watch.rounds)")
      _ = watch.end()
    }
  }
}
