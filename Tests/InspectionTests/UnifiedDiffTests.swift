import Foundation
import Reporting
import SourceText
import TestSupport
import Testing

/// The tools that take a diff make the new file of the old one.
@Suite struct UnifiedDiffTests {
  struct Change: Sendable, CustomTestStringConvertible {
    let name: String
    let old: String
    let new: String
    var testDescription: String { name }
  }

  static let lines = (1...30).map { "line \($0)\n" }.joined()

  static let changes = [
    Change(name: "the first line", old: lines, new: "new\n" + lines.dropFirst(7)),
    Change(name: "the last line", old: lines, new: lines.dropLast(8) + "new\n"),
    Change(name: "a line before the first", old: lines, new: "new\n" + lines),
    Change(name: "a line after the last", old: lines, new: lines + "new\n"),
    Change(
      name: "two places far apart", old: lines,
      new: lines.replacing("line 3\n", with: "a\nb\n").replacing("line 25\n", with: "")),
    Change(
      name: "two places whose context meets", old: lines,
      new: lines.replacing("line 10\n", with: "a\n").replacing("line 17\n", with: "b\n")),
    Change(
      name: "two places one line further apart", old: lines,
      new: lines.replacing("line 10\n", with: "a\n").replacing("line 18\n", with: "b\n")),
    Change(name: "no line break at the end", old: "a\nb", new: "a\nc"),
    Change(name: "a line break is added at the end", old: "a\nb", new: "a\nb\n"),
    Change(name: "the line break at the end goes", old: "a\nb\n", new: "a\nb"),
    Change(name: "Windows line breaks", old: "a\r\nb\r\nc\r\n", new: "a\r\nd\r\nc\r\n"),
    Change(name: "line breaks only", old: "a\r\nb\r\n", new: "a\nb\n"),
    Change(name: "from an empty file", old: "", new: "a\nb\n"),
    Change(name: "to an empty file", old: "a\nb\n", new: ""),
    Change(name: "from an empty file without a line break", old: "", new: "a"),
    Change(name: "a line of three bytes", old: "\n\n\n", new: "\n\n"),
    Change(name: "another normal form", old: "\u{E9}\n", new: "e\u{301}\n"),
    Change(
      name: "lines that look like a diff", old: "-- a\n++ b\n@@ c\n", new: "-- a\n++ d\n@@ c\n"),
  ]

  static let tools = [
    ["patch", "-p0", "--batch", "--silent", "-i"], ["git", "apply", "-p0", "--whitespace=nowarn"],
  ]

  static let haveTools = ["patch", "git"].allSatisfy { tool in
    ["/usr/bin/", "/bin/", "/usr/local/bin/"].contains {
      FileManager.default.isExecutableFile(atPath: $0 + tool)
    }
  }

  @Test(.enabled(if: haveTools), arguments: changes, tools)
  func isTakenBy(_ change: Change, _ tool: [String]) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "tuneup-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let name = "#sd 1.5.json"
    let file = folder.appending(path: name)
    try Data(change.old.utf8).write(to: file)
    let diff = UnifiedDiff.between(
      SourceFile(path: name, text: change.old), SourceFile(path: name, text: change.new))
    try Data(diff.utf8).write(to: folder.appending(path: "change.diff"))

    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = tool + ["change.diff"]
    process.currentDirectoryURL = folder
    // A repository around the temporary folder would make git skip what lies outside of it.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["GIT_CEILING_DIRECTORIES": folder.deletingLastPathComponent().path()]) { $1 }
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(diff)")
    let result = (try? Data(contentsOf: file)) ?? Data()
    #expect(Array(result) == Array(change.new.utf8), "\(diff)")
  }

  @Test(arguments: changes)
  func isColouredOnlyIfAskedTo(_ change: Change) {
    let (old, new) = (
      SourceFile(path: "a", text: change.old), SourceFile(path: "a", text: change.new)
    )
    let plain = UnifiedDiff.between(old, new)
    let coloured = UnifiedDiff.between(old, new, style: .init(isColoured: true))
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[1m--- a\u{1B}[0m\n"))
    #expect(coloured.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") == plain)
  }

  @Test func sameFilesHaveNone() {
    let file = SourceFile(path: "a", text: Self.lines)
    #expect(UnifiedDiff.between(file, file) == "")
  }
}
