private import CKnowledge
public import SourceText

/// A data file that is part of the program.
public struct EmbeddedFile: Sendable {
  /// From the top of the repository: `Schemas/options.json`.
  public let path: String
  public let bytes: [UInt8]

  /// The paths of all embedded files, sorted.
  public static var paths: [String] {
    (0..<embedded_file_count).map { String(cString: entry(at: $0).path) }
  }

  /// Finds a file by its path.
  public init?(_ path: String) {
    var low = 0
    var high = embedded_file_count
    while low < high {
      let middle = (low + high) / 2
      let entry = Self.entry(at: middle)
      let name = String(cString: entry.path)
      if name == path {
        self.path = path
        bytes = Array(UnsafeBufferPointer(start: entry.bytes, count: entry.count))
        return
      }
      if name < path { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// The file as JSON. Embedded data is checked by the tests, so that it reads is a promise.
  public func document() -> Document {
    do throws(SyntaxError) {
      return try JSONReader.read(SourceFile(path: path, bytes: bytes))
    } catch {
      preconditionFailure("\(path): \(error.message)")
    }
  }

  private static func entry(at index: Int) -> embedded_file {
    embedded_file_at(index).pointee
  }
}
