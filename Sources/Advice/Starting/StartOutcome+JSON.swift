internal import DryRuns
internal import Memory
public import SourceText

extension StartOutcome {
  /// As `--format json` prints it.
  public var json: JSONValue {
    switch self {
    case .config(let config): config.json
    case .nothing(let nothing): nothing.json
    case .unsupported(let unsupported): unsupported.json
    }
  }
}

extension StartRequest {
  fileprivate var json: JSONValue {
    [
      "backend": .text(backend), "model": .text(model.name), "method": .text(method.rawValue),
      "vramBytes": .integer(vram), "images": .integer(images),
      "steps": steps.map { .integer($0) } ?? .null, "experience": .text(experience.rawValue),
      "goal": .text(goal.rawValue),
    ]
  }
}

extension StartingConfig {
  fileprivate var json: JSONValue {
    let all = [files.config] + files.companions
    return [
      "version": 1, "request": request.json,
      "files": .array(
        all.map {
          ["path": .text($0.path), "text": .text(String(decoding: $0.bytes, as: UTF8.self))]
        }),
      "optimizer": .text(optimizer), "steps": .integer(steps), "batch": .integer(batch),
      "settings": .array(
        reasons.map {
          [
            "keyPath": .text($0.keyPath), "value": .text($0.value), "reason": .text($0.reason),
            "source": .text($0.source),
          ]
        }),
      "givenUp": .array(costs.map { .text($0) }),
      "memory": [
        "peakBytes": .integer(estimate.peakBytes), "lowBytes": .integer(estimate.lowBytes),
        "highBytes": .integer(estimate.highBytes), "marginBytes": .integer(margin),
        "confidence": .text(estimate.confidence.rawValue),
      ],
      "verdict": dryRun.map { .text($0.verdict.rawValue) } ?? .null,
      "launch": .text(launch.filled { $0 == "file" ? files.config.path : nil }),
    ]
  }
}

extension NothingFits {
  fileprivate var json: JSONValue {
    [
      "version": 1, "request": request.json, "files": [],
      "reason": "nothing fits the card and converges",
      "smallest": smallest.map {
        [
          "optimizer": .text($0.optimizer), "peakBytes": .integer($0.estimate.peakBytes),
          "highBytes": .integer($0.estimate.highBytes),
        ]
      } ?? .null,
      "wouldFit": [
        "cardGiB": smallest.map { .integer(Self.card($0.estimate.highBytes)) } ?? .null,
        "methods": .array(methods.map { .text($0.rawValue) }),
        "models": .array(models.map { .text($0.name) }),
        "backends": .array(backends.map { .text($0) }),
      ],
    ]
  }
}

extension Unsupported {
  fileprivate var json: JSONValue {
    [
      "version": 1, "request": request.json, "files": [],
      "reason": "the trainer has no recipe for this",
      "wouldFit": [
        "methods": .array(methods.map { .text($0.rawValue) }),
        "models": .array(models.map { .text($0.name) }),
        "backends": .array(backends.map { .text($0) }),
      ],
    ]
  }
}
