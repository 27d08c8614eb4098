import Foundation

/// Output that is stored in `Tests/Expected` and compared byte for byte.
///
/// `UPDATE_EXPECTED=1 swift test` writes what came out instead of comparing it; look at the changes
/// before they are committed.
public enum ExpectedOutput {
  /// What differs, for a test to report.
  public struct Difference: Sendable {
    public let path: String
    public let expected: String
    public let found: String
  }

  /// Whether files are rewritten.
  public static var isUpdating: Bool {
    ProcessInfo.processInfo.environment["UPDATE_EXPECTED"].map { !["", "0"].contains($0) } ?? false
  }

  /// - Parameter name: The file below `Tests/Expected`, with its ending.
  /// - Returns: Nil if the file holds these bytes, or does so now.
  /// - Throws: Errors of reading other than the file's absence, and of writing.
  public static func difference(_ found: String, from name: String) throws -> Difference? {
    let path = "Tests/Expected/\(name)"
    let file = Repository.root.appending(path: path)
    if isUpdating {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(found.utf8).write(to: file)
      return nil
    }
    let isThere = FileManager.default.fileExists(atPath: file.path(percentEncoded: false))
    let stored = isThere ? try Data(contentsOf: file) : Data()
    if isThere, stored == Data(found.utf8) { return nil }
    return Difference(path: path, expected: String(decoding: stored, as: UTF8.self), found: found)
  }
}
