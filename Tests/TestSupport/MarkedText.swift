/// Text with places marked in it: `⟪ ⟫` for what is meant, `⟦ ⟧` for what has to do with it.
public struct MarkedText: Sendable {
  /// The text without the marks.
  public let text: String
  /// What stands between `⟪` and `⟫`, as UTF-8 bytes of ``text``, in order of their starts.
  public let ranges: [Range<Int>]
  /// What stands between `⟦` and `⟧`.
  public let secondary: [Range<Int>]

  public init(_ marked: String) {
    var text = ""
    var ranges: [Range<Int>] = []
    var secondary: [Range<Int>] = []
    var open: [Int] = []
    var openSecondary: [Int] = []
    for scalar in marked.unicodeScalars {
      switch scalar {
      case "⟪": open.append(text.utf8.count)
      case "⟦": openSecondary.append(text.utf8.count)
      case "⟫": ranges.append((open.popLast() ?? 0)..<text.utf8.count)
      case "⟧": secondary.append((openSecondary.popLast() ?? 0)..<text.utf8.count)
      default: text.unicodeScalars.append(scalar)
      }
    }
    self.text = text
    self.ranges = ranges.sorted { $0.lowerBound < $1.lowerBound }
    self.secondary = secondary.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// Draws places into a text. At one offset a mark that closes comes before one that opens.
  public static func marking(
    _ text: String, _ ranges: [Range<Int>], secondary: [Range<Int>] = []
  ) -> String {
    var marks: [(offset: Int, order: Int, mark: String)] = []
    for range in ranges {
      marks.append((range.lowerBound, range.isEmpty ? 3 : 2, "⟪"))
      marks.append((range.upperBound, range.isEmpty ? 4 : 1, "⟫"))
    }
    for range in secondary {
      marks.append((range.lowerBound, 5, "⟦"))
      marks.append((range.upperBound, 0, "⟧"))
    }
    marks.sort { ($0.offset, $0.order) < ($1.offset, $1.order) }
    var result: [UInt8] = []
    var offset = 0
    let bytes = Array(text.utf8)
    for (place, _, mark) in marks {
      let place = min(max(place, offset), bytes.count)
      result += bytes[offset..<place]
      result += Array(mark.utf8)
      offset = place
    }
    return String(decoding: result + bytes[offset...], as: UTF8.self)
  }
}
