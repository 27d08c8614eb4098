/// Counts of scheduler steps.
struct KohyaSteps {
  /// T
  let total: Int
  /// W
  let warmup: Int
  /// D
  let decay: Int
}

/// `lr_scheduler_args`, read.
struct KohyaArguments {
  let values: [String: PythonValue]

  init(_ arguments: [String]) throws(ScheduleError) {
    var values: [String: PythonValue] = [:]
    for argument in arguments {
      let sides = argument.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw ScheduleError(
          .valueError, .afterCaching, "lr_scheduler_args", .text(argument),
          "it must have one equals sign")
      }
      guard let value = PythonValue(literal: String(sides[1])) else {
        throw ScheduleError(
          .valueError, .afterCaching, "lr_scheduler_args", .text(argument),
          "what stands behind the equals sign is no Python literal")
      }
      values[String(sides[0])] = value
    }
    self.values = values
  }
}
