internal import Trials

/// Curves in one frame.
struct Chart: Sendable {
  struct Series: Sendable {
    var name: String
    var points: [(x: Double, y: Double)]
  }

  /// How an axis is divided.
  enum Scale: Sendable { case linear, logarithmic }

  var title: String
  var series: [Series]
  var xTitle: String
  var xScale = Scale.linear
  var yScale = Scale.logarithmic
  /// Whether the numbers at the upright axis are shares.
  var isPercent = true
  /// A place on the level axis that is marked.
  var mark: (x: Double, label: String)?
  /// What lies outside is drawn at the edge.
  var yLimits: ClosedRange<Double>?

  /// Points that can be drawn at all.
  var drawn: [(x: Double, y: Double)] {
    series.flatMap(\.points).filter { isDrawn($0) }
  }

  func isDrawn(_ point: (x: Double, y: Double)) -> Bool {
    point.x.isFinite && point.y.isFinite && (xScale == .linear || point.x > 0)
      && (yScale == .linear || point.y > 0)
  }
}

extension DryRunReport {
  /// The loss and the rate over the run, and the basin.
  var charts: [Chart] {
    guard let main = parts.first else { return [] }
    let run = main.trajectory
    let places = Figures.places(of: run.steps, atMost: Self.curvePoints)
    func curve(_ name: String, _ values: [Double]) -> Chart.Series {
      Chart.Series(
        name: name,
        points: places.filter { $0 < values.count }.map { (Double($0) * main.stride, values[$0]) })
    }
    var rates = [curve("learning rate", run.rate)]
    if !run.adaptedRate.isEmpty { rates.append(curve("d × learning rate", run.adaptedRate)) }
    var charts = [
      Chart(
        title: "loss over the run", series: [curve("loss", run.loss)], xTitle: "step",
        yLimits: Self.lossLimits),
      Chart(
        title: "learning rate over the run", series: rates, xTitle: "step", isPercent: false),
    ]
    if let basin { charts.append(basin.chart) }
    return charts
  }

  static let lossLimits = 0.01...4.0
}

extension Basin {
  var chart: Chart {
    Chart(
      title: "loss at the end against the learning rate",
      series: [
        Chart.Series(
          name: "loss",
          points: points.map {
            ($0.rate, $0.loss.isFinite ? $0.loss : DryRunReport.lossLimits.upperBound)
          })
      ], xTitle: "learning rate", xScale: .logarithmic,
      mark: configured > 0 ? (configured, "yours") : nil, yLimits: DryRunReport.lossLimits)
  }
}
