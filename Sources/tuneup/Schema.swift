import ArgumentParser
import Inspection
import SourceText

/// `tuneup schema`: the JSON Schema of a trainer's config.
struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of a trainer's config, for completion and hints in editors.",
    discussion: """
      EXAMPLES:
        tuneup schema onetrainer
        tuneup schema onetrainer > onetrainer.schema.json
      """)

  @Argument(
    help: "The trainer: \(Inspector.backends.joined(separator: ", ")); or tuneup, for .tuneup.yml.",
    completion: .choice { Inspector.backends + ["tuneup"] })
  var backend: String

  func validate() throws { try Choice.check(backend, Inspector.backends + ["tuneup"], "backend") }

  func run() throws {
    Console.standard.write(EditorSchema.schema(of: backend)?.serialized ?? "")
  }
}
