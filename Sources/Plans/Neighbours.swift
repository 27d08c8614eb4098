public import SourceText

/// The files that a config names, opened when they are asked for.
public struct Neighbours: Sendable {
  /// The file at a path as the config writes it; nil if there is none that can be read.
  private let open: @Sendable (String) -> SourceFile?
  /// Those that were opened, in order; the first has the id 1.
  public private(set) var files: [SourceFile] = []
  private var documents: [String: Neighbour] = [:]

  /// How many images an epoch takes from folders; nil where nobody can look.
  public let imageCount: @Sendable ([ImageFolder]) -> Int?

  public init(
    imageCount: @escaping @Sendable ([ImageFolder]) -> Int? = { _ in nil },
    _ open: @escaping @Sendable (String) -> SourceFile?
  ) {
    self.open = open
    self.imageCount = imageCount
  }

  /// Of a config that stands alone.
  public static let none = Neighbours { _ in nil }

  /// The file at a path; once opened, it is not read a second time.
  public mutating func file(at path: String) -> Neighbour {
    if let known = documents[path] { return known }
    let neighbour = read(path)
    documents[path] = neighbour
    return neighbour
  }

  private mutating func read(_ path: String) -> Neighbour {
    guard files.count < Self.most, let found = open(path) else { return .missing }
    let source = SourceFile(
      id: FileID(UInt16(files.count + 1)), path: found.path, bytes: found.bytes)
    files.append(source)
    do throws(SyntaxError) {
      return .document(try DocumentReader.read(source))
    } catch {
      return .unreadable(source, error)
    }
  }

  /// More than any config names.
  private static let most = 64
}

/// A file that a config names.
public enum Neighbour: Sendable {
  case document(Document)
  /// It is there and cannot be understood.
  case unreadable(SourceFile, SyntaxError)
  /// It does not lie where the config says, seen from here.
  case missing
}
