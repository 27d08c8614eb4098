/// What stands between two brackets with commas between, where comments begin with `#` and a comma
/// may follow the last: an array or an inline table of TOML, flow style in YAML.
struct BracketItems {
  let source: SourceFile
  /// With its brackets.
  let bytes: Range<Int>
  /// The items in order, each with its key.
  let items: [Range<Int>]

  /// Removes an item with its comma, and with its line where nothing else is left on it.
  func removal(of place: Int) -> [TextEdit] {
    let item = items[place]
    guard let comma = comma(after: place) else {
      if place > 0, !hasComment(items[place - 1].upperBound..<item.lowerBound) {
        // From the end of the one before, so that its comma goes.
        return [TextEdit(items[place - 1].upperBound..<item.upperBound, "", in: source)]
      }
      return [TextEdit(tidied(item), "", in: source)]
    }
    if source.isBlank(item.upperBound..<comma) {
      return [TextEdit(tidied(item.lowerBound..<(comma + 1)), "", in: source)]
    }
    return [
      TextEdit(item, "", in: source), TextEdit(tidied(comma..<(comma + 1)), "", in: source),
    ]
  }

  private func comma(after place: Int) -> Int? {
    let end = place + 1 < items.count ? items[place + 1].lowerBound : bytes.upperBound - 1
    var offset = items[place].upperBound
    while offset < end {
      switch source.byte(offset) {
      case UInt8(ascii: ","): return offset
      case UInt8(ascii: "#"): offset = source.lineEnd(offset)
      default: offset += 1
      }
    }
    return nil
  }

  func hasComment(_ range: Range<Int>) -> Bool { source.bytes[range].contains(UInt8(ascii: "#")) }

  /// The range with the blanks behind it, or its whole line if nothing else stands there.
  private func tidied(_ range: Range<Int>) -> Range<Int> {
    let line = source.lineStart(range.lowerBound)
    let end = source.skipBlanks(range.upperBound)
    let isAtLineEnd = end == source.lineEnd(end)
    let isFirst = source.isBlank(line..<range.lowerBound)
    if isAtLineEnd, isFirst { return line..<source.nextLine(end) }
    let keepsBlanks = isAtLineEnd || !isFirst && source.byte(end) == UInt8(ascii: "#")
    return range.lowerBound..<(keepsBlanks ? range.upperBound : end)
  }
}
