public import SourceText

/// A name for a finding that stays when lines move: made of the file, the rule, the setting and what
/// stands there, with a number where several are alike.
public struct Fingerprint {
  private var seen: [UInt64: Int] = [:]

  public init() {}

  /// Each call counts: ask once for every finding, in the order of the report.
  public mutating func next(_ diagnostic: Diagnostic, in file: FileReport, path: String) -> String {
    let bytes = diagnostic.span.bytes.clamped(to: 0..<file.source.bytes.count)
    // A whole section would change with every setting in it.
    let text = bytes.count <= 80 ? String(decoding: file.source.bytes[bytes], as: UTF8.self) : ""
    let parts = [path, diagnostic.rule, diagnostic.keyPath, text]
    let hash = Self.hash(parts.joined(separator: "\u{0}"))
    let count = seen[hash, default: 0]
    seen[hash] = count + 1
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
      + (count == 0 ? "" : ":\(count)")
  }

  /// FNV-1a, 64 bits (draft-eastlake-fnv, section 2).
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
