import ArgumentParser
import Inspection
import Reporting
import SourceText

/// `tuneup config`: a team's settings, checked and shown.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Check the settings in .tuneup.yml, or show what holds and where it comes from.",
    discussion: """
      EXAMPLES:
        tuneup config check
        tuneup config show training_configs/sdxl.json
      """,
    subcommands: [Check.self, Show.self])

  /// `tuneup config check`.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Check files of settings.",
      discussion: """
        EXAMPLES:
          tuneup config check
          tuneup config check .tuneup.yml ci/strict.yml
        """)

    @Argument(
      help: "Files of settings. Default: the nearest .tuneup.yml, and your own.",
      completion: .file(extensions: ["yml", "yaml"]))
    var paths: [String] = []

    @Option(help: "How to print: \(Reporter.all.map(\.id).joined(separator: ", ")).")
    var format = "pretty"

    @OptionGroup var look: OutputOptions

    func validate() throws { try Choice.check(format, Reporter.all.map(\.id), "format") }

    func run() throws {
      var reports: [FileReport] = []
      var failures: [ReadFailure] = []
      for path in try paths.isEmpty ? found() : paths {
        do throws(ReadFailure) {
          reports += try SettingsFile.check(path)
        } catch {
          failures.append(error)
        }
      }
      let errorStyle = Console.errors.style(noColour: look.noColor)
      for failure in failures { Console.errors.write(failure.rendered(errorStyle)) }
      let report = Report(
        files: reports, failures: failures, help: Inspector.help,
        repositoryPath: RepositoryPaths.path)
      if let reporter = Reporter.all.first(where: { $0.id == format }) {
        Console.standard.write(
          reporter.render(report, Console.standard.style(noColour: look.noColor)))
      }
      if !failures.isEmpty { throw Outcome.unusable }
      if reports.contains(where: \.fails) { throw Outcome.findings }
    }

    private func found() throws -> [String] {
      let paths: [String]
      do throws(ReadFailure) {
        var house = try SettingsChoice().house()
        _ = try house.settings(for: ".")
        paths = house.files.map(\.source.path)
      } catch {
        throw Outcome.refused(error, noColour: look.noColor)
      }
      if paths.isEmpty {
        throw ValidationError("There is no \(SettingsFile.name) in this folder or above it.")
      }
      return paths
    }
  }

  /// `tuneup config show`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show each setting for a file, and where it comes from.",
      discussion: """
        EXAMPLES:
          tuneup config show
          tuneup config show --format json training_configs/sdxl.json
        """)

    @Argument(help: "The config that is meant. Default: any in this folder.", completion: .file())
    var path: String?

    @Option(help: "How to print: pretty, json, markdown.")
    var format = "pretty"

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var look: OutputOptions

    func validate() throws { try Choice.check(format, ["pretty", "json", "markdown"], "format") }

    func run() throws {
      do throws(ReadFailure) {
        let listing = SettingsListing(
          try settings.settings(for: path ?? "./config"), path: path ?? "this folder")
        Console.write(listing, format, noColour: look.noColor)
      } catch {
        throw Outcome.refused(error, noColour: look.noColor)
      }
    }
  }
}

extension Console {
  static func write(_ listing: SettingsListing, _ format: String, noColour: Bool) {
    switch format {
    case "json": standard.write(listing.json.serialized)
    case "markdown": standard.write(listing.page.markdown)
    default: standard.write(listing.page.text(standard.style(noColour: noColour)))
    }
  }
}
