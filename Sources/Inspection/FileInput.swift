public import Plans
public import Reporting
public import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The only place that opens the user's files.
public enum FileInput {
  /// Nothing larger is a config; 64 MiB.
  public static let maximumSize = 64 << 20

  /// Reads a whole file; `-` is standard input.
  /// - Throws: A ``ReadFailure`` that says why: missing, a folder, no permission, a device, too large.
  public static func read(_ path: String, as name: String? = nil) throws(ReadFailure) -> SourceFile
  {
    if path == "-" {
      return SourceFile(
        path: name ?? "stdin", bytes: try readAll(STDIN_FILENO, path: name ?? "stdin"))
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure(path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw ReadFailure(path: path, message: "this is a folder, not a file")
    case S_IFIFO, S_IFSOCK:
      throw ReadFailure(
        path: path, message: "this is a pipe or a socket: hand it over with '-' instead")
    default: throw ReadFailure(path: path, message: "this is a device, not a file")
    }
    if status.st_size > maximumSize {
      throw ReadFailure(
        path: path,
        message: "\(status.st_size >> 20) MiB is too large for a config (64 MiB at most)")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    return SourceFile(
      path: name ?? path, bytes: try readAll(descriptor, path: path, expecting: Int(status.st_size))
    )
  }

  private static func readAll(
    _ descriptor: Int32, path: String, expecting size: Int = 0
  ) throws(ReadFailure) -> [UInt8] {
    // One more than the file should have, so that its end is seen without another allocation.
    var bytes = [UInt8](repeating: 0, count: size > 0 ? size + 1 : 1 << 16)
    var count = 0
    while true {
      if count == bytes.count {
        bytes.append(contentsOf: [UInt8](repeating: 0, count: bytes.count))
      }
      let got = bytes.withUnsafeMutableBytes { buffer in
        #if canImport(Glibc)
          Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
        #else
          Darwin.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
        #endif
      }
      if got == 0 { break }
      if got < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      count += got
      if count > maximumSize {
        throw ReadFailure(path: path, message: "more than 64 MiB: too large for a config")
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// The failed call's reason in plain words.
  static func failure(_ path: String) -> ReadFailure {
    let message =
      switch errno {
      case ENOENT: "there is no such file"
      case EACCES, EPERM: "no permission to read it"
      case ENOTDIR: "a part of the path is no folder"
      case ELOOP: "its links go round in a circle"
      default: String(cString: strerror(errno))
      }
    return ReadFailure(path: path, message: message)
  }

  /// The files that a config names: by the path as written, seen from here, from the config's folder
  /// and from the folders above it, as trainers are started from one of those.
  public static func neighbours(of config: String) -> Neighbours {
    Neighbours(imageCount: { folders in
      ImageCount.count(folders) { places(of: $0, namedIn: config) }
    }) { path in
      for place in places(of: path, namedIn: config) {
        if let file = try? read(place) { return file }
      }
      return nil
    }
  }

  /// As ``neighbours(of:)``; what does not lie where the config says is looked for by its name in the
  /// config's folder, in the one above and in the folders there, as long as there is but one.
  public static func neighboursByName(of config: String) -> Neighbours {
    Neighbours { path in
      for place in places(of: path, namedIn: config) {
        if let file = try? read(place) { return file }
      }
      guard let slash = config.lastIndex(of: "/") else { return nil }
      let name = path.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? path
      let folder = String(config[..<slash])
      let above = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? "."
      for place in ["\(folder)/\(name)", "\(above)/\(name)"] {
        if let file = try? read(place) { return file }
      }
      let found = folders(in: above).compactMap { try? read("\($0)/\(name)") }
      return found.count == 1 ? found[0] : nil
    }
  }

  /// The folders directly below one, hidden ones left out.
  private static func folders(in folder: String) -> [String] {
    let names = Folder.names(in: folder) ?? []
    return names.sorted().filter { !$0.hasPrefix(".") }.prefix(2000)
      .map { Folder.path(of: $0, in: folder) }.filter(isFolder)
  }

  private static func places(of path: String, namedIn config: String) -> [String] {
    // Paths of Windows lie nowhere here, but their folders are named alike.
    let path = String(path.map { $0 == "\\" ? "/" : $0 })
    if path.isEmpty { return [] }
    if path.hasPrefix("/") { return [path] }
    var places: [String] = []
    var folder = config[...]
    for _ in 0..<4 {
      guard let slash = folder.lastIndex(of: "/") else { break }
      folder = folder[..<slash]
      places.append("\(folder)/\(path)")
    }
    return places + [path]
  }

  /// Whether the path names something.
  public static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Whether the path is a folder.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
