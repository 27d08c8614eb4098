public import Inspection
internal import Knowledge
internal import Plans
public import Reporting
public import SourceText
internal import Trials

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Configs whose verdict is known from practice, and what a dry run says of them.
public struct VerdictSet: Sendable {
  public struct Case: Sendable {
    public let name: String
    /// The file that is changed, without its ending: `onetrainer-lora`.
    public let base: String
    public let images: Int?
    /// The verdicts that are right.
    public let expected: [String]
    public let because: String
    let changes: [(keyPath: String, value: SettingValue)]
  }

  public let cases: [Case]
  private let bases: [String: SourceFile]

  /// - Parameter file: `cases.json`; the bases lie beside it.
  public init(_ file: SourceFile) throws(ReadFailure) {
    let root: DocumentNode
    do throws(SyntaxError) {
      root = try JSONReader.read(file).root
    } catch {
      throw ReadFailure(path: file.path, message: error.message, source: file, bytes: error.bytes)
    }
    cases = root["cases"]?.children.map(Case.init) ?? []
    let folder = file.path.lastIndex(of: "/").map { String(file.path[...$0]) } ?? ""
    var bases: [String: SourceFile] = [:]
    for base in Set(cases.map(\.base)).sorted() {
      let endings = [".json", ".yaml", ".toml"]
      let found = endings.compactMap { try? FileInput.read(folder + base + $0) }.first
      guard let found else {
        throw ReadFailure(path: folder + base, message: "there is no such base")
      }
      bases[base] = found
    }
    self.bases = bases
  }

  /// The config of a case.
  public func source(of one: Case) throws(ReadFailure) -> SourceFile {
    guard var source = bases[one.base] else {
      throw ReadFailure(path: one.base, message: "there is no such base")
    }
    for change in one.changes {
      let reading = try inspector(one).read(source)
      let prefix = reading.plans.first?.file.keyPath ?? ""
      let path = prefix.isEmpty ? change.keyPath : "\(prefix).\(change.keyPath)"
      let place = Place(keyPath: path, span: SourceSpan(0..<0))
      guard let changed = reading.source(after: [.set(place, change.value)]) else {
        throw ReadFailure(
          path: one.base, message: "'\(change.keyPath)' cannot be set (\(one.name))")
      }
      source = changed
    }
    return source
  }

  private func inspector(_ one: Case) -> Inspector {
    var inspector = Inspector()
    inspector.options.images = one.images
    return inspector
  }

  public func report(on one: Case) throws(ReadFailure) -> DryRunReport {
    var dryRun = DryRun(inspector: inspector(one))
    dryRun.basinPoints = 0
    dryRun.explains = false
    return try dryRun.report(on: try source(of: one))
  }

  /// What came out, as a page of the documentation.
  public func page(
    progress: (Int) -> Void = { _ in }
  ) throws(ReadFailure) -> (page: Page, share: Double) {
    var rows: [[String]] = []
    var counts: [String: [String: Int]] = [:]
    var right = 0
    for (place, one) in cases.enumerated() {
      let report = try report(on: one)
      let verdict = report.verdict.rawValue
      let isRight = one.expected.contains(verdict)
      right += isRight ? 1 : 0
      counts[isRight ? verdict : one.expected[0], default: [:]][verdict, default: 0] += 1
      let end = report.parts.first.map { Figures.percent(Figures.rounded($0.assessment.end, 2)) }
      rows.append([
        one.base, one.name, one.expected.joined(separator: " or "), verdict,
        isRight ? "" : "✗", end ?? "", one.because,
      ])
      progress(place + 1)
    }
    let names = DryRunVerdict.allCases.map(\.rawValue)
    let table = names.map { expected in
      [expected] + names.map { counts[expected]?[$0].map(String.init) ?? "" }
    }
    let share = Double(right) / Double(max(1, cases.count))
    let page = Page(
      "Verdicts",
      [
        .paragraph(
          "Written by `make verdicts` from `Tests/Verdicts/cases.json`: configs whose verdict is known from practice, and what `tuneup dry-run` says of them. \(right) of \(cases.count) are right, \(Figures.percent(Figures.rounded(share, 3)))."
        ),
        .paragraph(
          "A case is labelled from presets, papers and threads and not from the dry run. Where practice does not tell two verdicts apart, both are right."
        ),
        .heading("Expected (rows) against said (columns)"), .table([""] + names, table),
        .heading("Cases"),
        .table(["base", "config", "expected", "said", "", "loss at the end", "because"], rows),
      ])
    return (page, share)
  }
}

extension VerdictSet.Case {
  init(_ node: DocumentNode) {
    name = node["name"]?.text ?? ""
    base = node["base"]?.text ?? ""
    images = node["images"].flatMap { Int($0.text) }
    expected = node["expected"]?.children.map(\.text) ?? []
    because = node["because"]?.text ?? ""
    changes = node["set"]?.children.map { ($0.key ?? "", SettingValue($0)) } ?? []
  }
}
