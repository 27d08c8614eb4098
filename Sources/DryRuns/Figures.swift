internal import SourceText

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Numbers as a report says them.
enum Figures {
  /// To so many significant digits; what is no finite number stays what it is.
  static func rounded(_ value: Double, _ digits: Int = 6) -> Double {
    guard value != 0, value.isFinite else { return value }
    let place = Int(log10(abs(value)).rounded(.down)) - digits + 1
    let scaled = (value / pow(10, Double(place))).rounded()
    return Double("\(scaled)e\(place)") ?? value
  }

  /// "0.00012", "3e-05", "1200".
  static func text(_ value: Double, _ digits: Int = 3) -> String {
    Number.literal(rounded(value, digits))
  }

  static func json(_ value: Double) -> JSONValue {
    value.isFinite ? .number(rounded(value)) : .null
  }

  /// "4 %"
  static func percent(_ share: Double) -> String {
    share.isFinite ? "\(text(share * 100)) %" : "no number"
  }

  /// "1,250"
  static func count(_ value: Int) -> String {
    var digits = Array(String(abs(value)))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return (value < 0 ? "-" : "") + String(digits)
  }

  /// At most so many places of a list, the first and the last among them, evenly apart.
  static func places(of count: Int, atMost most: Int) -> [Int] {
    guard count > most, most > 1 else { return Array(0..<count) }
    return (0..<most).map { $0 * (count - 1) / (most - 1) }
  }
}
