import Foundation
import Inspection
import TestSupport
import Testing

/// What git ignores is not searched. The oracle is git itself.
@Suite struct IgnoreFilesTests {
  static let git: String? = ["/usr/bin/git", "/usr/local/bin/git", "/opt/homebrew/bin/git"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  static func git(_ arguments: [String], input: String = "", in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: try #require(git))
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // No settings of the machine's own.
    process.environment = [
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": "/nonexistent",
    ]
    let text = folder.appending(path: ".git-input")
    try Data(input.utf8).write(to: text)
    defer { try? FileManager.default.removeItem(at: text) }
    process.standardInput = try FileHandle(forReadingFrom: text)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  // MARK: Random lists

  static let names = ["a", "b", "ab", "b.json", "a b", "[x]", "c.json", "é", "!a", "#b", "a-b"]

  /// A line of a `.gitignore` made of what such lines are made of.
  static func line(_ random: inout SplitMix64) -> String {
    let pieces = [
      "a", "b", "ab", "*", "**", "?", "/", "/", "*.json", "b.json", "[ab]", "[!a]", "[a-c]",
      "\\[x]",
      "é", "**/", "/**", "/**/", "[[:alpha:]]", "[]a]", "\\*", "[^b]*", "[a", "a ", "a\\ b", "-b",
      "[a-]", "[\\]b]", "x", "***", "a**", "**b", ".json",
    ]
    var line = random.oneIn(4) ? "!" : random.oneIn(12) ? "\\" : ""
    if random.oneIn(4) { line += "/" }
    for _ in 0..<Int.random(in: 1...4, using: &random) { line += random.pick(pieces) }
    if random.oneIn(5) { line += "/" }
    if random.oneIn(10) { line += "  " }
    return line
  }

  static func list(_ random: inout SplitMix64) -> String {
    let lines = (0..<Int.random(in: 1...6, using: &random)).map { _ in
      random.oneIn(15) ? "# a comment" : random.oneIn(20) ? "" : line(&random)
    }
    return lines.joined(separator: random.oneIn(8) ? "\r\n" : "\n") + (random.oneIn(3) ? "" : "\n")
  }

  /// The files that a search finds are those that git does not ignore.
  @Test(.enabled(if: git != nil, "needs git"), arguments: 0..<40)
  func findsWhatGitDoesNotIgnore(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(1000 + seed))
    var files: [String: String] = [:]
    for _ in 0..<60 {
      let depth = Int.random(in: 0...3, using: &random)
      let folders = (0..<depth).map { _ in random.pick(["a", "b", "ab", "c", "a b"]) }
      files[(folders + [random.pick(Self.names) + ".json"]).joined(separator: "/")] = "{}"
    }
    let paths = files.keys.sorted()
    files[".gitignore"] = Self.list(&random)
    for folder in ["a", "b", "a/b"] where random.oneIn(2) {
      files["\(folder)/.gitignore"] = Self.list(&random)
    }
    let exclude = Self.list(&random)
    try TemporaryFolder.with(files) { folder in
      _ = try Self.git(["init", "--quiet"], in: folder)
      if random.oneIn(2) {
        try Data(exclude.utf8).write(to: folder.appending(path: ".git/info/exclude"))
      }
      let output = try Self.git(
        ["check-ignore", "--stdin", "-z", "--no-index"], input: paths.joined(separator: "\0"),
        in: folder)
      let ignored = Set(output.split(separator: "\0").map(String.init))
      let top = folder.path(percentEncoded: false)
      let start = top.hasSuffix("/") ? top.utf8.count : top.utf8.count + 1
      let found = FileSearch().configs(below: top).map {
        String(decoding: $0.utf8.dropFirst(start), as: UTF8.self)
      }.map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 }
      let expected = paths.filter { !ignored.contains($0) }
      let lists = files.filter { $0.key.hasSuffix(".gitignore") }
      #expect(Set(found) == Set(expected), "\(lists)\n\(exclude)")
      #expect(
        Set(FileSearch(includesIgnored: true).configs(below: top)).count == paths.count)
    }
  }

  // MARK: Places

  static let tree = [
    ".gitignore": "/out/\n*.local.json\n!keep.local.json\nsub/deep/*.json\n", "a.json": "{}",
    "b.local.json": "{}", "keep.local.json": "{}", "out/c.json": "{}", "sub/out/d.json": "{}",
    "sub/deep/e.json": "{}", "sub/deep/.gitignore": "!f.json\n", "sub/deep/f.json": "{}",
    ".hidden/g.json": "{}",
  ]

  static func found(_ folder: URL, _ path: String = "") -> Set<String> {
    let top = folder.path(percentEncoded: false)
    let start = top.hasSuffix("/") ? top : top + "/"
    return Set(
      FileSearch().configs(below: start + path).map {
        String($0.dropFirst(start.count)).trimmingCharacters(in: ["/"])
      })
  }

  @Test func aRepositoryIsKnownByItsFolder() throws {
    try TemporaryFolder.with(Self.tree.merging([".git/HEAD": ""]) { $1 }) { folder in
      #expect(
        Self.found(folder) == ["a.json", "keep.local.json", "sub/out/d.json", "sub/deep/f.json"])
      // From a folder within, with the lists above it.
      #expect(Self.found(folder, "sub") == ["sub/out/d.json", "sub/deep/f.json"])
      #expect(Self.found(folder, "sub/deep") == ["sub/deep/f.json"])
    }
  }

  /// As git and ripgrep: without a repository the lists mean nothing.
  @Test func outsideOfARepositoryNothingIsIgnored() throws {
    try TemporaryFolder.with(Self.tree) { folder in
      #expect(Self.found(folder).count == Self.tree.count - 3)
    }
  }

  @Test func aRepositoryWithinBeginsAnew() throws {
    try TemporaryFolder.with([
      ".git/HEAD": "", ".gitignore": "*.json", "a.json": "{}", "inner/.git/HEAD": "",
      "inner/b.json": "{}",
    ]) { folder in #expect(Self.found(folder) == ["inner/b.json"]) }
  }

  // MARK: Patterns

  @Test(
    arguments: [
      ("*.json", ["a.json", "keep.local.json"]), ("**/*.json", nil),
      ("sub/**/*.json", ["sub/deep/f.json", "sub/out/d.json"]),
      ("sub/*/[df].json", ["sub/deep/f.json", "sub/out/d.json"]), ("sub/*.json", []),
      ("sub/**/out/*.json", ["sub/out/d.json"]), ("?.json", ["a.json"]),
      ("out/*.json", ["out/c.json"]),
      ("no/**", []),
    ] as [(String, [String]?)])
  func findsByPattern(_ pattern: String, _ expected: [String]?) throws {
    try TemporaryFolder.with(Self.tree.merging([".git/HEAD": ""]) { $1 }) { folder in
      let top = folder.path(percentEncoded: false)
      let start = top.hasSuffix("/") ? top : top + "/"
      let found = FileSearch().files(matching: start + pattern).map {
        String($0.dropFirst(start.count))
      }
      #expect(Set(found) == expected.map(Set.init) ?? Self.found(folder), "\(found)")
    }
  }
}
