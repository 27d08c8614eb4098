import ArgumentParser
import Inspection
import Plans
import Reporting

/// Which settings hold for a call: options of the commands that read configs.
struct SettingsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The settings; default: the nearest .tuneup.yml above each file.", valueName: "file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var config: String?

  @Flag(help: "Read no settings, of the project or your own.")
  var noConfig = false

  func validate() throws {
    if config != nil && noConfig {
      throw ValidationError("give --config or --no-config, not both.")
    }
  }

  /// How the call finds them.
  var choice: SettingsChoice { SettingsChoice(config: config, noConfig: noConfig) }

  /// What holds for one file; a file of settings that cannot be read ends the call.
  func settings(for path: String, named name: String? = nil) throws(ReadFailure) -> Settings {
    var house = try choice.house()
    return try house.settings(for: path == "-" ? name ?? "stdin" : path)
  }
}

/// Which settings are read, however the call was.
struct SettingsChoice {
  var config: String?
  var noConfig = false

  /// - Parameter flags: What the call itself says.
  func house(_ flags: SettingsLayer = SettingsLayer()) throws(ReadFailure) -> HouseRules {
    let file = config ?? Console.variable("TUNEUP_CONFIG").flatMap { $0.isEmpty ? nil : $0 }
    let environment: SettingsLayer
    do throws(SettingsCallMistake) {
      environment = try SettingsLayer.environment(Console.variable)
    } catch {
      throw ReadFailure(path: "tuneup", message: error.message)
    }
    return try HouseRules(
      project: noConfig ? .none : file.map { .file($0) } ?? .nearest, flags: flags,
      environment: environment, variable: Console.variable)
  }
}
