internal import Reporting

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Charts as SVG, one below the other, readable on light and on dark ground.
struct VectorPlot {
  let title: String
  let charts: [Chart]

  private static let width = 720.0
  private static let height = 260.0
  private static let left = 64.0
  private static let right = 150.0
  private static let top = 34.0
  private static let bottom = 44.0
  /// Okabe and Ito 2008, told apart by the colour-blind.
  static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d1f", "#7f7f7f",
  ]

  /// - Parameter isDocument: Whether it stands in a file of its own.
  func text(isDocument: Bool = true) -> String {
    let total = Self.height * Double(charts.count)
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.number(Self.width)) \(Self.number(total))\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"12\">",
      "<title>\(title.escapedForXML)</title>",
    ]
    if isDocument { lines.append(Self.style) }
    for (place, chart) in charts.enumerated() {
      lines.append("<g transform=\"translate(0 \(Self.number(Double(place) * Self.height)))\">")
      lines += Frame(chart).lines
      lines.append("</g>")
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Also for pages that hold such plots.
  static let rules = """
    .plot-text{fill:#333}.plot-dim{fill:#666}.plot-line{stroke:#ccc}.plot-mark{stroke:#b00020;stroke-dasharray:4 3}
    @media (prefers-color-scheme: dark){.plot-text{fill:#ddd}.plot-dim{fill:#aaa}.plot-line{stroke:#444}.plot-mark{stroke:#ff6b6b}}
    """
  private static let style = "<style>\(rules)</style>"

  /// To a tenth of a pixel.
  static func number(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
  }

  /// A chart within its part of the plot.
  private struct Frame {
    let chart: Chart
    let x: Axis
    let y: Axis

    init(_ chart: Chart) {
      self.chart = chart
      let points = chart.drawn
      x = Axis(points.map(\.x), chart.xScale, limits: nil)
      y = Axis(points.map(\.y), chart.yScale, limits: chart.yLimits)
    }

    private func place(_ point: (x: Double, y: Double)) -> (Double, Double) {
      let width = VectorPlot.width - VectorPlot.left - VectorPlot.right
      let height = VectorPlot.height - VectorPlot.top - VectorPlot.bottom
      return (
        VectorPlot.left + x.share(point.x) * width,
        VectorPlot.top + (1 - y.share(point.y)) * height
      )
    }

    private func label(_ words: String, _ at: (Double, Double), _ look: String, _ kind: String)
      -> String
    {
      "<text class=\"plot-\(kind)\" x=\"\(number(at.0))\" y=\"\(number(at.1))\" \(look)>\(words.escapedForXML)</text>"
    }

    var lines: [String] {
      var lines = [label(chart.title, (VectorPlot.left, 20), "font-weight=\"600\"", "text")]
      let right = VectorPlot.width - VectorPlot.right
      let floor = VectorPlot.height - VectorPlot.bottom
      for tick in y.ticks {
        let at = place((x.low, tick)).1
        lines.append(
          "<line class=\"plot-line\" x1=\"\(number(VectorPlot.left))\" y1=\"\(number(at))\" x2=\"\(number(right))\" y2=\"\(number(at))\"/>"
        )
        let words = chart.isPercent ? Figures.percent(tick) : Figures.text(tick)
        lines.append(
          label(words, (VectorPlot.left - 6, at + 4), "text-anchor=\"end\"", "dim"))
      }
      for tick in x.ticks {
        let at = place((tick, y.low)).0
        lines.append(
          label(Figures.text(tick), (at, floor + 16), "text-anchor=\"middle\"", "dim"))
      }
      lines.append(
        label(
          chart.xTitle, ((VectorPlot.left + right) / 2, floor + 34), "text-anchor=\"middle\"", "dim"
        ))
      if let mark = chart.mark, mark.x >= x.low, mark.x <= x.high {
        let at = place((mark.x, y.low)).0
        lines.append(
          "<line class=\"plot-mark\" x1=\"\(number(at))\" y1=\"\(number(VectorPlot.top))\" x2=\"\(number(at))\" y2=\"\(number(floor))\"/>"
        )
        lines.append(label(mark.label, (at + 4, VectorPlot.top + 10), "", "dim"))
      }
      for (place, series) in chart.series.enumerated() { lines += curve(series, place, right) }
      return lines
    }

    private func curve(_ series: Chart.Series, _ number: Int, _ right: Double) -> [String] {
      let colour = colours[number % colours.count]
      let points = series.points.filter { chart.isDrawn($0) }.map { point in
        let at = place(point)
        return "\(VectorPlot.number(at.0)),\(VectorPlot.number(at.1))"
      }
      var lines = [
        "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.6\" points=\"\(points.joined(separator: " "))\"/>"
      ]
      if chart.series.count > 1 {
        let y = VectorPlot.top + 8 + 18 * Double(number)
        lines.append(
          "<rect x=\"\(VectorPlot.number(right + 12))\" y=\"\(VectorPlot.number(y - 8))\" width=\"10\" height=\"10\" fill=\"\(colour)\"/>"
        )
        lines.append(label(series.name, (right + 28, y + 1), "", "text"))
      }
      return lines
    }
  }

  /// The numbers along one side of a chart.
  private struct Axis {
    let low: Double
    let high: Double
    let scale: Chart.Scale

    init(_ values: [Double], _ scale: Chart.Scale, limits: ClosedRange<Double>?) {
      self.scale = scale
      var low = values.min() ?? (scale == .linear ? 0 : 0.1)
      var high = values.max() ?? 1
      if let limits {
        low = max(low, limits.lowerBound)
        high = min(high, limits.upperBound)
      }
      switch scale {
      case .linear: if high <= low { high = low + 1 }
      case .logarithmic:
        low = pow(10, log10(low).rounded(.down))
        high = pow(10, log10(max(high, low)).rounded(.up))
        if high <= low { high = low * 10 }
      }
      self.low = low
      self.high = high
    }

    /// 0 at the low end, 1 at the high one; what lies outside is moved to the edge.
    func share(_ value: Double) -> Double {
      let share =
        switch scale {
        case .linear: (value - low) / (high - low)
        case .logarithmic: (log10(max(value, low)) - log10(low)) / (log10(high) - log10(low))
        }
      return min(max(share, 0), 1)
    }

    var ticks: [Double] {
      switch scale {
      case .linear: return (0...4).map { low + (high - low) * Double($0) / 4 }
      case .logarithmic:
        let first = Int(log10(low).rounded())
        let last = Int(log10(high).rounded())
        let stride = max(1, (last - first + 5) / 6)
        return Swift.stride(from: first, through: last, by: stride).map {
          Double("1e\($0)") ?? 1
        }
      }
    }
  }
}
