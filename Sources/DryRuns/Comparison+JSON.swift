public import SourceText
internal import Trials

extension Comparison {
  /// One object with everything, for scripts. The keys do not change within a version.
  public var json: JSONValue {
    [
      "version": 1, "problem": .text(problem), "steps": .integer(steps),
      "entries": .array(entries.map(Self.json)),
      "assumptions": .array(assumptions.map { .text($0) }),
    ]
  }

  private static func json(_ entry: Entry) -> JSONValue {
    var entries: [JSONValue.Entry] = [
      .init("label", .text(entry.label)),
      .init("optimizer", entry.optimizer.isEmpty ? .null : .text(entry.optimizer)),
      .init("learningRate", Figures.json(entry.rate)),
      .init("refusal", entry.refusal.map { .text($0) } ?? .null),
    ]
    if let outcome = entry.outcome { entries += Self.entries(outcome) }
    if let cost = entry.cost {
      entries += [
        .init("stateBytesPerParameter", Figures.json(cost.stateBytes)),
        .init("bytesMovedPerParameter", Figures.json(cost.traffic)),
      ]
    }
    return .object(entries)
  }

  private static func entries(_ outcome: Outcome) -> [JSONValue.Entry] {
    let places = Figures.places(of: outcome.loss.count, atMost: DryRunReport.curvePoints)
    func list(_ values: [Double]) -> JSONValue {
      .array(places.filter { $0 < values.count }.map { Figures.json(values[$0]) })
    }
    let width = outcome.basin?.width
    return [
      .init("verdict", outcome.verdict.map { .text($0.rawValue) } ?? .null),
      .init("endLoss", Figures.json(outcome.end)),
      .init("quarterAtStep", outcome.quarterAt.map { .integer($0) } ?? .null),
      .init("bestRate", outcome.basin?.best.map { Figures.json($0.rate) } ?? .null),
      .init(
        "converges",
        width.map { ["low": Figures.json($0.lowerBound), "high": Figures.json($0.upperBound)] }
          ?? .null),
      .init("decades", outcome.basin?.decades.map { Figures.json($0) } ?? .null),
      .init(
        "curves",
        [
          "step": .array(places.map { .integer(Int(Double($0) * outcome.stride)) }),
          "loss": list(outcome.loss), "learningRate": list(outcome.rate),
          "adaptedRate": outcome.adaptedRate.isEmpty ? .null : list(outcome.adaptedRate),
        ]),
    ]
  }
}
