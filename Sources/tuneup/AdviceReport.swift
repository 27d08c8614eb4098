import Advice
import Inspection
import Plans
import Reporting
import SourceText

/// Prints what of a config could be better, and writes it if asked to.
struct AdviceReport {
  let path: String
  let adviser: Adviser
  let format: String
  let writes: Bool
  let showsDifference: Bool
  let name: String?
  let noColour: Bool

  func run() throws {
    do throws(ReadFailure) {
      let source = try FileInput.read(path, as: path == "-" ? name : nil)
      adviser.inspector.noteDoubt(about: source)
      let outcome = try adviser.advise(
        source, neighbours: FileInput.neighbours(of: source.path))
      if writes, path != "-", outcome.source.bytes != source.bytes {
        try FileOutput.replace(path, original: source.bytes, with: outcome.source.bytes)
      }
      print(outcome, source)
    } catch {
      throw Outcome.refused(error, noColour: noColour)
    }
  }

  private func print(_ outcome: Adviser.Outcome, _ source: SourceFile) {
    let style = Console.standard.style(noColour: noColour)
    if writes, path == "-" {
      FileOutput.writeAll(outcome.source.bytes, to: 1)
    } else if showsDifference {
      if outcome.source.bytes != source.bytes {
        Console.standard.write(UnifiedDiff.between(source, outcome.source, style: style))
      }
    } else if format == "json" {
      Console.standard.write(outcome.json(source.path).serialized)
    } else {
      Console.standard.write(outcome.page(source.path).text(style))
    }
    if writes {
      let count = outcome.advice.count
      Console.errors.write("\(count) \(count == 1 ? "setting" : "settings") changed\n")
    }
  }
}
