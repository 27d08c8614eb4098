import ArgumentParser
import Inspection
import Reporting
import SourceText

/// `tuneup list`: everything of a kind.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List \(Listing.kinds.joined(separator: ", ")).",
    discussion: """
      EXAMPLES:
        tuneup list optimizers
        tuneup list rules --format json
      """)

  @Argument(help: "\(Listing.kinds.joined(separator: ", ")).", completion: .list(Listing.kinds))
  var kind: String

  @Option(
    help: "How to print: pretty, json, markdown.",
    completion: .list(["pretty", "json", "markdown"]))
  var format = "pretty"

  @OptionGroup var output: OutputOptions

  func validate() throws {
    try Choice.check(kind, Listing.kinds, "kind")
    try Choice.check(format, ["pretty", "json", "markdown"], "format")
  }

  func run() throws {
    guard let listing = Listing(kind) else { return }
    let text =
      switch format {
      case "json": listing.json.serialized
      case "markdown": listing.page.markdown
      default: listing.page.text(Console.standard.style(noColour: output.noColor))
      }
    Console.standard.write(text)
  }
}
