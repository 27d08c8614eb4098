/// A table for the terminal, no wider than that.
///
/// Where the last column would be too narrow to read, it goes below the others, indented.
struct TextTable {
  private let heads: [String]
  private let rows: [[String]]
  private let width: Int

  /// Columns without a single entry are left out.
  init(_ heads: [String], _ rows: [[String]], width: Int) {
    let used = heads.indices.filter { column in
      rows.contains { column < $0.count && !$0[column].isEmpty }
    }
    self.heads = used.map { heads[$0] }
    self.rows = rows.map { row in used.map { $0 < row.count ? row[$0] : "" } }
    self.width = width
  }

  func text(_ style: Reporter.Style) -> String {
    guard !heads.isEmpty else { return "" }
    let hasHeads = heads.contains { !$0.isEmpty }
    let layout = layout()
    let head = hasHeads ? lines(heads, layout).map { style.paint($0, .dim) } : []
    return (head + rows.flatMap { lines($0, layout) }).map { $0 + "\n" }.joined()
  }

  /// The widths of the columns that stand side by side; one is missing if the last stands below.
  private func layout() -> [Int] {
    let natural = heads.indices.map { column in
      ([heads] + rows).map { $0[column].displayWidth }.max() ?? 0
    }
    let leading = natural.dropLast().reduce(margin) { $0 + $1 + gap }
    let last = natural.last ?? 0
    if leading + last <= width { return natural }
    if natural.count == 1 { return [width - margin] }
    if width - leading >= leastLast { return natural.dropLast() + [width - leading] }
    return narrowed(Array(natural.dropLast()))
  }

  /// The widest columns give way until the row fits, down to their longest words.
  private func narrowed(_ natural: [Int]) -> [Int] {
    var widths = natural
    let least = widths.indices.map { column in
      ([heads] + rows).flatMap { $0[column].split(separator: " ") }.map { String($0).displayWidth }
        .max() ?? 0
    }
    while widths.reduce(margin - gap, { $0 + $1 + gap }) > width {
      let shrinkable = widths.indices.filter { widths[$0] > least[$0] }
      guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
  }

  private func lines(_ row: [String], _ widths: [Int]) -> [String] {
    let cells = zip(row, widths).map { cell, width in cell.wrapped(to: width) }
    let height = cells.map(\.count).max() ?? 0
    var lines = (0..<height).map { line in
      let parts = zip(cells, widths).map { cell, width in
        (line < cell.count ? cell[line] : "").padded(to: width)
      }
      return trimmed(
        String(repeating: " ", count: margin)
          + parts.joined(separator: String(repeating: " ", count: gap)))
    }
    if let below = row.last, widths.count < row.count, !below.isEmpty {
      let indent = String(repeating: " ", count: margin + 4)
      lines += below.wrapped(to: width - indent.count).map { indent + $0 }
    }
    return lines
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// Before the first column.
  private let margin = 2
  /// Between columns.
  private let gap = 2
  /// Columns in which the last one can be read.
  private let leastLast = 36
}
