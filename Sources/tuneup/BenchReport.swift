import Optimizers
import Reporting
import SourceText
import Trials

/// What `tuneup bench` found.
struct BenchReport {
  let bandwidth: Bandwidth
  let threads: Int
  let steps: Int
  let count: Int
  let times: [StepTime]
  let refusals: [(id: String, reason: String)]

  var page: Page {
    let rows = times.map { time in
      [
        time.format == .float32 ? time.id : "\(time.id) (\(time.format.rawValue))",
        Self.fixed(time.nanosecondsPerParameter, 2), Self.fixed(time.bytesPerParameter, 1),
        Self.fixed(time.rate / 1e9, 1), "\(Self.fixed(100 * time.rate / bandwidth.inPlace, 0)) %",
      ]
    }
    var page = Page(
      "\(count) float32 parameters, \(threads) \(threads == 1 ? "thread" : "threads"), "
        + "median of \(steps) steps",
      [
        .paragraph(
          "This machine changes memory in place at \(Self.fixed(bandwidth.inPlace / 1e9, 1)) GB/s "
            + "and copies at \(Self.fixed(bandwidth.copy / 1e9, 1)) GB/s."),
        .table(["optimizer", "ns/param", "bytes", "GB/s", "of memory"], Self.rightAligned(rows)),
      ])
    page.blocks += refusals.map { .item("\($0.id) was not timed: \($0.reason)") }
    return page
  }

  var json: JSONValue {
    [
      "version": 1, "threads": .integer(threads), "parameters": .integer(count),
      "steps": .integer(steps),
      "bandwidth": [
        "inPlaceBytesPerSecond": .number(bandwidth.inPlace),
        "copyBytesPerSecond": .number(bandwidth.copy),
      ],
      "optimizers": .array(
        times.map { time in
          [
            "id": .text(time.id), "format": .text(time.format.rawValue),
            "nanosecondsPerParameter": .number(time.nanosecondsPerParameter),
            "fastestNanosecondsPerParameter": .number(
              (time.times.min() ?? 0) * 1e9 / Double(time.count)),
            "bytesPerParameter": .number(time.bytesPerParameter),
            "shareOfBandwidth": .number(time.rate / bandwidth.inPlace),
            "stepsTimed": .integer(time.times.count),
          ]
        }),
      "failures": .array(
        refusals.map { ["id": .text($0.id), "message": .text($0.reason)] }),
    ]
  }

  /// All columns but the first.
  private static func rightAligned(_ rows: [[String]]) -> [[String]] {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, text in
        column == 0 ? text : String(repeating: " ", count: widths[column] - text.count) + text
      }
    }
  }

  /// With so many digits after the point.
  private static func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    let whole = Int((value * scale).rounded())
    guard digits > 0 else { return "\(whole)" }
    let rest = String(whole % Int(scale))
    return "\(whole / Int(scale))." + String(repeating: "0", count: digits - rest.count) + rest
  }
}
