internal import Memory
internal import Optimizers
public import Reporting
internal import SourceText
internal import Trials

extension DryRunReport {
  /// For the terminal and as Markdown.
  public var page: Page {
    var blocks: [Page.Block] = [.paragraph(reason)]
    if let responsible {
      blocks.append(.paragraph(Self.sentence(responsible, parts.first?.assessment)))
    }
    for finding in findings {
      blocks.append(.item("\(finding.keyPath): \(finding.message) [\(finding.rule)]"))
    }
    if let main = parts.first { blocks += Self.blocks(main) }
    if let basin { blocks += Self.blocks(basin) }
    if counterfactuals.count > 1 {
      blocks += [
        .heading("with one setting changed"),
        .table(
          ["setting", "here", "instead", "verdict", "loss at the end"],
          counterfactuals.map {
            [
              $0.keyPath, $0.value, $0.instead, $0.assessment.verdict.rawValue,
              Figures.percent($0.assessment.end),
            ]
          }),
      ]
    }
    if parts.count > 1 {
      blocks += [
        .heading("the parts that are trained"),
        .table(
          ["part", "learning rate", "verdict", "loss at the end"],
          parts.map {
            [
              $0.names.joined(separator: ", "), Figures.text($0.settings.rate),
              $0.assessment.verdict.rawValue, Figures.percent($0.assessment.end),
            ]
          }),
      ]
    }
    if let memory { blocks += Self.blocks(memory) }
    if !assumptions.isEmpty {
      blocks += [.heading("assumed")] + assumptions.map { .item($0) }
    }
    if !notSimulated.isEmpty {
      blocks += [.heading("not simulated")] + notSimulated.map { .item($0) }
    }
    return Page("\(path): \(verdict.rawValue)", blocks)
  }

  /// "with learning_rate 1 instead of 0.0001 the loss falls to 4 % of its start; with yours it ends
  /// at 100 %"
  static func sentence(_ other: Counterfactual, _ own: Assessment?) -> String {
    let yours = own.map { "; with yours it ends at \(Figures.percent($0.end))" } ?? ""
    return "responsible is \(other.keyPath): with \(other.instead) instead of \(other.value) "
      + "the loss falls to \(Figures.percent(other.assessment.end)) of its start" + yours
  }

  private static func blocks(_ memory: Result<MemoryEstimate, MemoryUnknown>) -> [Page.Block] {
    switch memory {
    case .failure(let unknown):
      [.heading("video memory"), .paragraph("not estimated: \(unknown.description)")]
    case .success(let estimate):
      [
        .heading("video memory"),
        .paragraph(
          "\(Size.text(estimate.peakBytes)), between \(Size.text(estimate.lowBytes)) and "
            + "\(Size.text(estimate.highBytes)) in nine of ten runs"),
        .table(
          ["", ""], estimate.components.map { [$0.name.rawValue, Size.text($0.bytes)] }),
      ]
    }
  }

  private static func blocks(_ part: PartOutcome) -> [Page.Block] {
    let settings = part.settings
    let run = part.trajectory
    let what: String
    switch settings.method {
    case .full: what = "a layer of \(settings.width) trained in \(settings.format.rawValue)"
    case .adapter(let rank, let scale):
      what =
        "LoRA of rank \(rank) on a layer of \(settings.width), its output times \(Figures.text(scale)), in \(settings.format.rawValue)"
    }
    let places = Figures.places(of: run.loss.count, atMost: curvePoints)
    let steps = Int(Double(run.steps) * part.stride)
    let plot = TextPlot(
      points: places.map { (Double($0), run.loss[$0]) },
      ends: ("step 1", "step \(Figures.count(steps))"))
    var rows: [[String]] = [
      ["loss at the end", Figures.percent(part.assessment.end), "of its start"],
      ["at its best", Figures.percent(part.assessment.best), ""],
      [
        "at a third of the rate", Figures.percent(part.cooler.end), "the same run, the same noise",
      ],
      [
        "change of the output", Figures.percent(part.assessment.mostDrift),
        "6 % is right, beyond 25 % the layer no longer works",
      ],
      ["updates lost to rounding", Figures.percent(run.lostUpdates), "of all weights and steps"],
    ]
    if let adapted = run.adaptedRate.last {
      rows.append(["d × learning rate", Figures.text(adapted), "at the end"])
    }
    return [
      .heading("the loss over the run"),
      .paragraph("\(settings.optimizer) at \(Figures.text(part.settings.rate)): \(what)"),
      .code(plot.lines().joined(separator: "\n")),
      .table(["", "", ""], rows),
    ]
  }

  private static func blocks(_ basin: Basin) -> [Page.Block] {
    guard let first = basin.points.first, let last = basin.points.last else { return [] }
    let points = basin.points.indices.map { (Double($0), basin.points[$0].loss) }
    let place = basin.points.firstIndex { $0.multiple == 1 }
    let plot = TextPlot(
      points: points, mark: place.map { (Double($0), "yours, \(Figures.text(basin.configured))") },
      ends: (Figures.text(first.rate), Figures.text(last.rate)))
    var words = "the loss at the end against the learning rate, \(basin.steps) steps each"
    if let best = basin.best { words += "; best at \(Figures.text(best.rate, 2))" }
    if let width = basin.width {
      words +=
        ", converges from \(Figures.text(width.lowerBound, 2)) to \(Figures.text(width.upperBound, 2))"
    }
    return [
      .heading("the learning-rate basin"), .paragraph(words),
      .code(plot.lines().joined(separator: "\n")),
    ]
  }
}
