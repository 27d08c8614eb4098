private import CKnowledge
public import SourceText
internal import Threads

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
    let place = Self.firstPlace(notBefore: path)
    guard place < embedded_file_count else { return nil }
    let entry = Self.entry(at: place)
    guard String(cString: entry.path) == path else { return nil }
    self.path = path
    bytes = Array(UnsafeBufferPointer(start: entry.bytes, count: entry.count))
  }

  /// One constant per JSON file of a folder, `Schemas/models/`, by the file's name without ending. Looks
  /// at the names of that folder alone, as this happens whenever the program starts.
  static func deferred<Value: Sendable>(
    in folder: String, _ make: @escaping @Sendable (EmbeddedFile) -> Value
  ) -> [String: Deferred<Value>] {
    var made: [String: Deferred<Value>] = [:]
    for place in firstPlace(notBefore: folder)..<embedded_file_count {
      let path = String(cString: entry(at: place).path)
      guard path.hasPrefix(folder) else { break }
      let name = String(path.dropFirst(folder.count).dropLast(".json".count))
      made[name] = Deferred { make(required(path)) }
    }
    return made
  }

  private static func firstPlace(notBefore path: String) -> Int {
    var low = 0
    var high = embedded_file_count
    while low < high {
      let middle = (low + high) / 2
      if String(cString: entry(at: middle).path) < path { low = middle + 1 } else { high = middle }
    }
    return low
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
