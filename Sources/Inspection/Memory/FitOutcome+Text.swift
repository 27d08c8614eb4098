import Memory
public import Reporting
public import SourceText

extension FitOutcome {
  public var isFitting: Bool {
    switch self {
    case .fits, .found: true
    case .tooLarge, .unknown: false
    }
  }

  public var isUnknown: Bool { if case .unknown = self { true } else { false } }

  /// As a terminal shows it: what to change, and the change as a diff of the file.
  public func text(_ source: SourceFile, _ size: Int, _ style: Reporter.Style) -> String {
    switch self {
    case .unknown(let unknown):
      return MemoryText.title("\(source.path): I don't know: \(unknown.description)", style)
    case .fits(let estimate):
      return MemoryText.title(
        "\(source.path): fits into \(Size.text(size)) as it is, with "
          + "\(Size.text(estimate.peakBytes))", style)
    case .found(let steps, let estimate, let changed):
      return MemoryText.title(
        "\(source.path): fits into \(Size.text(size)) with \(Size.text(estimate.peakBytes)):",
        style)
        + Self.lines(steps, style) + "\n" + UnifiedDiff.between(source, changed, style: style)
    case .tooLarge(let steps, let estimate):
      return MemoryText.title(
        "\(source.path): nothing that is known makes it fit into \(Size.text(size)); the "
          + "smallest takes \(Size.text(estimate.peakBytes)):", style) + Self.lines(steps, style)
    }
  }

  private static func lines(_ steps: [Saving], _ style: Reporter.Style) -> String {
    MemoryText.items(
      steps.map { "\($0.change): saves \(Size.text($0.bytes)); \($0.cost)" }, style)
  }

  public func json(_ size: Int) -> JSONValue {
    func steps(_ steps: [Saving]) -> JSONValue {
      .array(
        steps.map {
          [
            "change": .text($0.change), "keyPath": .text($0.keyPath),
            "bytes": .integer($0.bytes), "cost": .text($0.cost),
          ]
        })
    }
    switch self {
    case .unknown(let unknown): return ["version": 1, "error": .text(unknown.description)]
    case .fits(let estimate):
      return [
        "version": 1, "fits": true, "sizeBytes": .integer(size),
        "peakBytes": .integer(estimate.peakBytes), "changes": .array([]),
      ]
    case .found(let found, let estimate, let changed):
      return [
        "version": 1, "fits": true, "sizeBytes": .integer(size),
        "peakBytes": .integer(estimate.peakBytes), "changes": steps(found),
        "text": .text(String(decoding: changed.bytes, as: UTF8.self)),
      ]
    case .tooLarge(let found, let estimate):
      return [
        "version": 1, "fits": false, "sizeBytes": .integer(size),
        "peakBytes": .integer(estimate.peakBytes), "changes": steps(found),
      ]
    }
  }
}
