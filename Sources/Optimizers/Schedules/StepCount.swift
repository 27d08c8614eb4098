/// Counts of steps that stay in range, whatever a config says.
extension Int {
  /// More than any run has, and small enough to be added up.
  private static let most = 1 << 52

  /// What `int()` cuts a number to.
  static func truncating(_ value: Double) -> Int {
    value.isNaN ? 0 : Int(Swift.min(Swift.max(value, -Double(most)), Double(most)))
  }

  static func sum(_ a: Int, _ b: Int) -> Int { held(a.addingReportingOverflow(b), positive: a > 0) }

  static func product(_ a: Int, _ b: Int) -> Int {
    held(a.multipliedReportingOverflow(by: b), positive: (a < 0) == (b < 0))
  }

  private static func held(
    _ result: (partialValue: Int, overflow: Bool), positive: Bool
  ) -> Int {
    let value = result.overflow ? (positive ? most : -most) : result.partialValue
    return Swift.min(Swift.max(value, -most), most)
  }

  /// a / b, rounded up.
  static func ceiling(_ a: Int, over b: Int) -> Int {
    a / b + (a % b != 0 && (a < 0) == (b < 0) ? 1 : 0)
  }
}
