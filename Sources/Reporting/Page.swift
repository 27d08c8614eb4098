/// A text with headings, for the terminal, as Markdown, or as JSON.
public struct Page: Sendable {
  public var title: String
  public var blocks: [Block]

  public enum Block: Sendable {
    case heading(String)
    case paragraph(String)
    case item(String)
    /// Columns with their headings; the last one may be long.
    case table([String], [[String]])
    case code(String)
  }

  public init(_ title: String, _ blocks: [Block] = []) {
    self.title = title
    self.blocks = blocks
  }

  public func text(_ style: Reporter.Style) -> String {
    var result = style.paint(title, .bold) + "\n"
    var previous = Block.heading(title)
    for block in blocks {
      if Self.isApart(previous, block) { result += "\n" }
      switch block {
      case .heading(let words): result += style.paint(words, .bold) + "\n"
      case .paragraph(let words): result += Self.hanging(words, style.width, "  ", "  ")
      case .item(let words): result += Self.hanging(words, style.width, "  - ", "    ")
      case .table(let heads, let rows):
        result += TextTable(heads, rows, width: style.width).text(style)
      case .code(let text):
        result += text.split(separator: "\n", omittingEmptySubsequences: false).map {
          "    \($0)\n"
        }.joined()
      }
      previous = block
    }
    return result
  }

  /// Whether a blank line stands between two blocks.
  private static func isApart(_ first: Block, _ second: Block) -> Bool {
    switch (first, second) {
    case (_, .heading): true
    case (.heading, _), (.item, .item): false
    default: true
    }
  }

  public var markdown: String {
    var result = "# \(title)\n"
    var wasItem = false
    for block in blocks {
      if case .item = block { result += wasItem ? "" : "\n" } else { result += "\n" }
      switch block {
      case .heading(let words): result += "## \(words)\n"
      case .paragraph(let words): result += words + "\n"
      case .item(let words): result += "- \(words)\n"
      case .table(let heads, let rows):
        result += "| " + heads.joined(separator: " | ") + " |\n"
        result += "|" + heads.map { _ in "---|" }.joined() + "\n"
        for row in rows {
          result +=
            "| "
            + row.map {
              $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
            }.joined(separator: " | ") + " |\n"
        }
      case .code(let text): result += "```\(text.hasPrefix("{") ? "json" : "")\n\(text)\n```\n"
      }
      if case .item = block { wasItem = true } else { wasItem = false }
    }
    return result
  }

  private static func hanging(
    _ words: String, _ width: Int, _ first: String, _ rest: String
  ) -> String {
    words.wrapped(to: width - rest.count).enumerated().map { ($0 == 0 ? first : rest) + $1 + "\n" }
      .joined()
  }
}
