/// Reads a file in whichever format it is.
public enum DocumentReader {
  /// The format by the name of the file, else by how its text begins.
  public static func format(of source: SourceFile) -> DocumentFormat {
    let name = source.path.lowercased()
    // Trainers read .jsonc with the same parser: comments are an error there too.
    if name.hasSuffix(".json") || name.hasSuffix(".jsonc") { return .json }
    if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return .yaml }
    if name.hasSuffix(".toml") { return .toml }
    if name.hasSuffix(".env") { return .environment }
    if [".sh", ".bash", ".ps1", ".bat", ".cmd"].contains(where: name.hasSuffix) {
      return .arguments
    }
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
    switch source.bytes.first(where: { !blanks.contains($0) }) {
    case UInt8(ascii: "{"): return .json
    case UInt8(ascii: "["):
      // A table header of TOML is closed on its line; a JSON array in a config rarely is.
      let line = source.bytes.prefix { $0 != 0x0A }
      return line.last(where: { !blanks.contains($0) }) == UInt8(ascii: "]") ? .toml : .json
    case _ where ArgumentsReader.isLikely(source): return .arguments
    default:
      // `key = value` before any `key: value` is TOML.
      let text = source.bytes.prefix(4096)
      let equals = text.firstIndex(of: UInt8(ascii: "=")) ?? Int.max
      let colon = text.firstIndex(of: UInt8(ascii: ":")) ?? Int.max
      return equals < colon ? .toml : .yaml
    }
  }

  /// JSON is read with what Python adds to it, as all trainers do.
  /// - Throws: A ``SyntaxError`` with its place.
  public static func read(_ source: SourceFile) throws(SyntaxError) -> Document {
    switch format(of: source) {
    case .json: try JSONReader.read(source, dialect: .python)
    case .yaml: try YAMLReader.read(source)
    case .toml: try TOMLReader.read(source)
    case .environment: try EnvironmentReader.read(source)
    case .arguments: try ArgumentsReader.read(source)
    }
  }
}
