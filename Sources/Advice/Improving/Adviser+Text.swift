internal import Knowledge
public import Reporting
public import SourceText

extension Adviser.Outcome {
  /// As a terminal shows it.
  public func page(_ path: String) -> Page {
    if advice.isEmpty {
      return Page("\(path): nothing that the guides would set otherwise")
    }
    let count = "\(advice.count) \(advice.count == 1 ? "setting" : "settings")"
    var blocks: [Page.Block] = []
    for part in advice {
      let now = part.current.literal + (part.isWritten ? "" : " (the default)")
      let better = part.recommended.literal + (part.range.map { " (\($0))" } ?? "")
      blocks += [
        .heading("\(part.keyPath): \(now) → \(better)"),
        .paragraph(part.reason),
        .paragraph("\(part.confidence.words); \(part.source)"),
      ]
    }
    return Page("\(path): \(count) that could be better", blocks)
  }

  /// As `--format json` prints it.
  public func json(_ path: String) -> JSONValue {
    [
      "version": 1, "path": .text(path), "backend": .text(backend),
      "advice": .array(
        advice.map { part in
          [
            "keyPath": .text(part.keyPath), "current": part.current.json,
            "recommended": part.recommended.json,
            "range": part.range.map { .text($0) } ?? .null, "reason": .text(part.reason),
            "source": .text(part.source), "confidence": .text(part.confidence.rawValue),
          ]
        }),
    ]
  }
}

extension SettingAdvice.Confidence {
  var words: String {
    switch self {
    case .high: "sure"
    case .medium: "likely better"
    case .low: "worth trying"
    }
  }
}

extension SettingValue {
  fileprivate var json: JSONValue {
    switch self {
    case .null, .collection: .null
    case .boolean(let flag): .boolean(flag)
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    }
  }
}
