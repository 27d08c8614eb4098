/// Telling commands from configs where the name of the file does not.
extension ArgumentsReader {
  /// Commands come this early, or the file is something else.
  private static let searchedBytes = 16_384

  /// Whether the text begins with options, or has a command that starts a Python script before
  /// anything that looks like JSON, TOML or YAML.
  static func isLikely(_ source: SourceFile) -> Bool {
    let end = min(source.bytes.count, searchedBytes)
    var start = source.hasByteOrderMark ? 3 : 0
    var isFirst = true
    while start < end {
      let line = source.trimmed(start..<min(source.lineEnd(start), end))
      start = source.nextLine(start)
      guard let first = source.bytes[line].first, first != UInt8(ascii: "#") else { continue }
      let bytes = source.bytes[line]
      if isFirst, bytes.starts(with: "--".utf8), bytes.count > 2,
        isWordByte(bytes[line.lowerBound + 2])
      {
        return true
      }
      isFirst = false
      if isConfig(bytes) { return false }
      if isLaunch(bytes) { return true }
    }
    return false
  }

  /// `key: value`, `key = value`, `[table]` and `- item`, as a line of YAML or TOML has them.
  private static func isConfig(_ line: ArraySlice<UInt8>) -> Bool {
    if line.starts(with: "[".utf8) || line.starts(with: "- ".utf8) { return true }
    var rest = line
    if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      rest = rest.dropFirst()
    }
    let key = rest.prefix { isWordByte($0) || "-.".utf8.contains($0) }
    guard !key.isEmpty else { return false }
    rest = rest.dropFirst(key.count)
    if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      rest = rest.dropFirst()
    }
    if rest.first == UInt8(ascii: ":") { return rest.count == 1 || rest.dropFirst().first == 0x20 }
    // A shell takes no blanks around its `=`.
    let behind = rest.drop { $0 == 0x20 || $0 == 0x09 }
    return behind.startIndex > rest.startIndex && behind.first == UInt8(ascii: "=")
  }

  /// `accelerate launch`, or `python` with a script.
  private static func isLaunch(_ line: ArraySlice<UInt8>) -> Bool {
    if let place = place(of: "accelerate", in: line) {
      let rest = line[place...].dropFirst(10)
      let word = rest.drop { $0 > 0x20 }.drop { $0 <= 0x20 }
      if word.starts(with: "launch".utf8) { return true }
    }
    guard let place = place(of: "python", in: line),
      let script = self.place(of: ".py", in: line[(place + 6)...])
    else { return false }
    let rest = line[(script + 3)...].drop { "\"'".utf8.contains($0) }
    let word = rest.drop { $0 == 0x20 || $0 == 0x09 }
    let isAlone = rest.isEmpty || word.startIndex > rest.startIndex
    return isAlone && (word.isEmpty || word.starts(with: "-".utf8) || word.count == 1)
  }

  private static func place(of text: String, in line: ArraySlice<UInt8>) -> Int? {
    let wanted = Array(text.utf8)
    return line.indices.first { line[$0] == wanted[0] && line[$0...].starts(with: wanted) }
  }
}
