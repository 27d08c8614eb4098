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
    if comparesPeak {
      return Double(estimate.lowBytes) / GPU.gib...Double(estimate.highBytes) / GPU.gib
    }
    let (low, high) = estimate.confidence.interval
    let bytes = Double(estimate.allocatedBytes) / GPU.gib
    return bytes * low...bytes * high
  }

  /// - Parameters:
  ///   - row: A row by its headings.
  ///   - pixels: The side of the pictures in an example of SimpleTuner, by the example's name.
  init(_ row: [String: String], pixels: @escaping (String) -> Int?) {
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
    let reading = MeasuredReading(row, options, pixels: pixels)
    do throws(MemoryUnknown) {
      let run = try reading.run()
      let estimate = try MemoryEstimate(run)
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
    _ source: SourceFile, pixels: @escaping (String) -> Int?
  ) throws(SyntaxError) -> [MeasuredRun] {
    let lines = try CSVReader.read(source)
    guard let heads = lines.first?.map(\.text) else { return [] }
    return lines.dropFirst().map { line in
      MeasuredRun(
        Dictionary(zip(heads, line.map(\.text)), uniquingKeysWith: { first, _ in first }),
        pixels: pixels)
    }
  }
}
