#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension FileInput {
  /// Plain files below a folder whose name fits, sorted; links to folders are left out.
  /// - Parameter most: So many entries are looked at.
  public static func files(
    below folder: String, atMost most: Int = 100_000, where isWanted: (String) -> Bool
  ) -> [String] {
    var found: [String] = []
    var folders = [folder]
    var seen = 0
    while let current = folders.popLast() {
      guard let handle = opendir(current) else { continue }
      defer { closedir(handle) }
      while let entry = readdir(handle), seen < most {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name == "." || name == ".." { continue }
        seen += 1
        let path = current.hasSuffix("/") ? current + name : "\(current)/\(name)"
        var status = stat()
        guard lstat(path, &status) == 0 else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: folders.append(path)
        case S_IFREG where isWanted(name): found.append(path)
        default: break
        }
      }
    }
    return found.sorted()
  }
}
