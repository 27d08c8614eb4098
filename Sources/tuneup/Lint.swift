import ArgumentParser
import Inspection
import Plans
import Reporting
import SourceText

/// `tuneup lint`: checks files, and repairs them.
struct Lint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Check configs for everything the trainer would swallow, and repair them.",
    discussion: """
      EXAMPLES:
        tuneup lint config.json
        tuneup lint --fix --diff training_configs/
      """)

  @Argument(help: "Files, folders (searched below), or - for standard input. Default: this folder.")
  var paths: [String] = []

  @Option(help: "How to print: \(Reporter.all.map(\.id).joined(separator: ", ")).")
  var format = "pretty"

  @Flag(help: "Apply the safe fixes: the run stays what it was.")
  var fix = false

  @Flag(help: "With --fix or --diff: also apply fixes that change the training.")
  var unsafeFixes = false

  @Flag(help: "Show what --fix would change, and change nothing.")
  var diff = false

  @Option(help: ArgumentHelp("Report only these rules.", valueName: "rule,rule"))
  var select: [String] = []

  @Option(help: ArgumentHelp("Do not report these rules.", valueName: "rule,rule"))
  var ignore: [String] = []

  @Option(help: "Exit with 1 from this severity up: error, warning, info, never.")
  var failOn = "error"

  @Option(help: "Take the files for configs of this trainer: \(Inspector.backends.joined(separator: ", ")).")
  var backend: String?

  @Option(help: "OneTrainer: read the file as its interface (ui) or its command line (cli) does.")
  var mode: String?

  @Option(help: "The name to report for standard input; its ending tells the format.")
  var stdinFilename: String?

  @Flag(help: "Also count the findings per rule.")
  var statistics = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    try Choice.check(format, Reporter.all.map(\.id), "format")
    try Choice.check(failOn, ["error", "warning", "info", "never"], "severity")
    if let backend { try Choice.check(backend, Inspector.backends, "backend") }
    if let mode { try Choice.check(mode, ["ui", "cli"], "mode") }
    for rule in select.flatMap(\.listed) + ignore.flatMap(\.listed) {
      try Choice.check(rule, Inspector.rules.map(\.id), "rule")
    }
    if paths.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("standard input can be read once: give - once.")
    }
  }

  func run() throws {
    let inspector = Inspector(
      backend: backend, options: ReadingOptions(mode: mode),
      selected: select.isEmpty ? nil : Set(select.flatMap(\.listed)),
      ignored: Set(ignore.flatMap(\.listed)))
    let batch = Batch(
      inspector: inspector, repairs: fix || diff, includesUnsafe: unsafeFixes, writes: fix && !diff,
      standardInputName: stdinFilename)
    let results = batch.run(paths.isEmpty ? ["."] : paths)
    print(results)

    if results.contains(where: { $0.failure != nil }) { throw Outcome.unusable }
    if let threshold = Severity(rawValue: failOn),
      results.contains(where: { $0.report?.diagnostics.contains { $0.severity >= threshold } ?? false })
    {
      throw Outcome.findings
    }
  }

  private func print(_ results: [Batch.Result]) {
    let style = Console.standard.style(noColour: output.noColor)
    let errorStyle = Console.errors.style(noColour: output.noColor)
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
    let report = Report(
      files: results.compactMap(\.report), failures: results.compactMap(\.failure))
    guard let reporter = Reporter.all.first(where: { $0.id == format }) else { return }
    Console.standard.write(reporter.render(report, style))
    if statistics { Console.standard.write(Self.table(report)) }
    let applied = results.reduce(0) { $0 + $1.appliedFixes }
    if fix { Console.errors.write("\(applied) \(applied == 1 ? "fix" : "fixes") applied\n") }
  }

  private static func table(_ report: Report) -> String {
    let counts = report.files.flatMap(\.diagnostics).reduce(into: [String: Int]()) { counts, diagnostic in
      counts["\(diagnostic.severity.rawValue)\t\(diagnostic.rule)", default: 0] += 1
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value)\t\($0.key)\n" }.joined()
  }
}

extension String {
  /// The parts of a list with commas.
  var listed: [String] { split(separator: ",").map { String($0.filter { !$0.isWhitespace }) } }
}

/// Names that an option accepts.
enum Choice {
  static func check(_ word: String, _ known: [String], _ kind: String) throws {
    if known.contains(word) { return }
    let nearest = Suggestion.nearest(to: word, in: known)
    let hint = nearest.map { "Did you mean '\($0)'?" } ?? (known.count < 12 ? "It can be \(known.joined(separator: ", "))." : "")
    throw ValidationError("There is no \(kind) '\(word)'. \(hint)")
  }
}
