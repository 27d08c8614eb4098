import Advice
import Inspection
import Reporting
import SourceText

/// Prints a config to start with, or writes it: the config to standard output, all else to standard
/// error.
struct StartReport {
  let outcome: StartOutcome
  let output: String?
  let isJSON: Bool
  let noColour: Bool

  init(_ outcome: StartOutcome, output: String?, isJSON: Bool, noColour: Bool) {
    self.outcome = outcome
    self.output = output
    self.isJSON = isJSON
    self.noColour = noColour
  }

  func run() throws {
    let style = Console.errors.style(noColour: noColour)
    switch outcome {
    case .config(let config):
      if let output { try write(config, output) }
      if isJSON {
        Console.standard.write(outcome.json.serialized)
      } else {
        if output == nil {
          Console.standard.write(String(decoding: config.files.config.bytes, as: UTF8.self))
        }
        Console.errors.write(config.page(writtenTo: output).text(style))
      }
    case .nothing(let nothing):
      if isJSON { Console.standard.write(outcome.json.serialized) }
      Console.errors.write(nothing.page.text(style))
      throw Outcome.findings
    case .unsupported(let unsupported):
      if isJSON { Console.standard.write(outcome.json.serialized) }
      Console.errors.write(unsupported.page.text(style))
      throw Outcome.unusable
    }
  }

  /// The config and the files that it needs, none of which may be there.
  private func write(_ config: StartingConfig, _ output: String) throws {
    let folder = output.lastIndex(of: "/").map { String(output[...$0]) } ?? ""
    let files =
      [(output, config.files.config.bytes)]
      + config.files.companions.map { (folder + $0.path, $0.bytes) }
    do throws(ReadFailure) {
      for (path, _) in files where FileInput.exists(path) {
        throw ReadFailure(path: path, message: "it exists already: nothing was written")
      }
      for (path, bytes) in files { try FileOutput.create(path, bytes) }
    } catch {
      throw Outcome.refused(error, noColour: noColour)
    }
  }
}
