public import Reporting
public import SourceText

extension RunReport {
  /// For the terminal.
  public var page: Page {
    if let refusal {
      return Page(
        "\(path): no rate for \(target.title)",
        [.paragraph(refusal)] + notes.map { .item($0) })
    }
    var blocks: [Page.Block] = [
      .table(
        ["part", "settled at", "\(target.title)", "steady from", "spread", "at the end"],
        shown.map { series, settled in
          [
            Self.name(series), Self.number(settled.rate), Number.literal(settled.rounded),
            settled.state == .growing ? "not yet" : "step \(settled.settledAt)",
            Self.percent(settled.spread), Self.percent(settled.lastShare),
          ]
        })
    ]
    blocks += [.heading("How sure that is")] + remarks.map { .item($0) }
    if let transfer, !transfer.edits.isEmpty {
      blocks += [
        .heading("In \(transfer.source.path)"),
        .table(
          ["setting", "now", "then", "because"],
          transfer.edits.map {
            [$0.keyPath, $0.current, $0.recommended ?? "goes", $0.reason]
          }),
      ]
      blocks += transfer.notes.map { .item($0) }
    }
    return Page("\(path): \(headline)", blocks)
  }

  /// Those of the parts with a rate.
  private var shown: [(series: RateSeries, settled: SettledRate)] {
    outcomes.filter { $0.settled.isUsable }
  }

  private var headline: String {
    let rates = Set(shown.map(\.settled.rounded)).sorted()
    let words = rates.map(Number.literal).joined(separator: " and ")
    let isGrowing = shown.contains { $0.settled.state == .growing }
    return "\(target.title) at \(words)" + (isGrowing ? " or more" : "")
  }

  private static func name(_ series: RateSeries) -> String {
    series.part.isEmpty ? "all" : series.part
  }

  /// How the rate was read, and what speaks against it.
  var remarks: [String] {
    var lines: [String] = []
    guard let (series, settled) = shown.first else { return notes }
    let many = shown.count > 1 ? " and its like" : ""
    lines.append(
      "read from '\(series.tag)'\(many): \(settled.points) points over "
        + "\(settled.steps.upperBound - settled.steps.lowerBound) steps")
    switch settled.basis {
    case .scheduleDividedOut:
      lines.append("the schedule is divided out: this is the rate before it, to be used with it")
    case .highestApplied:
      lines.append(
        "the schedule is not known: this is the highest rate that was applied, and the estimate may "
          + "have been somewhat higher; name the config for it to be divided out")
    }
    for (series, settled) in shown {
      let name = series.part.isEmpty ? "it" : series.part
      switch settled.state {
      case .growing:
        lines.append(
          "\(name) was still growing: \(Self.percent(settled.growingShare)) of the run were over "
            + "before it was near, and it grew by \(Self.percent(settled.lateGrowth)) over the last "
            + "fifth; take the rate for a lower bound, or let the run go on")
      case .flat:
        lines.append(
          "\(name) was there from the first point on: the run was resumed, or d0 set there")
      case .steady:
        if settled.growingShare > 0.5 {
          lines.append(
            "\(name) grew for \(Self.percent(settled.growingShare)) of the run: little of it ran at "
              + "this rate")
        }
      case .neverGrew, .scheduleOnly, .tooFew: break
      }
      if settled.unusable > 0 {
        lines.append("\(settled.unusable) points of \(name) are no numbers: the run failed there")
      }
    }
    if !series.isCertain {
      lines.append(
        "'\(series.tag)' holds the estimate only where OneTrainer or ai-toolkit ran an optimizer that "
          + "makes one: nothing here says so, but it grew as one does")
    }
    if let rate = shown.map(\.settled.rate).max(), rate > 1e-3 || rate < 1e-5 {
      lines.append(
        "rates from 1e-5 to 1e-3 are usual for a LoRA: \(Self.number(rate)) is worth a second look")
    }
    for (series, settled) in outcomes where !settled.isUsable {
      lines.append("\(Self.name(series)): \(Self.reason(settled, series))")
    }
    return lines + notes
  }

  private static func percent(_ share: Double) -> String {
    let value = share * 100
    return value >= 10 || value == 0
      ? "\(Int(value.rounded())) %" : "\(Number.literal((value * 10).rounded() / 10)) %"
  }

  /// For scripts.
  public var json: JSONValue {
    .object([
      .init("version", 1), .init("run", .text(folder)), .init("to", .text(target.rawValue)),
      .init("optimizer", optimizer.map { .text($0) } ?? .null),
      .init("refusal", refusal.map { .text($0) } ?? .null),
      .init(
        "groups",
        .array(
          outcomes.map { series, settled in
            [
              "part": .text(series.part), "tag": .text(series.tag),
              "state": .text(settled.state.rawValue), "basis": .text(settled.basis.rawValue),
              "settledRate": .number(settled.rate),
              "learningRate": settled.isUsable ? .number(settled.rounded) : .null,
              "points": .integer(settled.points), "firstStep": .integer(settled.steps.lowerBound),
              "lastStep": .integer(settled.steps.upperBound),
              "settledAtStep": .integer(settled.settledAt), "spread": .number(settled.spread),
              "growingShare": .number(settled.growingShare),
              "lateGrowth": .number(settled.lateGrowth),
            ]
          })),
      .init(
        "edits",
        .array(
          (transfer?.edits ?? []).map {
            [
              "keyPath": .text($0.keyPath), "current": .text($0.current),
              "recommended": $0.recommended.map { .text($0) } ?? .null, "reason": .text($0.reason),
            ]
          })),
      .init("notes", .array((refusal == nil ? remarks : notes).map { .text($0) })),
    ])
  }
}
