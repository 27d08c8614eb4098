import Foundation
import Reporting
import Testing

@testable import RunLogs

/// Event files of TensorBoard, byte by byte.
@Suite struct EventFileTests {
  /// RFC 3720, appendix B.4.
  static let checksums: [(bytes: [UInt8], sum: UInt32)] = [
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43), (Array(0..<32), 0x46DD_794E),
  ]

  @Test(arguments: checksums)
  func hasTheStandardChecksum(_ bytes: [UInt8], _ sum: UInt32) {
    #expect(Checksum.castagnoli(bytes) == sum)
  }

  private static let short = Logs.log(
    steps: 3, ["lr/unet": { Double($0) + 0.5 }, "other": { _ in 1 }])

  @Test func readsWhatWasWritten() throws {
    try Logs.folder { folder in
      try Logs.write(Self.short, to: folder)
      let runs = try RunLog.runs(below: folder.path())
      #expect(runs.count == 1)
      #expect(runs[0].series == ["lr/unet": .init(steps: [0, 1, 2], values: [0.5, 1.5, 2.5])])
      #expect(!runs[0].isCutOff)
    }
  }

  /// A run that is killed leaves the beginning of a record: whatever its length, the ones before it
  /// count. Nothing else that is cut is taken for one.
  @Test func bearsEveryCut() throws {
    let bytes = Self.short.bytes
    for count in 1..<bytes.count {
      try Logs.folder { folder in
        try Logs.write(Array(bytes.prefix(count)), to: folder)
        do {
          for run in try RunLog.runs(below: folder.path()) {
            let values = run.series["lr/unet"]?.values ?? []
            #expect(values == Array([0.5, 1.5, 2.5].prefix(values.count)))
          }
        } catch {
          #expect(count < 12, "\(count): \(error)")
        }
      }
    }
  }

  /// A byte that is another one is seen, wherever it stands, and stops nothing but the reading.
  @Test func seesEveryDamage() throws {
    let bytes = Self.short.bytes
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x41
      try Logs.folder { folder in
        try Logs.write(damaged, to: folder)
        #expect(throws: ReadFailure.self, "byte \(place)") {
          try RunLog.runs(below: folder.path())
        }
      }
    }
  }

  /// Records with right checksums around nonsense.
  @Test(
    arguments: [
      [0xFF], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x2A, 0x05, 0x0A, 0x7F], [0x0B], [0x08],
      [0x2A, 0x0B] + [UInt8](repeating: 0xFF, count: 11),
    ] as [[UInt8]])
  func refusesNonsense(_ event: [UInt8]) throws {
    func number(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
    let length = number(UInt64(event.count), 8)
    let record =
      length + number(UInt64(Checksum.masked(length)), 4) + event
      + number(UInt64(Checksum.masked(event)), 4)
    try Logs.folder { folder in
      try Logs.write(Self.short.bytes + record, to: folder)
      #expect(throws: ReadFailure.self) { try RunLog.runs(below: folder.path()) }
    }
  }

  /// A length that no file has is not taken at its word.
  @Test func refusesGiants() throws {
    let length: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0x40]
    let sum = Checksum.masked(length)
    let head = length + (0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0)) }
    try Logs.folder { folder in
      try Logs.write(Self.short.bytes + head + [UInt8](repeating: 0, count: 100), to: folder)
      #expect(throws: ReadFailure.self) { try RunLog.runs(below: folder.path()) }
    }
  }

  /// `Summary.Value` with a tensor, as writers of the new style have it; the second and the third are
  /// bytes of tensorboard 2.21's own classes.
  @Test(
    arguments: [
      ([0x08, 0x01, 0x2D, 0, 0, 0, 0x3F], 0.5),
      ([0x08, 0x01, 0x2A, 0x04, 0, 0, 0, 0x3F], 0.5),
      ([0x08, 0x02, 0x32, 0x08, 0, 0, 0, 0, 0, 0, 0xE0, 0x3F], 0.5),
      ([0x08, 0x01, 0x22, 0x04, 0, 0, 0, 0x3F], 0.5),
      ([0x08, 0x01, 0x22, 0x08, 0, 0, 0, 0, 0, 0, 0, 0], nil),
      ([0x08, 0x07, 0x42, 0x01, 0x61], nil),
    ] as [([UInt8], Double?)])
  func readsTensors(_ tensor: [UInt8], _ value: Double?) throws {
    let inner = [0x0A, 0x02, 0x6C, 0x72, 0x42, UInt8(tensor.count)] + tensor
    let summary = [0x0A, UInt8(inner.count)] + inner
    let event: [UInt8] = [0x10, 0x07, 0x2A, UInt8(summary.count)] + summary
    let scalars = try #require(Scalars(event) { $0 == "lr" })
    #expect(scalars.step == 7)
    #expect(scalars.values.map(\.value) == [value].compactMap(\.self))
  }

  /// A later file of the same run goes on where it begins; another folder is another run.
  @Test func joinsTheFilesOfARun() throws {
    try Logs.folder { folder in
      let first = Logs.log(steps: 10, start: 100, ["lr/unet": { _ in 1 }])
      let second = Logs.log(steps: 5, from: 6, start: 200, ["lr/unet": { _ in 2 }])
      let other = Logs.log(steps: 3, start: 300, ["lr/unet": { _ in 3 }])
      try Logs.write(first, to: folder, "a/x")
      try FileManager.default.moveItem(
        at: folder.appending(path: "a/x/events.out.tfevents.1700000000.host.1.0"),
        to: folder.appending(path: "a/x/events.out.tfevents.1600000000.host.1.0"))
      try Logs.write(second, to: folder, "a/x")
      try Logs.write(other, to: folder, "a/y")
      let runs = try RunLog.runs(below: folder.path())
      #expect(runs.map(\.files) == [1, 2])
      let joined = try #require(runs[1].series["lr/unet"])
      #expect(joined.steps == Array(0..<11))
      #expect(joined.values == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2])
    }
  }
}
