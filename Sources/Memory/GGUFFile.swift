public import Knowledge

/// The tensors that the header of a GGUF file lists, with how each is packed (ggml/docs/gguf.md).
public struct GGUFFile: Sendable {
  public let tensors: [Tensor]

  public struct Tensor: Sendable {
    public let name: String
    /// The fastest dimension first, as the file has it.
    public let dimensions: [Int]
    public let type: GGUFType

    var count: Int { dimensions.reduce(1, *) }

    public var bytes: Int {
      let columns = dimensions.first ?? 1
      let rows = count / max(columns, 1)
      return type.bytes(rows: rows, columns: columns) ?? count * 2
    }
  }

  /// Why a header cannot be read.
  public enum Problem: Error, Sendable {
    /// The bytes given end within it: more of the file may help.
    case incomplete
    case invalid(String)
  }

  static let mostEntries = 1 << 20

  /// - Parameter bytes: The file's beginning.
  public init(_ bytes: [UInt8]) throws(Problem) {
    var cursor = Cursor(bytes)
    guard try cursor.number(4) == 0x4655_4747 else { throw .invalid("it does not begin with GGUF") }
    let version = try cursor.number(4)
    guard version == 2 || version == 3 else { throw .invalid("GGUF version \(version) is unknown") }
    let tensorCount = try cursor.count()
    let entryCount = try cursor.count()
    for _ in 0..<entryCount {
      _ = try cursor.text()
      try cursor.skipValue(of: UInt32(truncatingIfNeeded: try cursor.number(4)), depth: 0)
    }
    var tensors: [Tensor] = []
    for _ in 0..<tensorCount {
      let name = try cursor.text()
      let ranks = try cursor.number(4)
      guard ranks <= 8 else { throw .invalid("a tensor has \(ranks) dimensions") }
      var dimensions: [Int] = []
      var product = 1
      for _ in 0..<ranks {
        let size = try cursor.number(8)
        guard size > 0, size < 1 << 32 else { throw .invalid("a dimension is \(size)") }
        let (total, isTooLarge) = product.multipliedReportingOverflow(by: Int(size))
        guard !isTooLarge, total < 1 << 48 else { throw .invalid("a tensor is too large") }
        product = total
        dimensions.append(Int(size))
      }
      let number = try cursor.number(4)
      guard let type = UInt32(exactly: number).flatMap(GGUFType.init(rawValue:)) else {
        throw .invalid("tensor type \(number) is unknown")
      }
      _ = try cursor.number(8)
      tensors.append(Tensor(name: name, dimensions: dimensions, type: type))
    }
    guard !tensors.isEmpty else { throw .invalid("it lists no tensors") }
    self.tensors = tensors
  }

  /// As the list of layers of a part, with the bytes that its weights have here.
  public func component(id: String) -> ComponentShapes {
    var component = WeightsFile.component(
      tensors.map { ($0.name, Array($0.dimensions.reversed())) }, id: id)
    component.storedBytes = tensors.reduce(0) { $0 + $1.bytes }
    return component
  }
}

/// Reads numbers, the lowest byte first, and never beyond the end.
private struct Cursor {
  let bytes: [UInt8]
  var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func skip(_ count: UInt64) throws(GGUFFile.Problem) {
    guard count <= UInt64(bytes.count - place) else { throw .incomplete }
    place += Int(count)
  }

  mutating func number(_ width: Int) throws(GGUFFile.Problem) -> UInt64 {
    guard bytes.count - place >= width else { throw .incomplete }
    var value: UInt64 = 0
    for offset in 0..<width { value |= UInt64(bytes[place + offset]) << (8 * UInt64(offset)) }
    place += width
    return value
  }

  /// Of entries or tensors.
  mutating func count() throws(GGUFFile.Problem) -> Int {
    let value = try number(8)
    guard value <= UInt64(GGUFFile.mostEntries) else {
      throw .invalid("it states \(value) entries")
    }
    return Int(value)
  }

  mutating func text() throws(GGUFFile.Problem) -> String {
    let length = try number(8)
    guard length < 1 << 24 else { throw .invalid("a name has \(length) bytes") }
    let start = place
    try skip(length)
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  /// Widths of the plain types; 8 is a text, 9 a list.
  mutating func skipValue(of type: UInt32, depth: Int) throws(GGUFFile.Problem) {
    let widths: [UInt32: UInt64] = [
      0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8,
    ]
    if let width = widths[type] { return try skip(width) }
    switch type {
    case 8: _ = try text()
    case 9:
      guard depth < 4 else { throw .invalid("lists in lists") }
      let inner = UInt32(truncatingIfNeeded: try number(4))
      let count = try number(8)
      if let width = widths[inner] {
        let (total, isTooLarge) = count.multipliedReportingOverflow(by: width)
        if isTooLarge { throw .incomplete }
        return try skip(total)
      }
      guard count <= UInt64(bytes.count) else { throw .incomplete }
      for _ in 0..<count { try skipValue(of: inner, depth: depth + 1) }
    default: throw .invalid("an entry has type \(type)")
    }
  }
}
