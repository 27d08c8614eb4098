public import SourceText

/// Something recorded that our code can be held against.
public struct Check: Sendable {
  public let id: String
  /// Empty for what is of no optimizer.
  public let optimizer: String
  private let run: @Sendable (inout Deviations) throws(Refusal) -> Void

  init(
    id: String, optimizer: String = "",
    _ run: @escaping @Sendable (inout Deviations) throws(Refusal) -> Void
  ) {
    self.id = id
    self.optimizer = optimizer
    self.run = run
  }

  /// - Parameter tolerance: What is accepted, as a share of what the rule of the case accepts.
  public func result(tolerance: Double = 1) -> CheckResult {
    var deviations = Deviations(tolerance: tolerance)
    do throws(Refusal) {
      try run(&deviations)
      return CheckResult(id: id, optimizer: optimizer, deviations: deviations, refusal: nil)
    } catch {
      return CheckResult(
        id: id, optimizer: optimizer, deviations: deviations, refusal: error.reason)
    }
  }

  /// What there is to check in a file.
  ///
  /// - Throws: A ``SyntaxError`` with the place of what is missing or is not what it must be.
  public static func all(in source: SourceFile) throws(SyntaxError) -> [Check] {
    if MeasuredState.isHead(of: source) { return try StateSizeCheck.checks(source) }
    let root = try JSONReader.read(source, dialect: .python).root
    let format = try root.member("format")
    let name = try format.string()
    if name == GoldenReader.format { return try GoldenReader.read(root).map(\.check) }
    if let table = RecordedTable.all.first(where: { $0.format == name }) {
      return [try table.check(root)]
    }
    let names = [GoldenReader.format] + RecordedTable.all.map(\.format)
    throw format.error(
      "'\(name)' is no form of recorded cases: it can be \(names.joined(separator: ", "))")
  }
}

/// Why a check could not be made, in the words of the optimizer.
struct Refusal: Error {
  let reason: String
}

/// How one check came out.
public struct CheckResult: Sendable {
  public let id: String
  public let optimizer: String
  public let deviations: Deviations
  /// Why the optimizer could not be made or stopped; nil if it ran.
  public let refusal: String?

  public var passes: Bool { refusal == nil && deviations.large.isEmpty }
}
