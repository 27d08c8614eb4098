import Inspection
import Plans
import Reporting
import RunLogs
import SourceText

/// `tuneup recommend --from-run`: the rate that a finished run found, for an optimizer which is given
/// its rate.
struct RecommendFromRun {
  /// The run, or a folder with several.
  var folder: String
  var target = RateTransfer.Target.adamw
  /// The run's config; nil to look for it in the folder.
  var file: String?
  var inspector: Inspector
  var format = "pretty"
  var writes = false
  var showsDiff = false
  var noColour = false

  /// - Throws: An ``Outcome``: findings where nothing can be recommended, unusable where the files
  ///   cannot be read.
  func run() throws {
    let style = Console.standard.style(noColour: noColour)
    let isRefused: Bool
    do throws(ReadFailure) {
      let source: SourceFile?
      if let file {
        source = try FileInput.read(file)
      } else {
        source = RunConfig.find(in: folder, inspector)
      }
      let report = try RunReport(
        folder, to: target, config: source,
        neighbours: source.map { FileInput.neighbours(of: $0.path) } ?? .none, inspector: inspector)
      let changed = report.transfer.flatMap { $0.edits.isEmpty ? nil : $0.source }
      if showsDiff {
        if let source, let changed {
          Console.standard.write(UnifiedDiff.between(source, changed, style: style))
        } else {
          Console.errors.write(report.page.text(Console.errors.style(noColour: noColour)))
        }
      } else if format == "json" {
        Console.standard.write(report.json.serialized)
      } else {
        Console.standard.write(report.page.text(style))
      }
      if writes, let source, let changed {
        try FileOutput.replace(source.path, original: source.bytes, with: changed.bytes)
        Console.errors.write("\(source.path) written\n")
      } else if writes, report.refusal == nil {
        throw ReadFailure(
          path: file ?? folder,
          message: source == nil
            ? "no config to write: name the run's config as FILE"
            : "the config could not be changed")
      }
      isRefused = report.refusal != nil
    } catch {
      throw Outcome.refused(error, noColour: noColour)
    }
    if isRefused { throw Outcome.findings }
  }
}
