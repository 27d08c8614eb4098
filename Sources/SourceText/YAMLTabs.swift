/// Finds tabs outside of quotes, blocks and comments, which libyaml mostly takes for spaces and
/// PyYAML does not take at all.
struct TabCheck {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let hasTabs: Bool
  /// Up to here all is well.
  private var offset: Int
  /// Behind the last quote or block.
  private var quoteEnd = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, from base: Int) {
    self.bytes = bytes
    offset = base
    hasTabs = bytes.contains(0x09)
  }

  /// Checks up to `end`.
  mutating func pass(to end: Int) throws(SyntaxError) {
    guard hasTabs else { return }
    while offset < end {
      switch bytes[offset] {
      case 0x09: throw SyntaxError(YAMLProblem.tab, at: offset..<(offset + 1))
      case UInt8(ascii: "#") where beginsComment(offset):
        while offset < end, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
      default: offset += 1
      }
    }
  }

  /// Whether a `#` here is no part of a plain scalar.
  private func beginsComment(_ offset: Int) -> Bool {
    guard offset > 0, offset > quoteEnd else { return true }
    return bytes[offset - 1] <= 0x20 || "[]{},".utf8.contains(bytes[offset - 1])
  }

  /// Checks up to `start`, where a scalar begins in which tabs may stand, and goes behind it.
  /// - Parameter isBlock: Whether it begins with the line of its `|` or `>`, which takes none.
  mutating func pass(to start: Int, over end: Int, isBlock: Bool) throws(SyntaxError) {
    guard hasTabs else { return }
    try pass(to: start)
    if isBlock {
      var headEnd = start
      while headEnd < end, bytes[headEnd] != 0x0A, bytes[headEnd] != 0x0D { headEnd += 1 }
      try pass(to: headEnd)
    }
    offset = max(offset, end)
    quoteEnd = offset
  }
}
