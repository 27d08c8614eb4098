internal import Trials

/// The curves as TensorBoard reads them, under the tags of OneTrainer.
///
/// A file of records (tensorflow/core/lib/io/record_writer.cc): length, checksum of the length, data,
/// checksum of the data. The data is the protocol buffer `Event` (tensorflow/core/util/event.proto):
/// wall_time 1, step 2, file_version 3, summary 5, which holds values 1 of tag 1 and simple_value 2.
/// Its clock is the step in seconds, so that the same run is the same bytes.
public struct EventFile: Sendable {
  /// TensorBoard takes any file whose name holds `tfevents`.
  public static let name = "events.out.tfevents.0000000000.tuneup"

  public private(set) var bytes: [UInt8] = []

  public init(_ report: DryRunReport) {
    append(Self.event(step: 0, field: 3, Array("brain.Event:2".utf8)))
    for part in report.parts {
      let run = part.trajectory
      for place in run.rate.indices {
        let step = Int(Double(place) * part.stride)
        for name in part.names {
          add("lr/\(name)", run.rate[place], step)
          if place < run.adaptedRate.count { add("lr/d*lr/\(name)", run.adaptedRate[place], step) }
        }
        if part.names == report.parts[0].names { add("loss/train_step", run.loss[place], step) }
      }
    }
  }

  private mutating func add(_ tag: String, _ value: Double, _ step: Int) {
    var inner: [UInt8] = []
    Self.put(field: 1, Array(tag.utf8), in: &inner)
    inner.append(2 << 3 | 5)
    inner += Self.littleEndian(UInt64(Float(value).bitPattern), 4)
    var summary: [UInt8] = []
    Self.put(field: 1, inner, in: &summary)
    append(Self.event(step: step, field: 5, summary))
  }

  private static func event(step: Int, field: UInt8, _ content: [UInt8]) -> [UInt8] {
    var event: [UInt8] = [1 << 3 | 1]
    event += littleEndian(Double(step).bitPattern, 8)
    if step > 0 {
      event.append(2 << 3)
      event += variable(UInt64(step))
    }
    put(field: field, content, in: &event)
    return event
  }

  private static func put(field: UInt8, _ content: [UInt8], in bytes: inout [UInt8]) {
    bytes.append(field << 3 | 2)
    bytes += variable(UInt64(content.count))
    bytes += content
  }

  private static func variable(_ number: UInt64) -> [UInt8] {
    var rest = number
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func littleEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
  }

  private mutating func append(_ event: [UInt8]) {
    let length = Self.littleEndian(UInt64(event.count), 8)
    bytes += length + Self.littleEndian(UInt64(Self.masked(length)), 4)
    bytes += event + Self.littleEndian(UInt64(Self.masked(event)), 4)
  }

  /// The CRC-32C, turned and moved, as TensorFlow stores it.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = checksum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }

  /// CRC-32C (Castagnoli), RFC 3720, appendix B.4.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { place in
    (0..<8).reduce(UInt32(place)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
  }
}
