import Foundation
import TestSupport
import Testing

/// Files of weights that are no such files: a message and status 2, never a crash.
@Suite struct WeightsHeaderTests {
  private static func file(_ json: String, length: UInt64? = nil) -> Data {
    var bytes: [UInt8] = []
    let stated = length ?? UInt64(json.utf8.count)
    for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: stated >> (8 * UInt64(place)))) }
    return Data(bytes + Array(json.utf8))
  }

  private static let good =
    #"{"a.weight": {"dtype": "F16", "shape": [64, 32], "data_offsets": [0, 4096]}}"#

  static let broken: [(String, Data)] = [
    ("empty", Data()), ("short", Data([1, 0, 0])), ("length only", file("", length: 100)),
    ("no header", file("", length: 0)), ("huge length", file(good, length: .max)),
    ("100 MB", file(good, length: 99_000_000)), ("truncated", file(good, length: 1000)),
    ("cut off", file(good, length: 40)), ("a list", file("[1, 2]")), ("a text", file(#""a""#)),
    ("no tensors", file("{}")), ("only metadata", file(#"{"__metadata__": {"a": "b"}}"#)),
    ("no shape", file(#"{"a": {"dtype": "F16"}}"#)),
    ("words for a shape", file(#"{"a": {"shape": ["x", "y"]}}"#)),
    (
      "negative shape",
      file(#"{"a": {"dtype": "F16", "shape": [-64, 32], "data_offsets": [0, 1]}}"#)
    ),
    ("no numbers", file(#"{"a": {"dtype": "F16", "shape": [0, 32], "data_offsets": [0, 0]}}"#)),
    ("too large", file(#"{"a": {"shape": [1099511627775, 1099511627775, 1099511627775]}}"#)),
    (
      "negative offsets",
      file(#"{"a.weight": {"dtype": "F16", "shape": [64, 32], "data_offsets": [-8, -4]}}"#)
    ),
    (
      "offsets the wrong way round",
      file(#"{"a.weight": {"dtype": "F16", "shape": [64, 32], "data_offsets": [4096, 0]}}"#)
    ),
    (
      "offsets of another length",
      file(#"{"a.weight": {"dtype": "F16", "shape": [64, 32], "data_offsets": [0, 8]}}"#)
    ),
    ("binary", file(String(repeating: "\u{1}", count: 64))),
    ("deep", file(String(repeating: "[", count: 100_000))),
  ]

  @Test(arguments: broken.map(\.0))
  func endsWithAMessage(name: String) throws {
    let data = try #require(Self.broken.first { $0.0 == name }).1
    try TemporaryFolder.with(["config.json": MemoryCommandTests.config]) { folder in
      for ending in ["safetensors", "gguf"] {
        try data.write(to: folder.appending(path: "w.\(ending)"))
        let outcome = try Program.run(
          "memory", "--manifest", "w.\(ending)", "config.json", in: folder)
        #expect(outcome.status == 2, "\(outcome.output)")
        #expect(outcome.errors.contains("w.\(ending)"), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
      }
    }
  }

  /// Bytes changed at random in a header that is right: an answer, or a message.
  @Test func bearsChangedBytes() throws {
    var generator = SystemRandomNumberGenerator()
    try TemporaryFolder.with(["config.json": MemoryCommandTests.config]) { folder in
      for _ in 0..<24 {
        var data = Self.file(Self.good)
        for _ in 0..<3 {
          data[Int.random(in: 0..<data.count, using: &generator)] = UInt8.random(
            in: 0...255, using: &generator)
        }
        try data.write(to: folder.appending(path: "w.safetensors"))
        let outcome = try Program.run(
          "memory", "--manifest", "w.safetensors", "config.json", in: folder)
        #expect([0, 2].contains(outcome.status), "\(Array(data))")
      }
    }
  }
}
