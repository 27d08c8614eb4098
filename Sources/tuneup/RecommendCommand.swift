import Advice
import ArgumentParser
import Inspection
import Memory
import Reporting
import SourceText

/// `tuneup recommend`: a config to start with.
struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Write a config to start with, or say what of a config could be better.",
    discussion: """
      EXAMPLES:
        tuneup recommend --backend onetrainer --model sdxl --method lora --vram 12GiB
        tuneup recommend --backend kohya --model flux --method lora --vram 16GiB --output flux.toml

      A config is written only if it lints without a finding, fits the card by the upper end of the \
      memory estimate and converges in the dry run. Exits with 1 if there is none, and says what would fit.
      """)

  @Option(help: "The trainer: \(Starter.backends.joined(separator: ", ")).")
  var backend: String?

  @Option(help: "The model: sdxl, sd15, flux, sd3.5-medium, chroma, qwen-image, z-image, …")
  var model: String?

  @Option(help: "What is trained: lora, full, embedding.")
  var method: String?

  @Option(help: ArgumentHelp("The memory of the card: 12GiB.", valueName: "size"))
  var vram: String?

  @Option(help: "Pictures that are trained on.")
  var images: Int = StartRequest.usualImages

  @Option(help: "Optimizer steps; default: what suits the number of pictures.")
  var steps: Int?

  @Option(help: "beginner, intermediate, advanced.")
  var experience = "beginner"

  @Option(help: "first-attempt, refine, save-memory.")
  var goal = "first-attempt"

  @Option(
    help: ArgumentHelp("Write the config, and the files it needs, here.", valueName: "file"))
  var output: String?

  @Option(help: "How to print: pretty, json.")
  var format = "pretty"

  @OptionGroup var look: OutputOptions

  func validate() throws {
    try Choice.check(format, ["pretty", "json"], "format")
    if let backend { try Choice.check(backend, Starter.backends, "backend") }
    if let method { try Choice.check(method, Method.allCases.map(\.rawValue), "method") }
    try Choice.check(experience, Experience.allCases.map(\.rawValue), "experience")
    try Choice.check(goal, Goal.allCases.map(\.rawValue), "goal")
    if let model, KnownModel(named: model) == nil {
      let near = KnownModel.nearest(to: model)
      throw ValidationError(
        "There is no model '\(model)'. "
          + (near.map { "Did you mean '\($0)'?" }
            ?? "It can be \(KnownModel.all.map(\.name).joined(separator: ", ")).")
      )
    }
    if let vram, Size.bytes(vram) == nil {
      throw ValidationError("'--vram' is '\(vram)' and must be a size such as 12GiB.")
    }
    if !(1...1_000_000 ~= images) {
      throw ValidationError("'--images' is \(images) and must be from 1 to 1,000,000.")
    }
    if let steps, !(1...10_000_000 ~= steps) {
      throw ValidationError("'--steps' is \(steps) and must be from 1 to 10,000,000.")
    }
  }

  func run() throws {
    let request = try request()
    let progress = Progress(of: 1, "config")
    let outcome = Starter().outcome(request)
    progress.end()
    try StartReport(outcome, output: output, isJSON: format == "json", noColour: look.noColor)
      .run()
  }

  private func request() throws -> StartRequest {
    let given = [
      ("--backend", backend), ("--model", model), ("--method", method), ("--vram", vram),
    ]
    let missing = given.filter { $0.1 == nil }.map(\.0)
    guard let backend, let model = model.flatMap({ KnownModel(named: $0) }),
      let method = method.flatMap(Method.init), let vram = vram.flatMap(Size.bytes)
    else {
      throw ValidationError(
        "\(missing.joined(separator: ", ")) \(missing.count == 1 ? "is" : "are") missing, such as "
          + "tuneup recommend --backend onetrainer --model sdxl --method lora --vram 12GiB.")
    }
    var request = StartRequest(
      backend: backend, model: model, method: method, vram: vram, images: images)
    request.steps = steps
    request.experience = Experience(rawValue: experience) ?? .beginner
    request.goal = Goal(rawValue: goal) ?? .firstAttempt
    return request
  }
}
