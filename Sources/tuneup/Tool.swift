import ArgumentParser
import Inspection
import Reporting
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `tuneup`, the root of all commands.
@main
struct Tool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tuneup",
    abstract: "Checks a diffusion-training config before any GPU time is spent on it.",
    discussion: """
      EXAMPLES:
        tuneup lint config.json
        tuneup explain prodigy

      EXIT CODES:
        0  nothing at or above the threshold
        1  findings at or above it
        2  the call is wrong, or a file cannot be read or is no config of a known kind
        3  an internal error
      """,
    version: "tuneup 0.1.0",
    subcommands: [
      Lint.self, RecommendCommand.self, MemoryCommand.self, DryRunCommand.self, Compare.self,
      Explain.self, List.self, Schema.self, ConfigCommand.self, Verify.self, Bench.self,
      ManualCommand.self, AccuracyCommand.self,
    ])

  /// The statuses of `tuneup`; the parser's own 64 for wrong usage is 2 here.
  static func main() {
    // A reader that goes away early (`| head`) ends the program quietly.
    signal(SIGPIPE, SIG_DFL)
    // A file that may not grow any further is said to be so, like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    do {
      if let request = LintRequest(plain: CommandLine.arguments.dropFirst()) {
        try request.run()
      } else {
        try checkName(CommandLine.arguments.dropFirst().first)
        var command = try parseAsRoot()
        try command.run()
      }
    } catch let outcome as Outcome {
      Foundationless.exit(outcome.rawValue)
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code == .success {
        Console.standard.write(message + "\n")
        Foundationless.exit(0)
      }
      Console.errors.write(message + "\n")
      Foundationless.exit(code == .validationFailure ? 2 : 3)
    }
  }
}

extension Tool {
  /// "Did you mean", for the commands themselves: the parser only knows too many arguments.
  private static func checkName(_ name: String?) throws {
    let known = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard let name, !name.hasPrefix("-"), !known.contains(name) else { return }
    let nearest = Suggestion.nearest(
      to: name, in: known.filter { !["manual", "accuracy"].contains($0) })
    throw ValidationError(
      "There is no command '\(name)'. " + (nearest.map { "Did you mean '\($0)'?" } ?? ""))
  }
}

/// How a command ended; thrown where it is not well.
enum Outcome: Int32, Error {
  case findings = 1
  case unusable = 2

  /// Says why, for a file that cannot be used.
  static func refused(_ failure: ReadFailure, noColour: Bool) -> Outcome {
    Console.errors.write(failure.rendered(Console.errors.style(noColour: noColour)))
    return .unusable
  }
}

private enum Foundationless {
  static func exit(_ status: Int32) -> Never {
    #if canImport(Glibc)
      Glibc.exit(status)
    #else
      Darwin.exit(status)
    #endif
  }
}
