import ArgumentParser
import Inspection

/// `tuneup manual`: the pages that are made from the rules and the data, for `Scripts/regenerate`.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print a generated page; without a path, the list of pages.",
    discussion: """
      EXAMPLES:
        tuneup manual
        tuneup manual Documentation/Rules.md
      """,
    shouldDisplay: false)

  @Argument(help: "A page of the repository.")
  var path: String?

  func run() throws {
    guard let path else {
      Console.standard.write(Manual.paths.map { $0 + "\n" }.joined())
      return
    }
    guard let text = Manual.text(of: path) else {
      throw ValidationError("'\(path)' is no generated page.")
    }
    Console.standard.write(text)
  }
}
