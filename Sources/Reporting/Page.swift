
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
    var wasItem = false
    for block in blocks {
      switch block {
      case .heading(let words): result += "\n" + style.paint(words, .bold) + "\n"
      case .paragraph(let words): result += Self.wrapped(words, style.width, "  ", "  ") + (wasItem ? "" : "")
      case .item(let words): result += Self.wrapped(words, style.width, "  - ", "    ")
      case .table(let heads, let rows): result += Self.table(heads, rows, style)
      case .code(let text):
        result += text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
      }
      if case .item = block { wasItem = true } else { wasItem = false }
    }
    return result
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
          result += "| " + row.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }.joined(separator: " | ") + " |\n"
        }
      case .code(let text): result += "```json\n\(text)\n```\n"
      }
      if case .item = block { wasItem = true } else { wasItem = false }
    }
    return result
  }

  private static func wrapped(_ words: String, _ width: Int, _ first: String, _ rest: String) -> String {
    var lines: [String] = []
    var line = ""
    for word in words.split(separator: " ") {
      if !line.isEmpty, line.count + word.count + 1 > width - rest.count {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines.enumerated().map { ($0 == 0 ? first : rest) + $1 + "\n" }.joined()
  }

  private static func table(_ heads: [String], _ rows: [[String]], _ style: Reporter.Style) -> String {
    let widths = heads.indices.map { column in
      ([heads] + rows).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    let fixed = widths.dropLast().reduce(2) { $0 + $1 + 2 }
    func render(_ row: [String]) -> String {
      var line = "  "
      for (column, cell) in row.enumerated() where column + 1 < heads.count {
        line += cell + String(repeating: " ", count: widths[column] - cell.count + 2)
      }
      let room = max(20, style.width - fixed)
      let last = row.last ?? ""
      guard fixed + last.count > style.width, fixed < style.width - 20 else { return line + last + "\n" }
      let hanging = String(repeating: " ", count: fixed)
      let text = wrapped(last, room, "", hanging).split(separator: "\n").map(String.init)
      return line + text.joined(separator: "\n") + "\n"
    }
    let head = heads.allSatisfy(\.isEmpty) ? "" : style.paint(String(render(heads).dropLast()), .dim) + "\n"
    return head + rows.map(render).joined()
  }
}
