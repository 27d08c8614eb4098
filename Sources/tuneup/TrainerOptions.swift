import ArgumentParser
import Inspection
import Plans
import Reporting
import SourceText

/// Whose config it is and how it is read: options of the commands that read configs.
struct TrainerOptions: ParsableArguments {
  @Option(
    help:
      "The trainer: \(Inspector.backends.joined(separator: ", ")). A file is taken for its config, whatever it looks like.",
    completion: .choice { Inspector.backends })
  var backend: String?

  @Option(
    help: "OneTrainer: read the file as its interface (ui) or its command line (cli) does.",
    completion: .list(["ui", "cli"]))
  var mode: String?

  @Option(
    help: ArgumentHelp(
      "sd-scripts: the script that is started, such as sdxl_train_network.", valueName: "name"),
    completion: .choice { Inspector.scripts })
  var script: String?

  func validate() throws {
    if let backend { try Choice.check(backend, Inspector.backends, "backend") }
    if let mode { try Choice.check(mode, ["ui", "cli"], "mode") }
    if let scriptName { try Choice.check(scriptName, Inspector.scripts, "script") }
  }

  /// Without its folder and its `.py`.
  var scriptName: String? {
    script.map { script in
      let name = script.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? script
      return name.hasSuffix(".py") ? String(name.dropLast(3)) : name
    }
  }

  func inspector(images: Int? = nil) -> Inspector {
    Inspector(
      backend: backend, options: ReadingOptions(mode: mode, script: scriptName, images: images))
  }
}

extension Inspector {
  /// Says so where a file is taken for what it does not look like: what comes out then answers another
  /// question, and cannot be told from a right answer.
  func noteDoubt(about source: SourceFile) {
    guard let doubt = doubt(about: source) else { return }
    Console.errors.write("\(source.path): \(doubt)\n")
  }
}
