import Knowledge
public import Memory
public import SourceText

extension MemoryReport {
  /// As `--format json` prints it.
  public var json: JSONValue {
    switch outcome {
    case .failure(let unknown):
      return [
        "version": 1, "path": .text(path), "backend": .text(backend), "model": .null,
        "error": .text(unknown.description),
      ]
    case .success(let estimate):
      return .object(
        [
          .init("version", 1), .init("path", .text(path)), .init("backend", .text(backend)),
        ] + estimate.entries + [
          .init(
            "savings",
            .array(
              savings.map {
                [
                  "change": .text($0.change), "keyPath": .text($0.keyPath),
                  "bytes": .integer($0.bytes), "cost": .text($0.cost),
                ]
              })),
          .init("optimizers", .array(optimizers.map(\.json))),
        ])
    }
  }
}

extension OptimizerAlternative {
  var json: JSONValue {
    [
      "name": .text(name), "optimizerStateBytes": .integer(stateBytes),
      "gradientBytes": .integer(gradientBytes), "peakBytes": .integer(peakBytes),
      "isFused": .boolean(isFused), "isCurrent": .boolean(isCurrent),
    ]
  }
}

extension MemoryEstimate {
  fileprivate var method: String {
    switch run.method {
    case .full: "full"
    case .embedding: "embedding"
    case .adapter(let adapter): adapter.kind.rawValue
    }
  }

  /// What it says, as entries of an object.
  public var entries: [JSONValue.Entry] {
    [
      .init("model", .text(run.family.id)), .init("method", .text(method)),
      .init("allocatedBytes", .integer(allocatedBytes)), .init("peakBytes", .integer(peakBytes)),
      .init("lowBytes", .integer(lowBytes)), .init("highBytes", .integer(highBytes)),
      .init("confidence", .text(confidence.rawValue)), .init("moment", .text(moment.rawValue)),
      .init(
        "components",
        .array(
          components.map {
            [
              "name": .text($0.name.rawValue), "bytes": .integer($0.bytes),
              "detail": .text($0.detail),
            ]
          })),
      .init("assumptions", .array(assumptions.map { .text($0) })),
    ]
  }
}
