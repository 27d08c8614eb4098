public import Reporting
internal import Trials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Basin {
  /// How wide the rates lie that converge, in powers of ten.
  public var decades: Double? {
    width.map { log10($0.upperBound / $0.lowerBound) }
  }
}

extension Comparison {
  /// For the terminal and as Markdown.
  public var page: Page {
    var blocks: [Page.Block] = [
      .paragraph("\(problem), \(Figures.count(steps)) steps, the same noise for all"),
      .table(
        ["", "rate", "verdict", "loss", "a quarter at", "state", "moved"], entries.map(Self.row)),
    ]
    let basins = entries.filter { $0.outcome?.basin != nil }
    if !basins.isEmpty {
      blocks += [
        .heading("learning rates that converge"),
        .table(["", "best", "from", "to", "decades"], basins.map(Self.basinRow)),
      ]
    }
    let refused = entries.filter { $0.refusal != nil }
    if !refused.isEmpty {
      blocks += [.heading("not run")] + refused.map { .item("\($0.label): \($0.refusal ?? "")") }
    }
    let adapted = entries.filter { !($0.outcome?.adaptedRate.isEmpty ?? true) }
    if adapted.count > 1 {
      blocks += [
        .heading("d × learning rate"),
        .table(
          ["", "at its highest", "at the end"],
          adapted.map { entry in
            let curve = entry.outcome?.adaptedRate ?? []
            return [
              entry.label, Figures.text(curve.max() ?? 0), Figures.text(curve.last ?? 0),
            ]
          }),
      ]
    }
    blocks += [
      .heading("what the columns say"),
      .item(
        "loss: at the end, of its start; a quarter at: the step after which it stays below 25 %"),
      .item("state: bytes that the optimizer keeps for each trained number"),
      .item("moved: bytes that a step reads and writes for each trained number"),
    ]
    if !assumptions.isEmpty {
      blocks += [.heading("assumed")] + assumptions.map { .item($0) }
    }
    return Page("\(entries.count) compared", blocks)
  }

  private static func row(_ entry: Entry) -> [String] {
    let outcome = entry.outcome
    return [
      entry.label, Figures.text(entry.rate),
      outcome.map { $0.verdict?.rawValue ?? "" } ?? "not run",
      outcome.map { Figures.percent($0.end) } ?? "",
      outcome?.quarterAt.map { Figures.count($0) } ?? "",
      entry.cost.map { "\(Figures.text($0.stateBytes)) B" } ?? "",
      entry.cost.map { "\(Figures.text($0.traffic)) B" } ?? "",
    ]
  }

  private static func basinRow(_ entry: Entry) -> [String] {
    let basin = entry.outcome?.basin
    func text(_ value: Double?) -> String { value.map { Figures.text($0, 2) } ?? "none" }
    return [
      entry.label, text(basin?.best?.rate), text(basin?.width?.lowerBound),
      text(basin?.width?.upperBound), text(basin?.decades),
    ]
  }

  /// The loss and the rate over the run, and the basins, as SVG.
  public var svg: String { VectorPlot(title: "\(problem), \(steps) steps", charts: charts).text() }

  var charts: [Chart] {
    func series(_ values: (Outcome) -> [Double]) -> [Chart.Series] {
      entries.compactMap { entry in
        guard let outcome = entry.outcome else { return nil }
        let curve = values(outcome)
        let places = Figures.places(of: curve.count, atMost: DryRunReport.curvePoints)
        return Chart.Series(
          name: entry.label, points: places.map { (Double($0) * outcome.stride, curve[$0]) })
      }
    }
    let hasAdapted = entries.contains { !($0.outcome?.adaptedRate.isEmpty ?? true) }
    var charts = [
      Chart(
        title: "loss over the run", series: series(\.loss), xTitle: "step",
        yLimits: DryRunReport.lossLimits),
      Chart(
        title: hasAdapted ? "what is applied: d × learning rate" : "learning rate over the run",
        series: series { $0.adaptedRate.isEmpty ? $0.rate : $0.adaptedRate }, xTitle: "step",
        isPercent: false),
    ]
    let basins = entries.compactMap { entry -> Chart.Series? in
      guard let series = entry.outcome?.basin?.chart.series.first else { return nil }
      return Chart.Series(name: entry.label, points: series.points)
    }
    if !basins.isEmpty {
      charts.append(
        Chart(
          title: "loss at the end against the learning rate", series: basins,
          xTitle: "learning rate", xScale: .logarithmic, yLimits: DryRunReport.lossLimits))
    }
    return charts
  }
}

extension DryRunReport {
  /// The curves as SVG.
  public var svg: String {
    VectorPlot(title: "\(path): \(verdict.rawValue)", charts: charts).text()
  }
}
