public import Knowledge
public import SourceText

/// A run whose memory somebody measured, and what we say of it.
public struct MeasuredRun: Sendable {
  public let source: String
  public let model: String
  public let checkpointing: String
  public let packing: String
  public let kind: String
  public let card: String
  /// As reported, in GiB: a number, a bound such as `<=24`, or out of memory `>80`.
  public let reported: String
  public let outcome: Outcome

  public enum Outcome: Sendable {
    case estimate(MemoryEstimate, measured: Double)
    /// A bound: whether ours lies on the same side, and within which card.
    case bound(MemoryEstimate, isBelow: Bool, Double)
    case unknown(String)
  }

  /// Our bytes that compare with the figure: what the driver shows, or what the allocator holds.
  public let comparesPeak: Bool

  public func comparable(_ estimate: MemoryEstimate) -> Double {
    Double(comparesPeak ? estimate.peakBytes : estimate.allocatedBytes) / GPU.gib
  }

  /// The interval of the same kind.
  public func interval(_ estimate: MemoryEstimate) -> ClosedRange<Double> {
    let bounds =
      comparesPeak ? estimate.lowBytes...estimate.highBytes : estimate.allocatedInterval
    return Double(bounds.lowerBound - rankMargin.below) / GPU.gib...Double(
      bounds.upperBound + rankMargin.above) / GPU.gib
  }

  /// By how much less or more the run would need with the least and the most rank that people use,
  /// where the row states none.
  private let rankMargin: (below: Int, above: Int)

  /// - Parameters:
  ///   - row: A row by its headings.
  ///   - example: An example of SimpleTuner by its name.
  init(_ row: [String: String], example: (String) -> MeasuredExample?) {
    func text(_ key: String) -> String { row[key] ?? "" }
    source = text("source")
    model = text("model")
    checkpointing = text("grad_checkpoint")
    packing = text("weight_precision")
    kind = text("kind")
    reported = text("gib_reported")
    let options = Self.options(text("other_options"))
    card = options["gpu"] ?? ""
    let isCardSize = kind == "card size" || kind == "oom"
    comparesPeak = options["nvidia-smi peak"] != nil || isCardSize
    let reading = MeasuredReading(row, options, example: example)
    var margin = (below: 0, above: 0)
    do throws(MemoryUnknown) {
      let run = try reading.run()
      let estimate = try MemoryEstimate(run)
      if !reading.statesRank { margin = Self.margin(of: run, around: estimate) }
      if let number = Double(reported), kind == "measured" {
        outcome = .estimate(estimate, measured: number)
      } else if let bound = Double(reported.drop { "<>=".contains($0) }) {
        outcome = .bound(estimate, isBelow: reported.hasPrefix("<"), bound)
      } else {
        outcome = .unknown("'\(reported)' is no figure")
      }
    } catch {
      outcome = .unknown(error.description)
    }
    rankMargin = margin
  }

  private static func margin(
    of run: MemoryRun, around estimate: MemoryEstimate
  ) -> (below: Int, above: Int) {
    func bytes(_ rank: Int) -> Int {
      guard case .adapter(var adapter) = run.method else { return estimate.allocatedBytes }
      adapter.rank = rank
      var other = run
      other.method = .adapter(adapter)
      return (try? MemoryEstimate(other))?.allocatedBytes ?? estimate.allocatedBytes
    }
    return (
      max(0, estimate.allocatedBytes - bytes(1)), max(0, bytes(128) - estimate.allocatedBytes)
    )
  }

  /// `a=b; c` as a table.
  static func options(_ text: String) -> [String: String] {
    Dictionary(
      text.split(separator: ";").map { part in
        let sides = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
        return (String(sides.first ?? ""), sides.count > 1 ? String(sides[1]) : "")
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The runs of a table with headings.
  /// - Throws: Where it is no table of comma-separated values.
  public static func read(
    _ source: SourceFile, example: (String) -> MeasuredExample? = { _ in nil }
  ) throws(SyntaxError) -> [MeasuredRun] {
    let lines = try CSVReader.read(source)
    guard let heads = lines.first?.map(\.text) else { return [] }
    return lines.dropFirst().map { line in
      MeasuredRun(
        Dictionary(zip(heads, line.map(\.text)), uniquingKeysWith: { first, _ in first }),
        example: example)
    }
  }
}
