/// Finds the files that could be configs below a folder, or by a pattern.
public struct FileSearch: Sendable {
  /// Whether what git leaves out is looked at as well.
  public var includesIgnored = false

  public init(includesIgnored: Bool = false) { self.includesIgnored = includesIgnored }

  private static let endings = [".json", ".jsonc", ".yaml", ".yml", ".toml", ".env"]

  /// Files that could be configs by their endings, sorted; of shell scripts those that name a training
  /// script. Hidden files and folders, links to folders and what git ignores are left out.
  public func configs(below folder: String) -> [String] {
    var found: [String] = []
    walk(folder) { path, name in
      if Self.endings.contains(where: name.lowercased().hasSuffix)
        || FileInput.isShellScript(name) && FileInput.startsTraining(path)
      {
        found.append(path)
      }
    }
    return found.sorted()
  }

  /// Whether a path that names no file is meant as a pattern.
  public static func isPattern(_ path: String) -> Bool { path.contains { "*?[".contains($0) } }

  /// Files that match a pattern such as `configs/**/*.json`, sorted. Hidden ones and what git ignores are
  /// left out.
  public func files(matching pattern: String) -> [String] {
    let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
    let plain = parts.dropLast().prefix { !Self.isPattern(String($0)) }
    let folder = Self.folder(of: pattern)
    let rest = Array(parts.dropFirst(plain.count).joined(separator: "/").utf8)[...]
    let start = plain.isEmpty ? 2 : folder == "/" ? 1 : folder.utf8.count + 1
    var found: [String] = []
    // Without `**` no folder deeper than the pattern can hold a match.
    let depth = pattern.contains("**") ? Int.max : parts.count - plain.count
    walk(folder, depth: depth) { path, _ in
      let own = Array(path.utf8.dropFirst(start))[...]
      if Wildcards.match(rest, own) == .yes {
        found.append(plain.isEmpty ? String(path.dropFirst(2)) : path)
      }
    }
    return found.sorted()
  }

  /// The folder that a search for a pattern begins in.
  static func folder(of pattern: String) -> String {
    let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
    let plain = parts.dropLast().prefix { !isPattern(String($0)) }
    return plain.isEmpty ? "." : plain == [""] ? "/" : plain.joined(separator: "/")
  }

  /// Folders below one, itself included, that a search looks into.
  func folders(below folder: String) -> [String] {
    var found = [folder]
    walk(folder, visitFolder: { found.append($0) }) { _, _ in }
    return found
  }

  private func walk(
    _ top: String, depth: Int = Int.max, visitFolder: (String) -> Void = { _ in },
    _ visit: (_ path: String, _ name: String) -> Void
  ) {
    let ignored = includesIgnored ? IgnoreFiles.none : IgnoreFiles(at: AbsolutePath.of(top))
    var folders = [(path: top, whole: AbsolutePath.of(top), ignored: ignored, depth: 1)]
    while let folder = folders.popLast() {
      for name in Folder.names(in: folder.path) ?? [] where !name.hasPrefix(".") {
        let path = Folder.path(of: name, in: folder.path)
        guard let entry = Folder.entry(path) else { continue }
        let isFolder = entry == .folder
        // A file is asked for only where something is left out at all.
        let asks = isFolder || !folder.ignored.isEmpty
        let whole = !asks ? "" : folder.whole == "/" ? "/\(name)" : "\(folder.whole)/\(name)"
        if asks, folder.ignored.leavesOut(whole, isFolder: isFolder) { continue }
        if !isFolder {
          visit(path, name)
        } else if folder.depth < depth {
          visitFolder(path)
          let below = includesIgnored ? folder.ignored : folder.ignored.below(whole)
          folders.append((path, whole, below, folder.depth + 1))
        }
      }
    }
  }
}
