/// Bytes in words.
public enum Size {
  /// In GiB or MiB with about three digits: `11.4 GiB`, `240 MiB`.
  public static func text(_ bytes: Int) -> String {
    let gib = Double(bytes) / Double(1 << 30)
    if abs(gib) >= 100 { return "\(Int(gib.rounded())) GiB" }
    if abs(gib) >= 0.995 {
      let digits = Int((abs(gib) * 10).rounded())
      return "\(gib < 0 ? "-" : "")\(digits / 10).\(digits % 10) GiB"
    }
    return "\(Int((Double(bytes) / Double(1 << 20)).rounded())) MiB"
  }

  /// `12GiB`, `12 GB`, `800MiB`; nil for anything else.
  public static func bytes(_ text: String) -> Int? {
    let plain = text.lowercased().filter { !$0.isWhitespace }
    let units: [(String, Double)] = [
      ("gib", 1_073_741_824), ("mib", 1_048_576), ("gb", 1e9), ("mb", 1e6), ("g", 1_073_741_824),
      ("m", 1_048_576),
    ]
    for (unit, factor) in units where plain.hasSuffix(unit) {
      let digits = String(plain.dropLast(unit.count))
      guard let number = Double(digits), number > 0, number < 1e6 else { return nil }
      return Int(number * factor)
    }
    return nil
  }
}
