public import Foundation

/// Places of the repository the tests run in.
public enum Repository {
  public static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The text of a file, by its path from the top.
  public static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Paths from the top of all files below a folder with this ending, sorted.
  public static func files(below folder: String, ending: String) -> [String] {
    let base = root.appending(path: folder)
    let all =
      FileManager.default.enumerator(atPath: base.path())?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix(ending) }.map { "\(folder)/\($0)" }.sorted()
  }
}
