public import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file read from its beginning to its end in pieces, however large it is.
public final class FileStream {
  public let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var place = 0

  /// - Throws: A ``ReadFailure`` if there is no such file, or no permission to read it.
  public init(_ path: String) throws(ReadFailure) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileInput.failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ReadFailure(path: path, message: "this is no plain file")
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileInput.failure(path) }
    self.path = path
  }

  deinit { close(descriptor) }

  /// The next bytes; fewer where the file ends before.
  public func next(_ count: Int) throws(ReadFailure) -> [UInt8] {
    while buffer.count - place < count {
      buffer.removeFirst(place)
      place = 0
      let old = buffer.count
      buffer.append(contentsOf: [UInt8](repeating: 0, count: 1 << 18))
      let got = buffer.withUnsafeMutableBytes { bytes in
        read(descriptor, bytes.baseAddress.map { $0 + old }, bytes.count - old)
      }
      buffer.removeLast(buffer.count - old - max(0, got))
      if got == 0 { break }
      if got < 0, errno != EINTR { throw FileInput.failure(path) }
    }
    let end = min(buffer.count, place + count)
    defer { place = end }
    return Array(buffer[place..<end])
  }
}
