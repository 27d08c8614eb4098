import ArgumentParser
import Inspection
import Memory
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

  @Argument(
    help:
      "Files, folders (searched below), patterns such as 'a/**/*.json', or - for standard input. Default: this folder.",
    completion: .file())
  var paths: [String] = []

  @Option(
    help: "How to print: \(Reporter.all.map(\.id).joined(separator: ", ")).",
    completion: .choice { Reporter.all.map(\.id) })
  var format = "pretty"

  @Option(
    help: ArgumentHelp(
      "Also write a report in a format to a file; as often as you like.", valueName: "format=path"))
  var output: [String] = []

  @Flag(help: "Apply the safe fixes: the run stays what it was.")
  var fix = false

  @Flag(help: "With --fix or --diff: also apply fixes that change the training.")
  var unsafeFixes = false

  @Flag(help: "Show what --fix would change, and change nothing.")
  var diff = false

  @Option(
    help: ArgumentHelp("Report only these rules.", valueName: "rule,rule"),
    completion: .choice { Inspector.rules.map(\.id) })
  var select: [String] = []

  @Option(
    help: ArgumentHelp("Do not report these rules.", valueName: "rule,rule"),
    completion: .choice { Inspector.rules.map(\.id) })
  var ignore: [String] = []

  @Option(
    help: "Exit with 1 from this severity up: error (default), warning, info, never.",
    completion: .list(["error", "warning", "info", "never"]))
  var failOn: String?

  @Option(
    help: ArgumentHelp("The memory of the card: reports runs that need more.", valueName: "size"))
  var vram: String?

  @Option(help: "Training images, which most configs do not state.")
  var images: Int?

  @Option(help: "The name to report for standard input; its ending tells the format.")
  var stdinFilename: String?

  @Option(
    help: ArgumentHelp(
      "Do not report the findings that this file holds, wherever their lines are by now.",
      valueName: "file"), completion: .file(extensions: ["json"]))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "Write what is found to a file for --baseline, and exit with 0.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var writeBaseline: String?

  @Flag(help: "Also count the findings per rule.")
  var statistics = false

  @Flag(help: "Show each setting that holds for the files, and where it comes from; check nothing.")
  var showSettings = false

  @Flag(help: "Also search what .gitignore leaves out.")
  var noGitignore = false

  @Flag(help: "Stay, and check again whenever one of the files changes.")
  var watch = false

  @OptionGroup var trainer: TrainerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var look: OutputOptions

  func validate() throws {
    try Choice.check(format, Reporter.all.map(\.id), "format")
    for target in output {
      guard let target = LintRequest.Target(target) else {
        throw ValidationError("'\(target)' is no FORMAT=PATH, such as json=report.json.")
      }
      try Choice.check(target.format, Reporter.all.map(\.id), "format")
    }
    if let failOn { try Choice.check(failOn, LintRequest.thresholds, "severity") }
    for rule in select.flatMap(\.listed) + ignore.flatMap(\.listed) {
      try Choice.check(rule, Inspector.rules.map(\.id), "rule")
    }
    if let vram, Size.bytes(vram) == nil {
      throw ValidationError("'--vram' is '\(vram)' and must be a size such as 12GiB.")
    }
    if let images, images < 1 {
      throw ValidationError("'--images' is \(images) and must be at least 1.")
    }
    if showSettings { try Choice.check(format, ["pretty", "json", "markdown"], "format") }
    if baseline != nil && writeBaseline != nil {
      throw ValidationError("give --baseline or --write-baseline, not both.")
    }
    if (baseline ?? writeBaseline) != nil && (fix || diff) {
      throw ValidationError("a baseline is of what is found: give it without --fix and --diff.")
    }
    if watch, fix || diff || paths.contains("-") || (baseline ?? writeBaseline) != nil {
      throw ValidationError(
        "--watch checks files: give it without --fix, --diff, a baseline and -.")
    }
    if paths.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("standard input can be read once: give - once.")
    }
  }

  func run() throws {
    var request = LintRequest(paths: paths)
    request.format = format
    request.fix = fix
    request.unsafeFixes = unsafeFixes
    request.diff = diff
    request.select = select.flatMap(\.listed)
    request.ignore = ignore.flatMap(\.listed)
    request.failOn = failOn
    request.backend = trainer.backend
    request.mode = trainer.mode
    request.script = trainer.scriptName
    request.vram = vram.flatMap(Size.bytes)
    request.images = images
    request.showsSettings = showSettings
    request.settings = settings.choice
    request.includesIgnored = noGitignore
    request.watches = watch
    request.stdinFilename = stdinFilename
    request.baseline = baseline
    request.writeBaseline = writeBaseline
    request.statistics = statistics
    request.noColour = look.noColor
    request.outputs = output.compactMap(LintRequest.Target.init)
    try request.run()
  }
}

extension String {
  /// The parts of a list with commas.
  var listed: [String] { split(separator: ",").map { String($0.filter { !$0.isWhitespace }) } }
}
