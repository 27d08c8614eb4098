internal import Optimizers
internal import SourceText

extension RecordedTable {
  /// `float32` numbers and what they become in `bfloat16`: rounded to the nearest, and at random.
  static let rounding = RecordedTable(format: "bf16-1") { root throws(SyntaxError) in
    let x = try root.member("x_hex").patterns()
    let random = try root.member("r").numbers(as: UInt16.self, count: x.count)
    let stochastic = try root.member("sr_hex").patterns(count: x.count)
    let nearest = try root.member("rn_hex").patterns(count: x.count)
    return Check(id: "bf16-1") { deviations in
      for place in x.indices {
        deviations.add("rn_hex", place, nearest[place], BFloat16(rounding: x[place]).wide)
        deviations.add(
          "sr_hex", place, stochastic[place],
          BFloat16(rounding: x[place], random: random[place]).wide)
      }
      deviations.records = x.count
    }
  }
}
