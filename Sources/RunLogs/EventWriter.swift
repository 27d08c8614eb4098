/// Scalars as an event file of TensorBoard.
///
/// A file of records (tensorflow/core/lib/io/record_writer.cc): length, checksum of the length, data,
/// checksum of the data. The data is the protocol buffer `Event` (tensorflow/core/util/event.proto):
/// wall_time 1, step 2, file_version 3, summary 5, which holds values 1 of tag 1 and simple_value 2.
/// Its clock is the step in seconds, so that the same run is the same bytes.
public struct EventWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  private let start: Double

  /// - Parameter start: The clock at step 0, in seconds.
  public init(start: Double = 0) {
    self.start = start
    append(event(step: 0, field: 3, Array("brain.Event:2".utf8)))
  }

  public mutating func add(_ tag: String, _ value: Double, _ step: Int) {
    var inner: [UInt8] = []
    Self.put(field: 1, Array(tag.utf8), in: &inner)
    inner.append(2 << 3 | 5)
    inner += Self.littleEndian(UInt64(Float(value).bitPattern), 4)
    var summary: [UInt8] = []
    Self.put(field: 1, inner, in: &summary)
    append(event(step: step, field: 5, summary))
  }

  private func event(step: Int, field: UInt8, _ content: [UInt8]) -> [UInt8] {
    var event: [UInt8] = [1 << 3 | 1]
    event += Self.littleEndian((start + Double(step)).bitPattern, 8)
    if step > 0 {
      event.append(2 << 3)
      event += Self.variable(UInt64(step))
    }
    Self.put(field: field, content, in: &event)
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

  /// Adds a record with its two checksums.
  private mutating func append(_ event: [UInt8]) {
    let length = Self.littleEndian(UInt64(event.count), 8)
    bytes += length + Self.littleEndian(UInt64(Checksum.masked(length)), 4)
    bytes += event + Self.littleEndian(UInt64(Checksum.masked(event)), 4)
  }
}
