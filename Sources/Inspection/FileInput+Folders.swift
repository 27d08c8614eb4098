extension FileInput {
  /// Plain files below a folder whose name fits, sorted; links to folders are left out.
  /// - Parameter most: So many entries are looked at.
  public static func files(
    below folder: String, atMost most: Int = 100_000, where isWanted: (String) -> Bool
  ) -> [String] {
    var found: [String] = []
    var folders = [folder]
    var seen = 0
    while let current = folders.popLast(), seen < most {
      for name in Folder.names(in: current) ?? [] {
        seen += 1
        let path = Folder.path(of: name, in: current)
        switch Folder.entry(path) {
        case .folder: folders.append(path)
        case .file where isWanted(name): found.append(path)
        default: break
        }
      }
    }
    return found.sorted()
  }
}
