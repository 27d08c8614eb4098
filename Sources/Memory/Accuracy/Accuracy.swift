internal import Knowledge

/// Estimates beside measurements, in sums.
public struct Accuracy: Sendable {
  public let runs: [MeasuredRun]

  public init(_ runs: [MeasuredRun]) { self.runs = runs }

  /// One measured run with an estimate.
  struct Pair: Sendable {
    let run: MeasuredRun
    let estimate: MemoryEstimate
    let measured: Double
    var ours: Double { run.comparable(estimate) }
    /// Signed, as a share of what was measured.
    var error: Double { ours / measured - 1 }
    var isCovered: Bool { run.interval(estimate).contains(measured) }
  }

  var pairs: [Pair] {
    runs.compactMap { run in
      guard case .estimate(let estimate, let measured) = run.outcome else { return nil }
      return Pair(run: run, estimate: estimate, measured: measured)
    }
  }

  /// Numbers over several pairs.
  struct Summary: Sendable {
    let count: Int
    let median: Double
    let mean: Double
    let ninth: Double
    let underestimates: Double
    let covered: Double

    init?(_ pairs: [Pair]) {
      guard !pairs.isEmpty else { return nil }
      let errors = pairs.map { abs($0.error) }.sorted()
      count = errors.count
      median =
        count % 2 == 1 ? errors[count / 2] : (errors[count / 2 - 1] + errors[count / 2]) / 2
      mean = errors.reduce(0, +) / Double(count)
      ninth = errors[min(count - 1, Int((0.9 * Double(count)).rounded(.up)) - 1)]
      underestimates = Double(pairs.count { $0.error < 0 }) / Double(count)
      covered = Double(pairs.count { $0.isCovered }) / Double(count)
    }
  }

  public var csv: String {
    var text =
      "model,packing,checkpointing,measured,ours,low,high,activations,error,covered,confidence,card,family,traits,source\n"
    for pair in pairs.sorted(by: { abs($0.error) > abs($1.error) }) {
      let run = pair.run
      text +=
        [
          quoted(run.model), quoted(run.packing), quoted(run.checkpointing),
          fixed(pair.measured, 2),
          fixed(pair.ours, 2), fixed(run.interval(pair.estimate).lowerBound, 2),
          fixed(run.interval(pair.estimate).upperBound, 2),
          fixed(Double(pair.estimate.activationBytes) / GPU.gib, 2), fixed(100 * pair.error, 1),
          pair.isCovered ? "yes" : "no",
          pair.estimate.confidence.rawValue, quoted(run.card),
          pair.estimate.run.family.id, pair.estimate.traits.map { "\($0)" }.joined(separator: "+"),
          quoted(run.source),
        ].joined(separator: ",") + "\n"
    }
    return text
  }

  private func quoted(_ text: String) -> String { "\"\(text)\"" }
}

/// With so many digits after the point.
func fixed(_ value: Double, _ digits: Int) -> String {
  let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  let whole = Int((abs(value) * scale).rounded())
  let sign = value < 0 && whole > 0 ? "-" : ""
  guard digits > 0 else { return sign + "\(whole)" }
  let rest = String(whole % Int(scale))
  return sign + "\(whole / Int(scale))."
    + String(repeating: "0", count: digits - rest.count) + rest
}
