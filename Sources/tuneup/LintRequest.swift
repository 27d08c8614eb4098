import Inspection
import Plans
import Reporting
import SourceText

/// What `tuneup lint` is asked for, however the call was read.
struct LintRequest {
  var paths: [String]
  var format = "pretty"
  var fix = false
  var unsafeFixes = false
  var diff = false
  var select: [String] = []
  var ignore: [String] = []
  var failOn: String?
  var backend: String?
  var mode: String?
  var script: String?
  var vram: Int?
  var images: Int?
  /// Show what holds, and check nothing.
  var showsSettings = false
  var settings = SettingsChoice()
  /// Search what git ignores as well.
  var includesIgnored = false
  /// Stay, and check again after changes.
  var watches = false
  var stdinFilename: String?
  var baseline: String?
  var writeBaseline: String?
  var statistics = false
  var noColour = false
  var outputs: [Target] = []

  static let thresholds = ["error", "warning", "info", "never"]

  /// A report that goes to a file: `json=report.json`.
  struct Target {
    let format: String
    let path: String

    /// - Returns: Nil where there is no `=` with something on both sides.
    init?(_ text: String) {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
      format = String(text[..<equals])
      path = String(text[text.index(after: equals)...])
      if path.isEmpty { return nil }
    }
  }

  init(paths: [String]) { self.paths = paths }

  /// The plainest of calls, `lint PATH…` and perhaps `--format NAME`: read by hand, which saves the
  /// millisecond the parser takes to look at its own types, a fifth of a whole lint (`make bench`).
  /// - Returns: Nil for every other call, which the parser reads.
  init?(plain arguments: some Sequence<String>) {
    var rest = Array(arguments)[...]
    guard rest.popFirst() == "lint" else { return nil }
    paths = []
    while let argument = rest.popFirst() {
      if argument == "--format", let name = rest.popFirst(),
        Reporter.all.contains(where: { $0.id == name })
      {
        format = name
      } else if !argument.hasPrefix("-") {
        paths.append(argument)
      } else {
        return nil
      }
    }
  }

  func run() throws {
    if watches { return try watch() }
    guard let run = try check() else { return }
    if !run.report.failures.isEmpty { throw Outcome.unusable }
    if run.report.files.contains(where: \.fails) { throw Outcome.findings }
  }

  /// A run over the files, and what came of it.
  struct Run {
    let batch: Batch
    let report: Report
  }

  /// Without what settings say.
  var plainBatch: Batch {
    var batch = Batch(
      inspector: Inspector(
        backend: backend,
        options: ReadingOptions(mode: mode, script: script, images: images, vram: vram)),
      repairs: fix || diff, includesUnsafe: unsafeFixes, writes: fix && !diff,
      standardInputName: stdinFilename)
    batch.search.includesIgnored = includesIgnored
    return batch
  }

  /// Checks, prints and writes what is asked for.
  /// - Returns: Nil where the call only wants to see something, or writes a baseline.
  func check() throws -> Run? {
    let places = paths.isEmpty ? ["."] : paths
    var batch = plainBatch
    batch.house = try orUnusable { () throws(ReadFailure) in try settings.house(flags) }
    if showsSettings {
      try show(places, &batch)
      return nil
    }
    let results = try orUnusable { () throws(ReadFailure) in try batch.run(places) }
    if results.isEmpty {
      Console.errors.write("no config found in \(places.joined(separator: ", "))\n")
    }
    var report = Report(
      files: results.flatMap(\.reports), failures: results.compactMap(\.failure),
      help: help, repositoryPath: RepositoryPaths.path)
    if let house = batch.house, !house.files.isEmpty {
      report.files = SettingsFindings(house, paths: places, reports: report.files)
        .added(to: report.files)
    }
    if let path = writeBaseline {
      try write(report, toBaseline: path)
      return nil
    }
    if let path = baseline { try remove(baseline: path, from: &report) }
    print(results, report)
    try writeOutputs(report)
    try writeStepSummary(report)
    return Run(batch: batch, report: report)
  }

  /// What formats say of a rule, with its page where `TUNEUP_DOCUMENTATION` says where the pages lie.
  private var help: @Sendable (String) -> RuleHelp? {
    guard let base = Console.variable("TUNEUP_DOCUMENTATION"), base.contains("://") else {
      return Inspector.help
    }
    let address = base.hasSuffix("/") ? String(base.dropLast()) : base
    return { Inspector.help($0, documentation: address) }
  }

  /// What the options say, for the settings to give way to.
  private var flags: SettingsLayer {
    var layer = SettingsLayer()
    layer.failOn = failOn.map { Stated($0, .flag("--fail-on")) }
    layer.select = select.isEmpty ? nil : Stated(Set(select), .flag("--select"))
    layer.ignored = Dictionary(
      ignore.map { ($0, SettingsOrigin.flag("--ignore")) }, uniquingKeysWith: { $1 })
    layer.vram = vram.map { Stated($0, .flag("--vram")) }
    layer.images = images.map { Stated($0, .flag("--images")) }
    layer.mode = mode.map { Stated($0, .flag("--mode")) }
    layer.backend = backend.map { Stated($0, .flag("--backend")) }
    return layer
  }

  private func show(_ places: [String], _ batch: inout Batch) throws {
    for place in places {
      let path = place == "-" ? stdinFilename ?? "stdin" : place
      let isFolder = FileInput.isFolder(path)
      let settings = try orUnusable { () throws(ReadFailure) in
        try batch.settings(for: isFolder ? "\(path)/config" : path)
      }
      let shown = path == "." ? "this folder" : path
      Console.write(SettingsListing(settings, path: shown), format, noColour: noColour)
    }
  }

  private func write(_ report: Report, toBaseline path: String) throws {
    try orUnusable { () throws(ReadFailure) in
      try FileOutput.create(path, Array(Baseline.text(of: report).utf8))
    }
    let errorStyle = Console.errors.style(noColour: noColour)
    for failure in report.failures { Console.errors.write(failure.rendered(errorStyle)) }
    let count = report.files.reduce(0) { $0 + $1.diagnostics.count }
    Console.errors.write("\(count) \(count == 1 ? "finding" : "findings") written to \(path)\n")
    if !report.failures.isEmpty { throw Outcome.unusable }
  }

  private func remove(baseline path: String, from report: inout Report) throws {
    let known = try orUnusable { () throws(ReadFailure) in try Baseline(reading: path) }
    let (met, gone) = known.remove(from: &report)
    if met > 0 { Console.errors.write("\(met) of the baseline not shown\n") }
    if gone > 0 {
      Console.errors.write(
        "\(gone) of the baseline \(gone == 1 ? "is" : "are") gone: --write-baseline makes it anew\n"
      )
    }
  }

  /// A file that cannot be used ends the call, with the reason.
  func orUnusable<Value>(_ body: () throws(ReadFailure) -> Value) throws -> Value {
    do throws(ReadFailure) {
      return try body()
    } catch {
      throw Outcome.refused(error, noColour: noColour)
    }
  }

  /// The reports that go to files.
  private func writeOutputs(_ report: Report) throws {
    for target in outputs {
      guard let reporter = Reporter.all.first(where: { $0.id == target.format }) else { continue }
      try orUnusable { () throws(ReadFailure) in
        try FileOutput.create(target.path, Array(reporter.render(report, .init()).utf8))
      }
    }
  }

  /// GitHub shows ten annotations of a kind: the step's summary has all of them.
  private func writeStepSummary(_ report: Report) throws {
    let isWanted = format == "github" || outputs.contains { $0.format == "github" }
    guard isWanted, let path = Console.variable("GITHUB_STEP_SUMMARY"), !path.isEmpty,
      let reporter = Reporter.all.first(where: { $0.id == "markdown" })
    else { return }
    try orUnusable { () throws(ReadFailure) in
      try FileOutput.append(path, Array(reporter.render(report, .init()).utf8))
    }
  }

  private func print(_ results: [Batch.Result], _ report: Report) {
    let style = Console.standard.style(noColour: noColour)
    let errorStyle = Console.errors.style(noColour: noColour)
    for result in results {
      if let failure = result.failure { Console.errors.write(failure.rendered(errorStyle)) }
    }
    if diff {
      for result in results {
        guard let old = result.original, let new = result.repaired else { continue }
        Console.standard.write(UnifiedDiff.between(old, new, style: style))
      }
      return
    }
    // What a filter prints is the repaired text itself.
    if fix, let piped = results.first(where: { $0.isStandardInput }), let source = piped.repaired {
      FileOutput.writeAll(source.bytes, to: 1)
      return
    }
    guard let reporter = Reporter.all.first(where: { $0.id == format }) else { return }
    Console.standard.write(reporter.render(report, style))
    if statistics {
      // Behind what programs read it would spoil it.
      let isForPeople = ["pretty", "concise", "markdown"].contains(format)
      (isForPeople ? Console.standard : Console.errors).write(Self.table(report))
    }
    let applied = results.reduce(0) { $0 + $1.appliedFixes }
    if fix { Console.errors.write("\(applied) \(applied == 1 ? "fix" : "fixes") applied\n") }
  }

  private static func table(_ report: Report) -> String {
    let counts = report.files.flatMap(\.diagnostics).reduce(into: [String: Int]()) {
      counts, diagnostic in
      counts["\(diagnostic.severity.rawValue)\t\(diagnostic.rule)", default: 0] += 1
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value)\t\($0.key)\n" }.joined()
  }
}
