import Foundation
import TestSupport

/// The built program, run as a user runs it.
enum Program {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// It lies beside the test bundle.
  static let path: String = {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path() != "/" {
      let candidate = folder.appending(path: "tuneup")
      if FileManager.default.isExecutableFile(atPath: candidate.path()) { return candidate.path() }
      folder = folder.deletingLastPathComponent()
    }
    return Repository.root.appending(path: ".build/debug/tuneup").path()
  }()

  static func run(
    _ arguments: String..., input: String? = nil, in folder: URL? = nil
  ) throws -> Outcome {
    try run(arguments, input: input, in: folder)
  }

  static func run(
    _ arguments: [String], input: String? = nil, in folder: URL? = nil,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(path, arguments, input: input, in: folder, environment: environment)
  }

  /// A script of bash, in which the program is called by its path.
  static func run(script: String, in folder: URL) throws -> Outcome {
    try run("/bin/bash", ["-c", script], input: nil, in: folder, environment: [:])
  }

  private static func run(
    _ program: String, _ arguments: [String], input: String?, in folder: URL?,
    environment: [String: String]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files, not pipes: nothing can fill up.
    let files = ["in", "out", "err"].map { folder.appending(path: $0) }
    for file in files { _ = FileManager.default.createFile(atPath: file.path(), contents: Data()) }
    try (input ?? "").write(to: files[0], atomically: false, encoding: .utf8)
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }
}
