import Advice
import ArgumentParser
import DryRuns
import Inspection
import Reporting

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
    if path == "Documentation/Verdicts.md" { return try verdicts() }
    if path == "Documentation/Guides-measured.md" { return try guides() }
    if path == "Presets/presets.json" { return presets() }
    if path == "Documentation/Recommendations.md" {
      Console.standard.write(PresetTable.embedded.page.markdown)
      return
    }
    guard let text = Manual.text(of: path) else {
      throw ValidationError("'\(path)' is no generated page.")
    }
    Console.standard.write(text)
  }

  /// Takes minutes and holds times, and so is not in the list.
  private func guides() throws {
    let progress = Progress(of: GuideMeasurements.parts, "parts")
    do throws(ReadFailure) {
      let page = try GuideMeasurements().page { progress.show($0) }
      progress.end()
      Console.standard.write(page.markdown)
    } catch {
      progress.end()
      throw Outcome.refused(error, noColour: false)
    }
  }

  /// Takes minutes, and so is not in the list.
  private func presets() {
    let requests = PresetTable.requests
    let progress = Progress(of: requests.count, "models")
    var verdicts = Verdicts()
    var table = PresetTable([])
    for (place, request) in requests.enumerated() {
      table.rows += PresetTable.rows(request, &verdicts)
      progress.show(place + 1, ", \(request.backend) \(request.model.name)")
    }
    progress.end()
    Console.standard.write(table.text)
  }

  /// Takes a minute, and so is not in the list.
  private func verdicts() throws {
    do {
      let set = try VerdictSet(try FileInput.read("Tests/Verdicts/cases.json"))
      let progress = Progress(of: set.cases.count, "verdicts")
      let (page, share) = try set.page { progress.show($0) }
      progress.end()
      Console.standard.write(page.markdown)
      if share < 0.95 { throw Outcome.findings }
    } catch {
      guard let error = error as? ReadFailure else { throw error }
      throw Outcome.refused(error, noColour: false)
    }
  }
}
