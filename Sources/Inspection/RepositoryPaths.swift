#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Names files as their repository does: from the folder that holds `.git`, whatever the folder is that
/// the call was made in.
public enum RepositoryPaths {
  /// - Returns: The path below the repository's top; the path as it is where there is no repository,
  ///   no such file, or where it lies outside.
  public static func path(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    let whole = String(cString: resolved)
    free(resolved)
    var folder = whole[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      var status = stat()
      if stat("\(folder)/.git", &status) == 0 { return String(whole.dropFirst(folder.count + 1)) }
    }
    return path
  }
}
