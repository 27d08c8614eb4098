internal import Inspection
internal import Memory
internal import Optimizers
public import SourceText
internal import Trials

extension DryRunReport {
  /// One object with everything, for scripts. The keys do not change within a version.
  public var json: JSONValue {
    let main = parts.first
    return [
      "version": 1, "path": .text(path), "backend": .text(backend),
      "verdict": .text(verdict.rawValue), "reason": .text(reason),
      "responsible": responsible.map(Self.json) ?? .null,
      "findings": .array(
        findings.map { finding in
          [
            "rule": .text(finding.rule), "keyPath": .text(finding.keyPath),
            "message": .text(finding.message),
            "consequence": .text(finding.consequence.rawValue), "url": .text(finding.url),
          ]
        }),
      "evidence": main.map { Self.evidence($0) } ?? .null,
      "problem": main.map { Self.problem($0) } ?? .null,
      "parts": .array(parts.map(Self.part)),
      "curves": main.map { Self.curves($0) } ?? .null,
      "basin": basin.map(Self.json) ?? .null,
      "counterfactuals": .array(counterfactuals.map(Self.json)),
      "memory": Self.memory(memory),
      "assumptions": .array(assumptions.map { .text($0) }),
      "notSimulated": .array(notSimulated.map { .text($0) }),
    ]
  }

  /// As `tuneup memory` says it, without the savings.
  private static func memory(_ outcome: Result<MemoryEstimate, MemoryUnknown>?) -> JSONValue {
    switch outcome {
    case .success(let estimate): .object(estimate.entries)
    case .failure(let unknown): ["error": .text(unknown.description)]
    case nil: .null
    }
  }

  private static func json(_ other: Counterfactual) -> JSONValue {
    [
      "keyPath": .text(other.keyPath), "value": .text(other.value),
      "instead": .text(other.instead), "verdict": .text(other.assessment.verdict.rawValue),
      "endLoss": Figures.json(other.assessment.end), "message": .text(other.assessment.reason),
    ]
  }

  private static func evidence(_ part: PartOutcome) -> JSONValue {
    let run = part.assessment
    let trajectory = part.trajectory
    return [
      "endLoss": Figures.json(run.end), "bestLoss": Figures.json(run.best),
      "middleLoss": Figures.json(run.middle), "peakLoss": Figures.json(run.peak),
      "largestDrift": Figures.json(run.mostDrift),
      "lostUpdates": Figures.json(trajectory.lostUpdates),
      "adaptedRate": trajectory.adaptedRate.last.map(Figures.json) ?? .null,
      "atThirdOfRate": [
        "endLoss": Figures.json(part.cooler.end), "middleLoss": Figures.json(part.cooler.middle),
      ],
    ]
  }

  private static func problem(_ part: PartOutcome) -> JSONValue {
    let settings = part.settings
    var entries: [JSONValue.Entry] = []
    switch settings.method {
    case .full: entries.append(.init("name", "full"))
    case .adapter(let rank, let scale):
      entries += [
        .init("name", "lora"), .init("rank", .integer(rank)), .init("scale", Figures.json(scale)),
      ]
    }
    entries += [
      .init("layerWidth", .integer(settings.width)),
      .init("format", .text(settings.format.rawValue)),
      .init("optimizer", .text(settings.optimizer)),
      .init("samplesPerStep", Figures.json(settings.samplesPerStep)),
      .init("steps", .integer(Int((Double(settings.steps) * part.stride).rounded()))),
      .init("simulatedSteps", .integer(settings.steps)),
      .init("seed", .integer(Int(clamping: settings.seed))),
    ]
    return .object(entries)
  }

  private static func part(_ part: PartOutcome) -> JSONValue {
    [
      "names": .array(part.names.map { .text($0) }),
      "learningRate": Figures.json(part.settings.rate),
      "verdict": .text(part.assessment.verdict.rawValue),
      "endLoss": Figures.json(part.assessment.end), "reason": .text(part.assessment.reason),
    ]
  }

  static let curvePoints = 200

  private static func curves(_ part: PartOutcome) -> JSONValue {
    let run = part.trajectory
    let places = Figures.places(of: run.steps, atMost: curvePoints)
    func list(_ values: [Double]) -> JSONValue {
      .array(places.filter { $0 < values.count }.map { Figures.json(values[$0]) })
    }
    return [
      "step": .array(places.map { .integer(Int(Double($0) * part.stride)) }),
      "loss": list(run.loss), "drift": list(run.drift),
      "learningRate": list(run.rate),
      "adaptedRate": run.adaptedRate.isEmpty ? .null : list(run.adaptedRate),
    ]
  }

  private static func json(_ basin: Basin) -> JSONValue {
    [
      "configured": Figures.json(basin.configured), "simulatedSteps": .integer(basin.steps),
      "best": basin.best.map { Figures.json($0.rate) } ?? .null,
      "converges": basin.width.map {
        ["low": Figures.json($0.lowerBound), "high": Figures.json($0.upperBound)]
      } ?? .null,
      "points": .array(
        basin.points.map { point in
          .object([
            .init("learningRate", Figures.json(point.rate)),
            .init("multiple", Figures.json(point.multiple)),
            .init("endLoss", Figures.json(point.loss)),
            .init("verdict", .text(point.verdict.rawValue)),
          ])
        }),
    ]
  }
}
