import ArgumentParser
import Inspection
import Memory
import Plans
import Reporting
import SourceText

/// `tuneup memory`: what a run needs on the card.
struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "Work out how much video memory a run needs, and what would save some.",
    discussion: """
      EXAMPLES:
        tuneup memory config.json
        tuneup memory --fit 12GiB config.json

      Exits with 1 if the run needs more than --max-vram, or if nothing makes it fit.
      """)

  @Argument(
    help: ArgumentHelp("A config; - for standard input.", valueName: "file"), completion: .file())
  var path: String

  @Option(help: "How to print: pretty, json.", completion: .list(["pretty", "json"]))
  var format = "pretty"

  @Option(help: ArgumentHelp("Fail if the run needs more: 24GiB.", valueName: "size"))
  var maxVram: String?

  @Option(
    help: ArgumentHelp("Find the smallest change of settings that fits: 12GiB.", valueName: "size"))
  var fit: String?

  @Option(
    help: "The card: \(GPU.known.prefix(6).map(\.name).joined(separator: ", ")), 4090, …",
    completion: .choice { GPU.known.map(\.name) })
  var gpu: String?

  @Option(
    help: "The model, where the config does not tell: sdxl, sd35_medium, wan21_14b, …",
    completion: .choice { MemoryInspection.models })
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The denoiser's weights (.safetensors, its header alone is read) or a list of its tensors.",
      valueName: "file"), completion: .file())
  var manifest: String?

  @Option(
    help: ArgumentHelp(
      "Measured runs of your own, to correct the estimate.", valueName: "rows.csv"),
    completion: .file(extensions: ["csv"]))
  var calibrate: String?

  @Option(help: "The name to report for standard input; its ending tells the format.")
  var stdinFilename: String?

  @OptionGroup var trainer: TrainerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var look: OutputOptions

  func validate() throws {
    try Choice.check(format, ["pretty", "json"], "format")
    if let gpu, GPU(named: gpu) == nil { try Choice.check(gpu, GPU.known.map(\.name), "card") }
    if let model { try Choice.check(model, MemoryInspection.models, "model") }
    for (name, size) in [("--max-vram", maxVram), ("--fit", fit)] {
      if let size, Size.bytes(size) == nil {
        throw ValidationError("'\(name)' is '\(size)' and must be a size such as 12GiB.")
      }
    }
  }

  func run() throws {
    var status: Outcome?
    let style = Console.standard.style(noColour: look.noColor)
    do throws(ReadFailure) {
      let source = try FileInput.read(path, as: path == "-" ? stdinFilename : nil)
      let known = try settings.settings(for: path, named: stdinFilename)
      var inspection = MemoryInspection(trainer.inspector().with(known))
      inspection.inspector.noteDoubt(about: source)
      let card = gpu ?? known.gpu?.value
      inspection.gpu = card.flatMap { GPU(named: $0) } ?? .unknown
      inspection.model = model
      if let manifest { inspection.component = try MemoryInspection.component(at: manifest) }
      if let calibrate { inspection.calibration = try Self.calibration(calibrate) }
      let neighbours = FileInput.neighboursByName(of: source.path)
      if let size = fit.flatMap(Size.bytes) {
        let outcome = try inspection.fit(source, into: size, neighbours: neighbours)
        print(outcome, source, size, style)
        if !outcome.isFitting { status = outcome.isUnknown ? .unusable : .findings }
      } else {
        let reports = try inspection.estimates(source, neighbours: neighbours)
        print(reports, style, card: gpu.flatMap { GPU(named: $0)?.usable } ?? known.vram?.value)
        status = judge(reports)
      }
    } catch {
      throw Outcome.refused(error, noColour: look.noColor)
    }
    if let status { throw status }
  }
}

extension MemoryCommand {
  /// - Parameter card: The memory of the card, where it is known.
  private func print(_ reports: [MemoryReport], _ style: Reporter.Style, card: Int?) {
    if format == "json" {
      let values = reports.map(\.json)
      Console.standard.write(
        (values.count == 1 ? values[0] : .array(values)).serialized)
    } else {
      let known = reports.filter { (try? $0.outcome.get()) != nil }
      Console.standard.write(known.map { $0.text(style) }.joined(separator: "\n"))
      for report in reports where (try? report.outcome.get()) == nil {
        Console.errors.write(report.text(style))
      }
      gate(reports, card).map { Console.standard.write("\n" + $0 + "\n") }
    }
  }

  /// What the gate says, in words.
  private func gate(_ reports: [MemoryReport], _ card: Int?) -> String? {
    guard let limit = maxVram.flatMap(Size.bytes) ?? card else { return nil }
    let estimates = reports.compactMap { try? $0.outcome.get() }
    guard let largest = estimates.max(by: { $0.peakBytes < $1.peakBytes }) else { return nil }
    let size = Size.text(limit)
    if largest.highBytes <= limit { return "fits into \(size)" }
    if largest.lowBytes > limit { return "does not fit into \(size)" }
    return largest.peakBytes <= limit
      ? "fits into \(size), but not with certainty" : "probably does not fit into \(size)"
  }

  private func judge(_ reports: [MemoryReport]) -> Outcome? {
    let estimates = reports.compactMap { try? $0.outcome.get() }
    if estimates.count < reports.count { return .unusable }
    guard let limit = maxVram.flatMap(Size.bytes) else { return nil }
    return estimates.contains { $0.peakBytes > limit } ? .findings : nil
  }

  private func print(
    _ outcome: FitOutcome, _ source: SourceFile, _ size: Int, _ style: Reporter.Style
  ) {
    if format == "json" {
      Console.standard.write(outcome.json(size).serialized)
    } else {
      let console = outcome.isUnknown ? Console.errors : Console.standard
      console.write(outcome.text(source, size, style))
    }
  }

  private static func calibration(_ path: String) throws(ReadFailure) -> Calibration {
    let source = try FileInput.read(path)
    let runs: [MeasuredRun]
    do throws(SyntaxError) {
      runs = try MeasuredRun.read(source)
    } catch {
      throw ReadFailure(path: path, message: error.message, source: source, bytes: error.bytes)
    }
    guard let calibration = Calibration(runs) else {
      throw ReadFailure(
        path: path, message: "fewer than three of its runs can be estimated: too few to go by")
    }
    return calibration
  }
}
