import ArgumentParser
import Inspection
import Reporting
import SourceText
import Trials

/// `tuneup verify`: recorded optimizer runs against ours.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Replay recorded optimizer runs and report the largest deviation.",
    discussion: """
      EXAMPLES:
        tuneup verify golden/ADAMW.json
        tuneup verify --format json --tolerance 0.5 golden/*.json
      """)

  @Argument(
    help: ArgumentHelp(
      "Files of recorded cases: trajectories, tables, measured state sizes (CSV).",
      valueName: "case"), completion: .file(extensions: ["json", "csv"]))
  var paths: [String]

  @Option(help: "How to print: pretty, json.", completion: .list(["pretty", "json"]))
  var format = "pretty"

  @Option(
    help: ArgumentHelp(
      "Fail above this share of the deviation that a case accepts.", valueName: "share"))
  var tolerance = 1.0

  @OptionGroup var look: OutputOptions

  func validate() throws {
    try Choice.check(format, ["pretty", "json"], "format")
    guard tolerance > 0, tolerance.isFinite else {
      throw ValidationError("'--tolerance' is \(tolerance) and must be more than 0.")
    }
  }

  func run() throws {
    var files: [(path: String, checks: [Check])] = []
    var failures: [ReadFailure] = []
    for path in paths {
      do throws(ReadFailure) {
        let source = try FileInput.read(path)
        files.append((source.path, try checks(in: source)))
      } catch {
        failures.append(error)
        Console.errors.write(error.rendered(Console.errors.style(noColour: look.noColor)))
      }
    }
    let total = files.reduce(0) { $0 + $1.checks.count }
    let progress = Progress(of: total, "cases")
    let verification = Verification(files, tolerance: tolerance) { progress.show($0) }
    progress.end()
    if format == "json" {
      Console.standard.write(
        verification.json(failures: failures.map(Self.json)).serialized)
    } else if !files.isEmpty {
      Console.standard.write(verification.text)
    }
    if !failures.isEmpty { throw Outcome.unusable }
    if !verification.passes { throw Outcome.findings }
  }

  private func checks(in source: SourceFile) throws(ReadFailure) -> [Check] {
    do {
      return try Check.all(in: source)
    } catch {
      throw ReadFailure(
        path: source.path, message: error.message, source: source, bytes: error.bytes)
    }
  }

  private static func json(_ failure: ReadFailure) -> JSONValue {
    guard let source = failure.source, let bytes = failure.bytes else {
      return ["path": .text(failure.path), "message": .text(failure.message)]
    }
    let at = LineTable(of: source).position(of: bytes.lowerBound)
    return [
      "path": .text(failure.path), "message": .text(failure.message),
      "line": .integer(at.line), "column": .integer(at.column),
    ]
  }
}
