import ArgumentParser
import Inspection
import Plans
import RunLogs

/// `tuneup recommend`: what would be better, and why.
struct Recommend: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Recommend settings, with the reasons.",
    discussion: """
      EXAMPLES:
        tuneup recommend --from-run workspace/run --to adamw
        tuneup recommend --from-run logs/20261128 --to adamw8bit --diff config.toml
      """)

  @Argument(help: "The config.")
  var file: String?

  @Option(
    help: ArgumentHelp(
      "The log of a finished run of Prodigy or D-Adaptation, to take its rate from.",
      valueName: "folder"))
  var fromRun: String?

  @Option(
    help:
      "With --from-run: \(RateTransfer.Target.allCases.map(\.rawValue).joined(separator: ", ")).")
  var to = "adamw"

  @Flag(help: "Change the file.")
  var write = false

  @Flag(help: "Print the change of the file as a diff.")
  var diff = false

  @Option(help: "How to print: pretty, json.")
  var format = "pretty"

  @Option(
    help:
      "Take the file for a config of this trainer: \(Inspector.backends.joined(separator: ", ")).")
  var backend: String?

  @Option(help: "OneTrainer: read the file as its interface (ui) or its command line (cli) does.")
  var mode: String?

  @Option(help: "The script that is started, where the trainer has several.")
  var script: String?

  @OptionGroup var look: OutputOptions

  func validate() throws {
    try Choice.check(format, ["pretty", "json"], "format")
    try Choice.check(to, RateTransfer.Target.allCases.map(\.rawValue), "optimizer")
    if let backend { try Choice.check(backend, Inspector.backends, "backend") }
    if let mode { try Choice.check(mode, ["ui", "cli"], "mode") }
    if let script { try Choice.check(script, Inspector.scripts, "script") }
    if file == "-", write { throw ValidationError("standard input cannot be written to.") }
    guard fromRun != nil else {
      throw ValidationError("'--from-run' names the log of a finished run: give one.")
    }
  }

  func run() throws {
    guard let fromRun, let target = RateTransfer.Target(rawValue: to) else { return }
    try RecommendFromRun(
      folder: fromRun, target: target, file: file,
      inspector: Inspector(backend: backend, options: ReadingOptions(mode: mode, script: script)),
      format: format, writes: write, showsDiff: diff, noColour: look.noColor
    ).run()
  }
}
