import Foundation
import RunLogs

/// Logs as the trainers write them.
enum Logs {
  static func folder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  static func write(_ writer: EventWriter, to folder: URL, _ name: String = "run") throws {
    try write(writer.bytes, to: folder, name)
  }

  static func write(_ bytes: [UInt8], to folder: URL, _ name: String = "run") throws {
    let file = folder.appending(path: "\(name)/events.out.tfevents.1700000000.host.1.0")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  /// An estimate that doubles every ten steps from 1e-6 until it comes to rest.
  static func estimate(_ step: Int, rest: Double) -> Double {
    min(rest, 1e-6 * pow(2, Double(step) / 10))
  }

  static func cosine(_ step: Int, of steps: Int) -> Double {
    0.5 * (1 + cos(Double.pi * Double(step) / Double(steps)))
  }

  /// Series by their tags, at each step of the run.
  static func log(
    steps: Int = 1000, from first: Int = 0, start: Double = 0, _ tags: [String: (Int) -> Double]
  ) -> EventWriter {
    var writer = EventWriter(start: start)
    for step in first..<first + steps {
      for (tag, value) in tags.sorted(by: { $0.key < $1.key }) {
        writer.add(tag, value(step), step)
      }
      writer.add("loss/current", 0.1, step)
    }
    return writer
  }

  /// What sd-scripts logs of Prodigy under a cosine: schedule and product.
  static func kohya(rest: Double = 3.4e-4, tag: String = "lr/d*lr/unet") -> EventWriter {
    log([
      tag: { estimate($0, rest: rest) * cosine($0, of: 1000) },
      "lr/unet": { cosine($0, of: 1000) },
    ])
  }
}
