import ArgumentParser
import DryRuns
import Inspection
import Memory
import Plans
import Reporting
import SourceText

/// `tuneup dry-run`: can these settings converge at all?
struct DryRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dry-run",
    abstract: "Run a config's optimizer on a small problem, to see whether it can converge.",
    discussion: """
      EXAMPLES:
        tuneup dry-run config.json --images 40
        tuneup dry-run --format json --fail-on unstable config.json

      VERDICTS:
        converges     the loss falls to a quarter of its start or less
        slow          still improving at the end, far from done
        stalls        the weights barely move
        unstable      oscillates, or ends worse than it has been
        diverges      grows without bound
        not-runnable  the trainer itself would refuse or crash
        not-simulated nothing here stands for what is trained
      """)

  @Argument(help: "The config, or - for standard input.", completion: .file())
  var file: String

  @Option(help: "Optimizer steps of the run; default: those of the config.")
  var steps: Int?

  @Option(help: "Training images, where the config does not say.")
  var images: Int?

  @Option(
    help: "The problem: \(DryRun.problems.joined(separator: ", ")); default: what fits the config.",
    completion: .list(DryRun.problems))
  var problem: String?

  @Option(help: "Where the random numbers begin.")
  var seed: UInt64 = 0

  @Option(help: "Learning rates of the basin; 0 leaves it out.")
  var basin = 25

  @Option(
    help: "Exit with 1 from this verdict on: unstable, stalls, slow, never.",
    completion: .list(["unstable", "stalls", "slow", "never"]))
  var failOn = "stalls"

  @Option(
    help: ArgumentHelp(
      "Exit with 1 if the run needs more video memory, or nobody knows.", valueName: "size"))
  var maxVram: String?

  @Option(
    help: "How to print: \(DryRunCommand.formats.joined(separator: ", ")).",
    completion: .list(DryRunCommand.formats))
  var format = "pretty"

  @Option(
    help: ArgumentHelp("Also draw the curves, as SVG.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]))
  var plot: String?

  @Option(
    help: ArgumentHelp("Also write the curves for TensorBoard.", valueName: "folder"),
    completion: .directory)
  var tensorboard: String?

  @OptionGroup var trainer: TrainerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var look: OutputOptions

  static let formats = ["pretty", "json", "junit", "markdown", "html", "csv"]

  func validate() throws {
    try Choice.check(format, Self.formats, "format")
    try Choice.check(failOn, DryRunVerdict.Threshold.allCases.map(\.rawValue), "verdict")
    if let maxVram, Size.bytes(maxVram) == nil {
      throw ValidationError("'--max-vram' is '\(maxVram)' and must be a size such as 12GiB.")
    }
    if let problem { try Choice.check(problem, DryRun.problems, "problem") }
    if let steps, !(1...1_000_000_000 ~= steps) {
      throw ValidationError("'--steps' is \(steps) and must be from 1 to 1,000,000,000.")
    }
    if let images, images < 1 {
      throw ValidationError("'--images' is \(images) and must be at least 1.")
    }
    guard basin == 0 || 3...1000 ~= basin else {
      throw ValidationError("'--basin' is \(basin) and must be 0, or from 3 to 1000.")
    }
  }

  func run() throws {
    var dryRun = DryRun(inspector: try inspector())
    dryRun.steps = steps
    dryRun.problem = problem
    dryRun.seed = seed
    dryRun.basinPoints = basin
    let progress = Progress(of: 100, "% of the dry run")
    let report: DryRunReport
    do throws(ReadFailure) {
      let source = try FileInput.read(file)
      dryRun.inspector.noteDoubt(about: source)
      report = try dryRun.report(on: source, neighbours: FileInput.neighbours(of: source.path)) {
        done, count, _ in progress.show(100 * done / max(1, count))
      }
    } catch {
      progress.end()
      throw Outcome.refused(error, noColour: look.noColor)
    }
    progress.end()
    try writeFiles(report)
    let limit = maxVram.flatMap(Size.bytes)
    let threshold = DryRunVerdict.Threshold(rawValue: failOn) ?? .stalls
    switch format {
    case "json": Console.standard.write(report.json.serialized)
    case "junit": Console.standard.write(report.junit(threshold, limit: limit))
    case "markdown": Console.standard.write(report.page.markdown)
    case "html": Console.standard.write(report.html)
    case "csv": Console.standard.write(report.csv)
    default:
      let style = Console.standard.style(noColour: look.noColor)
      Console.standard.write(report.page.text(style))
    }
    let excess = limit.flatMap { report.excess(over: $0) }
    if let excess { Console.errors.write("\(report.path): \(excess)\n") }
    if excess != nil || report.verdict.fails(threshold) { throw Outcome.findings }
  }

  /// As the options and the settings want the file read.
  private func inspector() throws -> Inspector {
    do throws(ReadFailure) {
      return trainer.inspector(images: images).with(try settings.settings(for: file))
    } catch {
      throw Outcome.refused(error, noColour: look.noColor)
    }
  }

  private func writeFiles(_ report: DryRunReport) throws {
    do throws(ReadFailure) {
      if let plot { try FileOutput.create(plot, Array(report.svg.utf8)) }
      if let tensorboard {
        try FileOutput.createFolder(tensorboard)
        try FileOutput.create("\(tensorboard)/\(EventFile.name)", EventFile(report).bytes)
      }
    } catch {
      throw Outcome.refused(error, noColour: look.noColor)
    }
  }
}
