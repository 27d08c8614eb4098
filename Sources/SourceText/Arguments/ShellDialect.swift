/// Whose rules of quoting and joining lines a text with commands follows.
public enum ShellDialect: String, Sendable, CaseIterable {
  /// POSIX shells.
  case bash
  case powerShell
  /// Batch files of Windows.
  case cmd

  /// What joins a line with the next.
  var joiner: UInt8 {
    switch self {
    case .bash: UInt8(ascii: "\\")
    case .powerShell: UInt8(ascii: "`")
    case .cmd: UInt8(ascii: "^")
    }
  }

  /// By the name of the file, else by what joins most of its lines, else by words that only one has.
  public init(of source: SourceFile) {
    let name = source.path.lowercased()
    if name.hasSuffix(".sh") || name.hasSuffix(".bash") {
      self = .bash
    } else if name.hasSuffix(".ps1") {
      self = .powerShell
    } else if name.hasSuffix(".bat") || name.hasSuffix(".cmd") {
      self = .cmd
    } else {
      self = Self.joining(source) ?? Self.telling(source) ?? .bash
    }
  }

  private static func joining(_ source: SourceFile) -> ShellDialect? {
    var counts: [UInt8: Int] = [:]
    var last: UInt8 = 0
    for byte in source.bytes {
      if byte == 0x0A || byte == 0x0D {
        counts[last, default: 0] += 1
        last = 0
      } else if !SourceFile.isBlank(byte) {
        last = byte
      }
    }
    let found = allCases.map { (dialect: $0, count: counts[$0.joiner] ?? 0) }
    // Of equal ones the first.
    let most = found.reversed().max { $0.count < $1.count }
    return most.flatMap { $0.count > 0 ? $0.dialect : nil }
  }

  private static func telling(_ source: SourceFile) -> ShellDialect? {
    let text = source.text(of: 0..<min(source.bytes.count, 16_384)).lowercased()
    let words: [(String, ShellDialect)] = [
      ("$env:", .powerShell), ("ps>", .powerShell), ("ps c:\\", .powerShell),
      ("```powershell", .powerShell), ("```ps1", .powerShell), ("@echo", .cmd), ("%~dp0", .cmd),
      ("```bat", .cmd), ("```cmd", .cmd),
    ]
    return words.first { text.contains($0.0) }?.1
  }
}
