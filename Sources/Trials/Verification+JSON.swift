public import SourceText

extension Verification {
  /// One object with everything, for scripts. The keys do not change within a version.
  ///
  /// - Parameter failures: What is said of files that could not be read.
  public func json(failures: [JSONValue] = []) -> JSONValue {
    var entries: [JSONValue.Entry] = [
      .init("version", 1), .init("tolerance", .number(tolerance)),
      .init(
        "cases", .array(files.flatMap { file in file.results.map { Self.json($0, file.path) } })),
    ]
    if !failures.isEmpty { entries.append(.init("failures", .array(failures))) }
    let deviation = worst?.deviation
    entries.append(
      .init(
        "summary",
        [
          "files": .integer(files.count), "cases": .integer(results.count),
          "passed": .integer(results.count - failed), "failed": .integer(failed),
          "largestDeviation": Self.value(deviation?.size),
          "shareOfTolerance": Self.value(deviation?.share),
          "case": (worst?.result.id).map { .text($0) } ?? .null,
        ]))
    return .object(entries)
  }

  private static func json(_ result: CheckResult, _ path: String) -> JSONValue {
    let status = result.refusal != nil ? "not-run" : result.passes ? "passed" : "failed"
    var entries: [JSONValue.Entry] = [
      .init("id", .text(result.id)), .init("file", .text(path)),
      .init("optimizer", result.optimizer.isEmpty ? .null : .text(result.optimizer)),
      .init("status", .text(status)),
    ]
    if let refusal = result.refusal { entries.append(.init("reason", .text(refusal))) }
    if let worst = result.deviations.worst {
      entries.append(.init("largestDeviation", value(worst.size)))
      entries.append(.init("shareOfTolerance", value(worst.share)))
      entries += place(worst)
    }
    entries.append(.init("records", .integer(result.deviations.records)))
    entries.append(.init("codesRoundedOtherwise", .integer(result.deviations.roundedOtherwise)))
    entries.append(
      .init("deviations", .array(result.deviations.large.map { .object(place($0)) })))
    return .object(entries)
  }

  private static func place(_ deviation: Deviation) -> [JSONValue.Entry] {
    [
      .init("step", .integer(deviation.step)),
      .init("quantity", .text("\(deviation.quantity)")),
      .init("recorded", value(deviation.reference)), .init("found", value(deviation.found)),
    ]
  }

  /// What is no finite number is null, as JSON has no word for it.
  private static func value(_ number: Double?) -> JSONValue {
    number.map { $0.isFinite ? .number($0) : .null } ?? .null
  }
}
