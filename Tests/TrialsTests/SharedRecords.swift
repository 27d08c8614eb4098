import Foundation
import SourceText
import TestSupport

/// Recorded runs and sizes, where they lie beside the checkout.
enum SharedRecords {
  static let folder = Repository.root.deletingLastPathComponent().appending(path: "shared")
  static let golden = folder.appending(path: "golden/public")
  static let sizes = folder.appending(path: "state-bytes.csv")

  static let arePresent = [golden, sizes].allSatisfy {
    FileManager.default.fileExists(atPath: $0.path())
  }

  /// Names of the files of recorded runs and tables.
  static let names: [String] =
    arePresent
    ? (try? FileManager.default.contentsOfDirectory(atPath: golden.path()))?
      .filter { $0.hasSuffix(".json") }.sorted() ?? [] : []

  static func source(_ file: URL) throws -> SourceFile {
    SourceFile(path: file.lastPathComponent, bytes: Array(try Data(contentsOf: file)))
  }
}
