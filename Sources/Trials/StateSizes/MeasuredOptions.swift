internal import Optimizers
internal import SourceText

/// What the options column of a row means for our optimizer.
struct MeasuredOptions {
  var values: [String: HyperparameterValue] = [:]
  var startsAtZero = false
  var isAuxiliary = false
  /// Whether vectors belong to a group that was measured by itself, so that nothing is kept here.
  var leavesVectors = false

  /// Why options are not understood.
  struct Unknown: Error, CustomStringConvertible {
    let description: String
  }

  init(_ row: MeasuredState, _ family: OptimizerFamily) throws(Unknown) {
    // The column does not name what every run of the library needs.
    values = family.startOptions
    for part in row.options.split(separator: ";") {
      try read(String(part.drop { $0 == " " }), family)
    }
  }

  private mutating func read(_ part: String, _ family: OptimizerFamily) throws(Unknown) {
    switch part {
    // Kernels that keep the same state.
    case "fused", "foreach": return
    case "2D/4D only (hidden matrices)": leavesVectors = true
    case "other tensors go to aux Adam": return
    case "aux Adam group": isAuxiliary = true
    case "zero_init_param": startsAtZero = true
    case "const": try set("relative_step", "False", family)
    case "AS ONETRAINER CALLS IT: bnb.optim.Adam(optim_bits default 32)":
      try set("optim_bits", "32", family)
    case "true 8-bit: bnb.optim.Adam8bit block_wise": try set("block_wise", "True", family)
    case "slice_p=11(fixed)": try set("slice_p_fixed", "11", family)
    // Without the remark in brackets behind.
    default:
      let plain = part.prefix { $0 != "(" }.split(separator: " ").joined(separator: " ")
      let sides = plain.split(separator: "=", maxSplits: 1)
      guard let name = sides.first else { throw Unknown(description: "'\(part)' is no option") }
      try set(String(name), sides.count > 1 ? String(sides[1]) : "True", family)
    }
  }

  private mutating func set(
    _ name: String, _ text: String, _ family: OptimizerFamily
  ) throws(Unknown) {
    guard family.hyperparameters.contains(where: { $0.name == name }) else {
      // These are what the optimizer is; it has no option for it.
      if name == "optim_bits", text == "32", !family.id.hasSuffix("_8BIT") { return }
      throw Unknown(description: "'\(name)' is no option of \(family.id)")
    }
    values[name] = HyperparameterValue(text: text)
  }
}
