public import Foundation

/// Configs of the trainers' own repositories, where they lie beside the checkout.
public enum SharedFiles {
  private static let folders = ["configs", "facts"].map {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/\($0)")
  }

  /// Whether they are there; tests of them are disabled where they are not.
  public static let arePresent = folders.allSatisfy {
    FileManager.default.fileExists(atPath: $0.path())
  }

  /// All files with one of these extensions, by path.
  public static func all(_ extensions: Set<String>) -> [URL] {
    folders.flatMap { folder in
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      return (files?.compactMap { $0 as? URL } ?? []).filter {
        extensions.contains($0.pathExtension)
      }
    }.sorted { $0.path() < $1.path() }
  }

  /// The titles of the guide's list of all options.
  public static func guideOptions() throws -> [String] {
    let guide = try String(
      contentsOf: Repository.root.appending(path: "../shared/guides/onetrainer-optimizers.md"),
      encoding: .utf8)
    return (guide.components(separatedBy: "### All The Options").last ?? "").split(separator: "\n")
      .filter { $0.hasPrefix("* ") }.map { String($0.dropFirst(2).prefix { $0 != ":" }) }
  }
}
