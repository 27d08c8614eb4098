import SourceText

/// Telling shell scripts that start training from all the others, without reading them as such.
extension FileInput {
  static func isShellScript(_ name: String) -> Bool {
    let name = name.lowercased()
    return [".sh", ".bash", ".ps1", ".bat", ".cmd"].contains(where: name.hasSuffix)
  }

  /// Whether it names a script that trains: `sdxl_train.py`.
  static func startsTraining(_ path: String) -> Bool {
    guard let source = try? read(path), source.bytes.count < 1 << 20 else { return false }
    let known = Set(Inspector.scripts.map { Array($0.utf8) })
    let bytes = source.bytes
    let ending = Array(".py".utf8)
    var offset = 0
    while let dot = bytes[offset...].firstIndex(of: ending[0]) {
      offset = dot + 1
      guard bytes[dot...].starts(with: ending) else { continue }
      var start = dot
      while start > 0, isNameByte(bytes[start - 1]) { start -= 1 }
      if known.contains(Array(bytes[start..<dot])) { return true }
    }
    return false
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
  }
}
