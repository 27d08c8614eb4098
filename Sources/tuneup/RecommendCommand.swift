import Advice
import ArgumentParser
import Inspection
import Memory
import Plans
import Reporting
import RunLogs
import SourceText

/// `tuneup recommend`: a config to start with.
struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Write a config to start with, or say what of a config could be better.",
    discussion: """
      EXAMPLES:
        tuneup recommend --backend onetrainer --model sdxl --method lora --vram 12GiB
        tuneup recommend --diff config.json
        tuneup recommend --from-run logs/20261128 --to adamw8bit config.toml

      A config is written only if it lints without a finding, fits the card by the upper end of the \
      memory estimate and converges in the dry run. Exits with 1 if there is none, and says what would fit.
      """)

  @Argument(
    help: ArgumentHelp(
      "A config, to hear what of it could be better; - for standard input.", valueName: "file"),
    completion: .file())
  var file: String?

  @Option(
    help: ArgumentHelp(
      "The log of a finished run of Prodigy or D-Adaptation, to take its rate from.",
      valueName: "folder"))
  var fromRun: String?

  @Option(
    help:
      "With --from-run: \(RateTransfer.Target.allCases.map(\.rawValue).joined(separator: ", ")).")
  var to: String?

  @Flag(help: "With a file: write what is recommended into it.")
  var write = false

  @Flag(help: "With a file: show what --write would change, and change nothing.")
  var diff = false

  @Option(help: "The model: sdxl, sd15, flux, sd3.5-medium, chroma, qwen-image, z-image, …")
  var model: String?

  @Option(help: "What is trained: lora, full, embedding.")
  var method: String?

  @Option(help: ArgumentHelp("The memory of the card: 12GiB.", valueName: "size"))
  var vram: String?

  @Option(help: "Pictures that are trained on; default: \(StartRequest.usualImages).")
  var images: Int?

  @Option(help: "Optimizer steps; default: what suits the number of pictures.")
  var steps: Int?

  @Option(help: "beginner (default), intermediate, advanced.")
  var experience: String?

  @Option(help: "first-attempt (default), refine, save-memory.")
  var goal: String?

  @Option(
    help: ArgumentHelp("Write the config, and the files it needs, here.", valueName: "file"))
  var output: String?

  @Option(help: "How to print: pretty, json.")
  var format = "pretty"

  @Option(help: "With standard input: the name to report; its ending tells the format.")
  var stdinFilename: String?

  @OptionGroup var trainer: TrainerOptions
  @OptionGroup var settings: SettingsOptions

  @OptionGroup var look: OutputOptions

  func validate() throws {
    try Choice.check(format, ["pretty", "json"], "format")
    if let method { try Choice.check(method, Method.allCases.map(\.rawValue), "method") }
    if let experience {
      try Choice.check(experience, Experience.allCases.map(\.rawValue), "experience")
    }
    if let goal { try Choice.check(goal, Goal.allCases.map(\.rawValue), "goal") }
    if let model, KnownModel(named: model) == nil {
      let near = KnownModel.nearest(to: model)
      throw ValidationError(
        "There is no model '\(model)'. "
          + (near.map { "Did you mean '\($0)'?" }
            ?? "It can be \(KnownModel.all.map(\.name).joined(separator: ", ")).")
      )
    }
    if let to {
      try Choice.check(to, RateTransfer.Target.allCases.map(\.rawValue), "optimizer")
      if fromRun == nil { throw ValidationError("'--to' goes with '--from-run'.") }
    }
    if fromRun != nil, file == "-", write {
      throw ValidationError("standard input cannot be written to.")
    }
    if file != nil || fromRun != nil {
      let others = [
        ("--model", model), ("--method", method), ("--vram", vram), ("--output", output),
        ("--goal", goal), ("--experience", experience),
      ].filter { $0.1 != nil }.map(\.0)
      if !others.isEmpty {
        throw ValidationError(
          "\(others.joined(separator: ", ")) \(others.count == 1 ? "is" : "are") for a new config: give no file with it."
        )
      }
      if steps != nil {
        throw ValidationError("--steps is for a new config: give no file with it.")
      }
    } else if write || diff {
      throw ValidationError("--\(write ? "write" : "diff") changes a config: name the file.")
    }
    if let vram, Size.bytes(vram) == nil {
      throw ValidationError("'--vram' is '\(vram)' and must be a size such as 12GiB.")
    }
    if let images, !(1...1_000_000 ~= images) {
      throw ValidationError("'--images' is \(images) and must be from 1 to 1,000,000.")
    }
    if let steps, !(1...10_000_000 ~= steps) {
      throw ValidationError("'--steps' is \(steps) and must be from 1 to 10,000,000.")
    }
  }

  func run() throws {
    if let fromRun {
      return try RecommendFromRun(
        folder: fromRun, target: to.flatMap(RateTransfer.Target.init) ?? .adamw, file: file,
        inspector: trainer.inspector(images: images),
        format: format, writes: write && !diff, showsDiff: diff, noColour: look.noColor
      ).run()
    }
    if let file { return try advise(file) }
    let isMissing = trainer.backend == nil || model == nil || method == nil || vram == nil
    if isMissing, Console.canAsk { return try interview() }
    try report(try request(), output: output)
  }

  private func advise(_ file: String) throws {
    let own: Inspector
    do throws(ReadFailure) {
      own = trainer.inspector(images: images).with(
        try settings.settings(for: file, named: stdinFilename))
    } catch {
      throw Outcome.refused(error, noColour: look.noColor)
    }
    try AdviceReport(
      path: file, adviser: Adviser(own), format: format, writes: write && !diff,
      showsDifference: diff, name: stdinFilename, noColour: look.noColor
    ).run()
  }

  private func report(_ request: StartRequest, output: String?) throws {
    try print(Starter().outcome(request), output: output)
  }

  private func print(_ outcome: StartOutcome, output: String?) throws {
    try StartReport(outcome, output: output, isJSON: format == "json", noColour: look.noColor)
      .run()
  }

  private func interview() throws {
    var interview = Interview()
    interview.backend = trainer.backend
    interview.model = model.flatMap { KnownModel(named: $0) }
    interview.method = method.flatMap(Method.init)
    interview.vram = vram.flatMap(Size.bytes)
    interview.images = images
    interview.goal = goal.flatMap(Goal.init)
    interview.experience = experience.flatMap(Experience.init)
    let outcome: StartOutcome
    var place = output
    do throws(Interview.Cancelled) {
      var request = try Console.catchingInterrupts { () throws(Interview.Cancelled) in
        try interview.request()
      }
      request.steps = steps
      Console.errors.write("\nTrying what fits …\n\n")
      outcome = Starter().outcome(request)
      if case .config(let config) = outcome, place == nil {
        place = try Console.catchingInterrupts { () throws(Interview.Cancelled) in
          try interview.place(usual: config.files.config.path)
        }
        Console.errors.write("\n")
      }
    } catch {
      Console.errors.write("\nnothing was written\n")
      throw Outcome.unusable
    }
    try print(outcome, output: place)
  }

  private func request() throws -> StartRequest {
    let given = [
      ("--backend", trainer.backend), ("--model", model), ("--method", method), ("--vram", vram),
    ]
    let missing = given.filter { $0.1 == nil }.map(\.0)
    guard let backend = trainer.backend, let model = model.flatMap({ KnownModel(named: $0) }),
      let method = method.flatMap(Method.init), let vram = vram.flatMap(Size.bytes)
    else {
      throw ValidationError(
        "\(missing.joined(separator: ", ")) \(missing.count == 1 ? "is" : "are") missing, such as "
          + "tuneup recommend --backend onetrainer --model sdxl --method lora --vram 12GiB.")
    }
    var request = StartRequest(
      backend: backend, model: model, method: method, vram: vram,
      images: images ?? StartRequest.usualImages)
    request.steps = steps
    request.experience = experience.flatMap(Experience.init) ?? .beginner
    request.goal = goal.flatMap(Goal.init) ?? .firstAttempt
    return request
  }
}
