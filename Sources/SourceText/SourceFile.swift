/// Names one file among those read together; the file the user named is ``main``.
public struct FileID: Hashable, Sendable {
  public let number: UInt16
  public init(_ number: UInt16) { self.number = number }
  public static let main = FileID(0)
}

/// A stretch of one file, in UTF-8 bytes from its start.
public struct SourceSpan: Hashable, Sendable {
  public let file: FileID
  public let bytes: Range<Int>

  public init(_ bytes: Range<Int>, in file: FileID = .main) {
    self.bytes = bytes
    self.file = file
  }
}

/// A place as people count it: lines and columns from 1, columns in Unicode scalars.
public struct LineColumn: Hashable, Sendable {
  public let line: Int
  public let column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// The bytes of a file and the name it goes by in messages.
public struct SourceFile: Sendable {
  public let id: FileID
  public let path: String
  public let bytes: [UInt8]

  public init(id: FileID = .main, path: String, bytes: [UInt8]) {
    self.id = id
    self.path = path
    self.bytes = bytes
  }

  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  /// Whether the file begins with the UTF-8 byte-order mark, EF BB BF.
  public var hasByteOrderMark: Bool {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
  }

  /// The text of a stretch; bytes that are not UTF-8 become U+FFFD.
  public func text(of range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}

/// Where the lines of a file begin. Built once per file that has something to report.
public struct LineTable: Sendable {
  private let bytes: [UInt8]
  /// Byte offsets at which lines begin, ascending; the first is 0.
  private let starts: [Int]
  /// The length of the byte-order mark, which no column counts.
  private let byteOrderMark: Int
  /// How many scalars begin before every 4096th byte, so that long lines cost no more than short ones.
  private let scalarsBefore: [Int]
  private static let stride = 4096

  /// A line ends with LF, CR LF, or a CR alone.
  public init(of file: SourceFile) {
    bytes = file.bytes
    byteOrderMark = file.hasByteOrderMark ? 3 : 0
    var starts = [0]
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == 0x0A || (byte == 0x0D && (index == bytes.count || bytes[index] != 0x0A)) {
        starts.append(index)
      }
    }
    self.starts = starts
    var scalars = 0
    scalarsBefore = bytes.enumerated().reduce(into: []) { counts, byte in
      if byte.offset % Self.stride == 0 { counts.append(scalars) }
      // Continuation bytes belong to the scalar before them.
      if byte.element & 0xC0 != 0x80 { scalars += 1 }
    }
  }

  /// How many scalars begin before a byte.
  private func scalars(before offset: Int) -> Int {
    let block = min(offset / Self.stride, scalarsBefore.count - 1)
    guard block >= 0 else { return 0 }
    return bytes[(block * Self.stride)..<offset].reduce(scalarsBefore[block]) { count, byte in
      byte & 0xC0 != 0x80 ? count + 1 : count
    }
  }

  public var lineCount: Int { starts.count }

  /// - Parameter offset: A byte offset; one past the end is allowed, more is clamped.
  public func position(of offset: Int) -> LineColumn {
    let offset = max(0, min(offset, bytes.count))
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    let start = low == 0 ? min(byteOrderMark, offset) : starts[low]
    return LineColumn(line: low + 1, column: scalars(before: offset) - scalars(before: start) + 1)
  }

  /// The bytes of a line without its line break, and of the first without the byte-order mark.
  /// - Parameter line: From 1 to ``lineCount``.
  public func content(ofLine line: Int) -> Range<Int> {
    let start = line == 1 ? byteOrderMark : starts[line - 1]
    var end = line < starts.count ? starts[line] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }
}
