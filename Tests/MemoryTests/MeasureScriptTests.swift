import Foundation
import SourceText
import TestSupport
import Testing

@testable import Memory

/// `Scripts/measure-vram` as far as it goes without a card.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
struct MeasureScriptTests {
  static let script = Repository.root.appending(path: "Scripts/measure-vram").path()

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test func listsWhatWouldBeRun() throws {
    let (status, output) = try Self.python([
      Self.script, "--list", "--models", "sdxl,flux", "--methods", "lora,full", "--ranks", "8,16",
      "--sizes", "512", "--batches", "1", "--checkpointing", "on",
    ])
    #expect(status == 0)
    // A whole model has no rank, so it is run once.
    #expect(output.split(separator: "\n").count == 6, "\(output)")
    #expect(output.contains("sdxl lora rank 8, torch-adamw, batch 1 of 512, checkpointing on"))
  }

  @Test(
    arguments: [
      ["--models", "nothing"], ["--sizes", "x"], ["--sizes", "500"], ["--batches", "0"],
      ["--methods", "loha"], ["--optimizers", "prodigy"], ["--checkpointing", "maybe"], ["--no"],
    ])
  func refusesWhatItDoesNotKnow(arguments: [String]) throws {
    let (status, output) = try Self.python([Self.script] + arguments)
    #expect(status == 2)
    #expect(output.contains("error:") && !output.contains("Traceback"))
  }

  /// The rows it writes are rows that `--calibrate` reads, every one of them, for all its models.
  @Test func writesRowsThatAreRead() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let table = folder.appending(path: "rows.csv").path()
    let program = """
      import sys
      from importlib.machinery import SourceFileLoader
      sys.dont_write_bytecode = True
      script = SourceFileLoader("measure", sys.argv[1]).load_module()
      gib = 2 ** 30
      def run(task):
          if task["batch"] == 2:
              return dict(oom=24 * gib, card="NVIDIA GeForce RTX 4090")
          return dict(allocated=10 * gib, driver=12 * gib, card="NVIDIA H100 80GB HBM3")
      sys.exit(script.main([
          "--models", ",".join(script.MODELS), "--methods", "lora,full",
          "--optimizers", ",".join(script.OPTIMIZERS), "--output", sys.argv[2]], run))
      """
    let (status, output) = try Self.python(["-c", program, Self.script, table])
    #expect(status == 0, "\(output)")
    let text = try String(contentsOf: URL(filePath: table), encoding: .utf8)
    let runs = try MeasuredRun.read(SourceFile(path: "rows.csv", text: text))
    // Models, methods, sizes, ways of checkpointing, optimizers; two figures, or one where it failed.
    #expect(runs.count == 4 * 2 * 2 * 2 * 3 * 3)
    for run in runs {
      if case .unknown(let words) = run.outcome { Issue.record("\(run.model): \(words)") }
    }
    let pairs = Accuracy(runs).pairs
    #expect(pairs.count == 4 * 2 * 2 * 2 * 3 * 2)
    #expect(Set(pairs.map(\.measured)) == [10, 12])
    #expect(Calibration(runs)?.count == pairs.count)
  }
}
