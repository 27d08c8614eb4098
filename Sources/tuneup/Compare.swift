import ArgumentParser
import DryRuns
import Inspection
import Plans
import Reporting
import SourceText

/// `tuneup compare`: optimizers, or values of one setting, side by side.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Run several optimizers, or several values of a setting, on the same problem.",
    discussion: """
      EXAMPLES:
        tuneup compare --optimizers PRODIGY,ADAMW,LION
        tuneup compare config.json --vary optimizer.d_coef=0.5,1,1.2 --plot d.svg
      """)

  @Argument(
    help: "The config whose run it is; default: a LoRA of SDXL in 1,000 steps.", completion: .file()
  )
  var file: String?

  @Option(
    help: ArgumentHelp(
      "The optimizers, as the trainer spells them.", valueName: "name,name"))
  var optimizers: [String] = []

  @Option(
    help: ArgumentHelp(
      "A setting of the config with the values it gets.", valueName: "key=value,value"))
  var vary: String?

  @Option(
    help: "A classic instead of training: \(ClassicProblem.all.map(\.id).joined(separator: ", ")).",
    completion: .choice { ClassicProblem.all.map(\.id) })
  var problem: String?

  @Option(help: "Optimizer steps.")
  var steps: Int?

  @Option(help: "Training images, where the config does not say.")
  var images: Int?

  @Option(help: "One learning rate for all optimizers; default: what is usual for each.")
  var rate: Double?

  @Option(help: "Where the random numbers begin.")
  var seed: UInt64 = 0

  @Option(help: "So many runs of each, with other random numbers: medians and means are shown.")
  var seeds = 1

  @Option(help: "Learning rates of each basin; 0 leaves them out.")
  var basin = 13

  @Option(
    help: "How to print: \(Compare.formats.joined(separator: ", ")).",
    completion: .list(Compare.formats))
  var format = "pretty"

  @Option(
    help: ArgumentHelp("Also draw the curves, as SVG.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]))
  var plot: String?

  @Option(
    help: "Exit with 1 if one of them fares so: unstable, stalls, slow, never.",
    completion: .list(["unstable", "stalls", "slow", "never"]))
  var failOn = "never"

  @OptionGroup var trainer: TrainerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var look: OutputOptions

  static let formats = ["pretty", "json", "markdown", "svg"]

  func validate() throws {
    try Choice.check(format, Self.formats, "format")
    try Choice.check(failOn, DryRunVerdict.Threshold.allCases.map(\.rawValue), "verdict")
    if let problem { try Choice.check(problem, ClassicProblem.all.map(\.id), "problem") }
    if let steps, !(1...1_000_000 ~= steps) {
      throw ValidationError("'--steps' is \(steps) and must be from 1 to 1,000,000.")
    }
    if let images, images < 1 {
      throw ValidationError("'--images' is \(images) and must be at least 1.")
    }
    if let rate, !(rate > 0 && rate.isFinite) {
      throw ValidationError("'--rate' is \(rate) and must be more than 0.")
    }
    guard 1...1000 ~= seeds else {
      throw ValidationError("'--seeds' is \(seeds) and must be from 1 to 1000.")
    }
    if problem != nil, seeds > 1 {
      throw ValidationError("a classic problem has no noise of its own: leave out '--seeds'.")
    }
    guard basin == 0 || 3...1000 ~= basin else {
      throw ValidationError("'--basin' is \(basin) and must be 0, or from 3 to 1000.")
    }
    if let vary {
      guard variation != nil else {
        throw ValidationError(
          "'--vary' is '\(vary)' and must be KEY=VALUE,VALUE, such as learning_rate=1e-4,1e-5.")
      }
      guard file != nil else {
        throw ValidationError("'--vary' changes a setting of a config: name one.")
      }
      guard optimizers.isEmpty else {
        throw ValidationError("'--vary' and '--optimizers' are two comparisons: give one of them.")
      }
    }
    if problem != nil, vary != nil || file != nil {
      throw ValidationError("a classic problem has no config: leave out the file and '--vary'.")
    }
  }

  private var variation: (keyPath: String, values: [String])? {
    guard let vary, let equals = vary.firstIndex(of: "="), equals > vary.startIndex else {
      return nil
    }
    let values = String(vary[vary.index(after: equals)...]).listed
    return values.isEmpty ? nil : (String(vary[..<equals]), values)
  }

  func run() throws {
    let progress = Progress(of: 100, "% of the runs")
    let comparison: Comparison
    do throws(ReadFailure) {
      if let problem, let classic = ClassicProblem.all.first(where: { $0.id == problem }) {
        comparison = classic.comparison(
          of: optimizers.flatMap(\.listed), steps: steps ?? 500, rate: rate, basinPoints: basin)
      } else {
        let source = try file.map { path throws(ReadFailure) in try FileInput.read(path) }
        let made = try self.comparer()
        if let source { made.inspector.noteDoubt(about: source) }
        comparison = try made.comparison(
          on: source, neighbours: source.map { FileInput.neighbours(of: $0.path) } ?? .none,
          seeds: seeds
        ) { done, count, _ in progress.show(100 * done / max(1, count)) }
      }
      progress.end()
      if let plot { try FileOutput.create(plot, Array(comparison.svg.utf8)) }
    } catch {
      progress.end()
      throw Outcome.refused(error, noColour: look.noColor)
    }
    switch format {
    case "json": Console.standard.write(comparison.json.serialized)
    case "markdown": Console.standard.write(comparison.page.markdown)
    case "svg": Console.standard.write(comparison.svg)
    default:
      let style = Console.standard.style(noColour: look.noColor)
      Console.standard.write(comparison.page.text(style))
    }
    let threshold = DryRunVerdict.Threshold(rawValue: failOn) ?? .never
    if comparison.verdicts.contains(where: { $0.fails(threshold) }) { throw Outcome.findings }
  }

  private func comparer() throws(ReadFailure) -> Comparer {
    let known = try settings.settings(for: file ?? ".")
    var comparer = Comparer(inspector: trainer.inspector(images: images).with(known))
    comparer.optimizers = optimizers.flatMap(\.listed)
    comparer.variation = variation
    comparer.steps = steps
    comparer.seed = seed
    comparer.basinPoints = basin
    comparer.rate = rate
    return comparer
  }
}
