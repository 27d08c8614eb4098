/// Matching with `*`, `?`, `[…]` and `**`, in which only `**` goes over slashes.
///
/// As git's wildmatch.c with WM_PATHNAME does, its special cases included.
enum Wildcards {
  enum Match {
    case yes, no
    /// The text ended too early: no longer piece of it for the stars before can help.
    case never
    /// A star came to a slash: only a `**` before it can help.
    case neverInPart
  }

  static func match(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Match {
    var p = pattern.startIndex
    var t = text.startIndex
    while p < pattern.endIndex {
      let mark = pattern[p]
      if t == text.endIndex, mark != star { return .never }
      switch mark {
      case star: return matchStar(pattern, p, text[t...])
      case UInt8(ascii: "?"):
        if text[t] == slash { return .no }
        p += 1
      case UInt8(ascii: "["):
        guard let (end, isIn) = bracket(pattern, p, text[t]) else { return .never }
        if !isIn || text[t] == slash { return .no }
        p = end
      case UInt8(ascii: "\\"):
        p += 1
        guard p < pattern.endIndex, pattern[p] == text[t] else { return .no }
        p += 1
      default:
        guard mark == text[t] else { return .no }
        p += 1
      }
      t += 1
    }
    return t == text.endIndex ? .yes : .no
  }

  private static let star = UInt8(ascii: "*")
  private static let slash = UInt8(ascii: "/")

  private static func matchStar(
    _ pattern: ArraySlice<UInt8>, _ start: Int, _ text: ArraySlice<UInt8>
  ) -> Match {
    var p = start
    while p < pattern.endIndex, pattern[p] == star { p += 1 }
    var crosses = false
    if p - start > 1 {
      let beginsPart = start == pattern.startIndex || pattern[start - 1] == slash
      let rest = pattern[p...]
      let endsPart =
        rest.isEmpty || rest.first == slash || rest.starts(with: [UInt8(ascii: "\\"), slash])
      if beginsPart, endsPart {
        // `**/` may stand for no folder at all.
        if rest.first == slash, match(pattern[(p + 1)...], text) == .yes { return .yes }
        crosses = true
      }
    }
    let rest = pattern[p...]
    if rest.isEmpty { return crosses || !text.contains(slash) ? .yes : .neverInPart }
    if !crosses, rest.first == slash {
      guard let next = text.firstIndex(of: slash) else { return .never }
      return match(rest, text[next...])
    }
    var t = text.startIndex
    while t < text.endIndex {
      switch match(rest, text[t...]) {
      case .yes: return .yes
      case .never: return .never
      case .neverInPart where !crosses: return .neverInPart
      case .no where !crosses && text[t] == slash: return .neverInPart
      default: t += 1
      }
    }
    return .never
  }

  /// Whether a byte is one of `[a-z]`, `[!a-z]`, `[[:digit:]]`.
  /// - Returns: Where the bracket ends, too; nil if it does not.
  private static func bracket(
    _ pattern: ArraySlice<UInt8>, _ start: Int, _ byte: UInt8
  ) -> (end: Int, isIn: Bool)? {
    var p = start + 1
    guard p < pattern.endIndex else { return nil }
    let isNegated = pattern[p] == UInt8(ascii: "!") || pattern[p] == UInt8(ascii: "^")
    if isNegated { p += 1 }
    var isIn = false
    var previous: UInt8?
    var isFirst = true
    while true {
      guard p < pattern.endIndex else { return nil }
      var own = pattern[p]
      if own == UInt8(ascii: "]"), !isFirst { break }
      isFirst = false
      if own == UInt8(ascii: "-"), let low = previous, p + 1 < pattern.endIndex,
        pattern[p + 1] != UInt8(ascii: "]")
      {
        p += 1
        if pattern[p] == UInt8(ascii: "\\") { p += 1 }
        guard p < pattern.endIndex else { return nil }
        if low <= pattern[p], (low...pattern[p]).contains(byte) { isIn = true }
        previous = nil
      } else if own == UInt8(ascii: "["), p + 1 < pattern.endIndex,
        pattern[p + 1] == UInt8(ascii: ":")
      {
        guard let close = pattern[(p + 2)...].firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let isClass = close - 1 > p + 1 && pattern[close - 1] == UInt8(ascii: ":")
        if isClass {
          let name = String(decoding: pattern[(p + 2)..<(close - 1)], as: UTF8.self)
          guard let holds = characterClass(name, byte) else { return nil }
          if holds { isIn = true }
          p = close
          previous = nil
        } else {
          // No class after all: a bracket like any other byte.
          if byte == own { isIn = true }
          previous = own
        }
      } else {
        if own == UInt8(ascii: "\\") {
          p += 1
          guard p < pattern.endIndex else { return nil }
          own = pattern[p]
        }
        if byte == own { isIn = true }
        previous = own
      }
      p += 1
    }
    return (p + 1, isIn != isNegated)
  }

  private static func characterClass(_ name: String, _ byte: UInt8) -> Bool? {
    let isDigit = byte &- 0x30 < 10
    let isLower = byte &- 0x61 < 26
    let isUpper = byte &- 0x41 < 26
    let isGraphic = byte > 0x20 && byte < 0x7F
    return switch name {
    case "alnum": isDigit || isLower || isUpper
    case "alpha": isLower || isUpper
    case "blank": byte == 0x20 || byte == 0x09
    case "cntrl": byte < 0x20 || byte == 0x7F
    case "digit": isDigit
    case "graph": isGraphic
    case "lower": isLower
    case "print": isGraphic || byte == 0x20
    case "punct": isGraphic && !isDigit && !isLower && !isUpper
    case "space": byte == 0x20 || (0x09...0x0D).contains(byte)
    case "upper": isUpper
    case "xdigit": isDigit || (byte | 0x20) &- 0x61 < 6
    default: nil
    }
  }
}
