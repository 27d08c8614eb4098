#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A curve in characters, four dots high and two wide for each (Braille, Unicode block U+2800).
struct TextPlot {
  var points: [(x: Double, y: Double)]
  /// The place that is marked below the axis: where the configured value is.
  var mark: (x: Double, label: String)?
  var width = 64
  var height = 8
  /// The words below the axis, at its ends.
  var ends: (String, String)

  /// The loss from this on is one line at the top.
  private static let ceiling = 4.0
  private static let floor = 0.003

  /// The lines, the loss on a logarithmic axis from 0.3 % to 400 %.
  func lines() -> [String] {
    let low = points.map { max($0.y, Self.floor) }.filter(\.isFinite).min() ?? Self.floor
    let bottom = log10(low < 0.01 ? Self.floor : low < 0.1 ? 0.01 : 0.1)
    let highest = points.map { $0.y.isFinite ? min($0.y, Self.ceiling) : Self.ceiling }.max() ?? 1
    let top = log10(max(highest, 1))
    let columns = 2 * width
    let rows = 4 * height
    var dots = [[Bool]](repeating: [Bool](repeating: false, count: columns), count: rows)
    let first = points.first?.x ?? 0
    let last = points.last?.x ?? 1
    func column(_ x: Double) -> Int {
      let share = last > first ? (x - first) / (last - first) : 0
      return min(columns - 1, max(0, Int((share * Double(columns - 1)).rounded())))
    }
    func row(_ y: Double) -> Int {
      let level = log10(min(max(y.isFinite ? y : Self.ceiling, Self.floor), Self.ceiling))
      let share = top > bottom ? (top - level) / (top - bottom) : 0
      return min(rows - 1, max(0, Int((share * Double(rows - 1)).rounded())))
    }
    var before: (column: Int, row: Int)?
    for point in points {
      let at = (column: column(point.x), row: row(point.y))
      let from = before ?? at
      let length = max(abs(at.column - from.column), abs(at.row - from.row), 1)
      for step in 0...length {
        let x = from.column + (at.column - from.column) * step / length
        let y = from.row + (at.row - from.row) * step / length
        dots[y][x] = true
      }
      before = at
    }
    return labelled(dots, top: top, bottom: bottom, mark.map { column($0.x) / 2 })
  }

  private func labelled(
    _ dots: [[Bool]], top: Double, bottom: Double, _ marked: Int?
  ) -> [String] {
    var lines: [String] = []
    for line in 0..<height {
      let share = height > 1 ? Double(line) / Double(height - 1) : 0
      let isLabelled = line == 0 || line == height - 1 || line == height / 2
      let level = pow(10, top - share * (top - bottom)) * 100
      let label = isLabelled ? "\(Figures.text(level, 2)) %" : ""
      lines.append(
        String(repeating: " ", count: max(0, 7 - label.count)) + label + " ┤"
          + Self.trimmed((0..<width).map { Self.cell(dots, line, $0) }.joined()))
    }
    let axis = (0..<width).map { $0 == marked ? "▲" : "─" }.joined()
    lines.append(String(repeating: " ", count: 8) + "└" + axis)
    let gap = max(1, width - ends.0.count - ends.1.count)
    lines.append(
      String(repeating: " ", count: 9) + ends.0 + String(repeating: " ", count: gap) + ends.1)
    if let mark { lines.append(String(repeating: " ", count: 9) + "▲ \(mark.label)") }
    return lines
  }

  /// Bits of the dots of a character, from the top left down, then from the top right down.
  private static let bits: [(row: Int, column: Int, bit: UInt32)] = [
    (0, 0, 1), (1, 0, 2), (2, 0, 4), (0, 1, 8), (1, 1, 16), (2, 1, 32), (3, 0, 64), (3, 1, 128),
  ]

  private static func cell(_ dots: [[Bool]], _ line: Int, _ column: Int) -> String {
    let code = bits.reduce(UInt32(0)) { code, dot in
      dots[4 * line + dot.row][2 * column + dot.column] ? code | dot.bit : code
    }
    return code == 0 ? " " : Unicode.Scalar(0x2800 + code).map { String($0) } ?? " "
  }

  private static func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
