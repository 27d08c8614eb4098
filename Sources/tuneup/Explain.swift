import ArgumentParser
import Inspection
import Reporting
import SourceText

/// `tuneup explain`: what is known of a word.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a rule, an option, an optimizer, a scheduler, a model or a trainer.",
    discussion: """
      EXAMPLES:
        tuneup explain prodigy
        tuneup explain beta3
      """)

  @Argument(
    help: "A rule, option, setting, optimizer, scheduler, model or trainer, in any case.",
    completion: .custom { _, _, beginning in
      // Case does not matter here, but it does to the shell.
      let isUpper = beginning.contains(where: \.isUppercase)
      return Set(Explanation.topics.map { isUpper ? $0 : $0.lowercased() }).sorted()
    })
  var topic: String

  @Option(
    help: "How to print: pretty, json, markdown.",
    completion: .list(["pretty", "json", "markdown"]))
  var format = "pretty"

  @OptionGroup var output: OutputOptions

  func validate() throws { try Choice.check(format, ["pretty", "json", "markdown"], "format") }

  func run() throws {
    let found = Explanation.all(of: topic)
    if found.isEmpty {
      let nearest = Suggestion.nearest(to: topic, in: Explanation.topics)
      throw ValidationError(
        "Nothing is known of '\(topic)'. "
          + (nearest.map { "Did you mean '\($0)'?" } ?? "'tuneup list options' shows what is."))
    }
    let style = Console.standard.style(noColour: output.noColor)
    let text =
      switch format {
      case "json":
        found.count == 1
          ? found[0].json.serialized : JSONValue.array(found.map(\.json)).serialized
      case "markdown": found.map(\.page.markdown).joined(separator: "\n")
      default: found.map { $0.page.text(style) }.joined(separator: "\n")
      }
    Console.standard.write(text)
  }
}
