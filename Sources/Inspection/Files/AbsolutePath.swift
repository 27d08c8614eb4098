#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Paths from the top of the file system, made of names alone: no file is looked at, links stay.
enum AbsolutePath {
  /// The folder that the call was made in.
  static let current: String = {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }()

  /// Without `.`, `..` and slashes that say nothing; `/` for the top.
  static func of(_ path: String) -> String {
    if path == "." || path.isEmpty { return current }
    let isPlain = !path.contains("//") && !path.contains("./") && !path.hasSuffix("/")
    if isPlain, path.hasPrefix("/"), !path.hasSuffix("/.."), !path.hasSuffix("/.") { return path }
    let whole = path.hasPrefix("/") ? path : "\(current)/\(path)"
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { parts.removeLast(parts.isEmpty ? 0 : 1) } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The folder that a file lies in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path as the user would write it here: `../.tuneup.yml`.
  static func shown(_ path: String) -> String {
    let here = current.split(separator: "/")
    let parts = of(path).split(separator: "/")
    let common = zip(here, parts).prefix { $0 == $1 }.count
    // From another corner of the system the whole path says more.
    if common == 0 { return path }
    let up = Array(repeating: "..", count: here.count - common)
    return (up + parts.dropFirst(common).map(String.init)).joined(separator: "/")
  }

  /// A path as seen from a folder above it; from elsewhere, from the top.
  static func path(_ path: String, from base: String) -> String {
    let whole = of(path)
    let base = base == "/" ? base : base + "/"
    return String(whole.dropFirst(whole.hasPrefix(base) ? base.count : 1))
  }
}
