internal import SourceText

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Verification {
  /// As it is printed: a line for each case, what failed below it, and a line for each file and for
  /// all.
  public var text: String {
    var text = ""
    for file in files {
      text += "\(file.path)\n"
      let width = file.results.map(\.id.count).max() ?? 0
      for result in file.results { text += Self.lines(of: result, width) }
      text += "  " + Self.summary(file.results) + "\n"
    }
    if files.count > 1 { text += "\(files.count) files: " + Self.summary(results) + "\n" }
    return text
  }

  private static func lines(of result: CheckResult, _ width: Int) -> String {
    let name = result.id + String(repeating: " ", count: width - result.id.count)
    let start = "  \(result.passes ? "ok  " : "FAIL")  \(name)  "
    if let refusal = result.refusal {
      return trimmed("\(start)not run") + "\n        \(refusal)\n"
    }
    var remarks = [result.deviations.worst.map(brief) ?? "nothing to compare"]
    if result.deviations.roundedOtherwise > 0 {
      remarks.append("\(result.deviations.roundedOtherwise) codes rounded otherwise")
    }
    var lines = start + remarks.joined(separator: "; ") + "\n"
    for deviation in result.deviations.large.prefix(shown) {
      lines += "        \(long(deviation))\n"
    }
    let others = result.deviations.large.count - shown
    if others > 0 { lines += "        and \(others) more\n" }
    return lines
  }

  /// Failures that are shown of one case.
  private static let shown = 4

  private static func brief(_ deviation: Deviation) -> String {
    if deviation.share == 0 { return "exact" }
    return "\(number(deviation.size)) at \(place(deviation)), \(share(deviation)) of the accepted"
  }

  private static func long(_ deviation: Deviation) -> String {
    "\(place(deviation)): recorded \(deviation.reference), here \(deviation.found), "
      + "\(share(deviation)) of the accepted"
  }

  private static func place(_ deviation: Deviation) -> String {
    switch deviation.quantity {
    case .bytes, .table: "\(deviation.quantity)"
    default: "step \(deviation.step) \(deviation.quantity)"
    }
  }

  /// In percent, or as a multiple.
  private static func share(_ deviation: Deviation) -> String {
    deviation.share > 10
      ? "\(number(deviation.share)) times" : "\(number(100 * deviation.share)) %"
  }

  private static func summary(_ results: [CheckResult]) -> String {
    let passed = results.count(where: \.passes)
    let worst = results.max { $0.deviations.share < $1.deviations.share }
    let end = worst.flatMap { worst in
      worst.deviations.worst.map { deviation in
        deviation.share == 0
          ? "; no deviation" : "; largest deviation \(brief(deviation)), in \(worst.id)"
      }
    }
    return "\(passed) of \(results.count) cases pass\(end ?? "")"
  }

  private static func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// Three digits of a number that is not negative.
  static func number(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    let place = Int(log10(value).rounded(.down)) - 2
    let digits = (value / pow(10, Double(place))).rounded()
    return Number.literal(Double("\(digits)e\(place)") ?? value)
  }
}
