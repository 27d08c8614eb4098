import ArgumentParser
import Inspection
import Memory
import Reporting
import SourceText

/// `tuneup accuracy`: the memory estimate against measured runs, as the page of the documentation.
struct AccuracyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accuracy", abstract: "Compare memory estimates with measured runs.",
    discussion: """
      EXAMPLES:
        tuneup accuracy rows.csv
        tuneup accuracy --format csv rows.csv
      """, shouldDisplay: false)

  @Argument(help: "Tables of measured runs.")
  var tables: [String]

  @Option(help: "The folder of the examples that the rows name, for the size of their pictures.")
  var examples: String?

  @Option(help: "How to print: markdown, csv.")
  var format = "markdown"

  func run() throws {
    var runs: [MeasuredRun] = []
    for path in tables {
      let source = try FileInput.read(path)
      runs += try MeasuredRun.read(source) { name in
        examples.flatMap { ExampleFiles.example(name, in: $0) }
      }
    }
    let accuracy = Accuracy(runs)
    Console.standard.write(format == "csv" ? accuracy.csv : accuracy.markdown)
  }
}

/// What an example of SimpleTuner says: the size of the pictures in the data it names, its adapter.
enum ExampleFiles {
  static func example(_ name: String, in folder: String) -> MeasuredExample? {
    guard let config = read("\(folder)/\(name)/config.json") else { return nil }
    let adapter =
      config.root["lora_type"]?.text == "lycoris"
      ? read("\(folder)/\(name)/lycoris_config.json") : nil
    return MeasuredExample(pixels: pixels(config, in: folder), lycoris: adapter)
  }

  private static func pixels(_ config: Document, in folder: String) -> Int? {
    guard let data = config.root["data_backend_config"]?.text,
      let name = data.split(separator: "/").last,
      let backends = read("\(folder)/_databackends/\(name)")
    else { return nil }
    return backends.root.children.compactMap { entry in
      entry["resolution_type"]?.text == "area" ? nil : entry["resolution"].flatMap { Int($0.text) }
    }.max()
  }

  private static func read(_ path: String) -> Document? {
    (try? FileInput.read(path)).flatMap { try? DocumentReader.read($0) }
  }
}
