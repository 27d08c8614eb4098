internal import Inspection
internal import Reporting

/// The records of an event file, checked against their checksums.
struct RecordReader {
  private let stream: FileStream
  private var place = 0
  /// Whether the file ends within a record, as one does whose run was killed.
  private(set) var isCutOff = false

  /// No event is larger: one with images takes some megabytes.
  static let largest: UInt64 = 256 << 20

  init(_ path: String) throws(ReadFailure) { stream = try FileStream(path) }

  /// - Returns: Nil at the end.
  /// - Throws: A ``ReadFailure`` for what is no event file, or one that is damaged.
  mutating func next() throws(ReadFailure) -> [UInt8]? {
    let head = try stream.next(12)
    if head.count < 12 {
      isCutOff = !head.isEmpty
      // Of what is no event file nothing can be said to be missing.
      if place == 0, !head.isEmpty { throw noEventFile }
      return nil
    }
    let length = head.prefix(8).littleEndian
    guard Checksum.masked(head.prefix(8)) == UInt32(head.suffix(4).littleEndian) else {
      throw place == 0 ? noEventFile : damage("the length of a record does not match its checksum")
    }
    guard length <= Self.largest else {
      throw damage("a record says it has \(length) bytes")
    }
    let data = try stream.next(Int(length) + 4)
    if data.count < Int(length) + 4 {
      isCutOff = true
      return nil
    }
    guard Checksum.masked(data.dropLast(4)) == UInt32(data.suffix(4).littleEndian) else {
      throw damage("a record does not match its checksum")
    }
    place += 16 + Int(length)
    return Array(data.dropLast(4))
  }

  func damage(_ what: String) -> ReadFailure {
    ReadFailure(path: stream.path, message: "damaged at byte \(place): \(what)")
  }

  private var noEventFile: ReadFailure {
    ReadFailure(path: stream.path, message: "this is no event file of TensorBoard")
  }
}
