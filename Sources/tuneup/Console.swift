import ArgumentParser
import Inspection
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A stream of the terminal.
struct Console {
  private let descriptor: Int32

  static let standard = Console(descriptor: STDOUT_FILENO)
  static let errors = Console(descriptor: STDERR_FILENO)

  func write(_ text: String) { FileOutput.writeAll(Array(text.utf8), to: descriptor) }

  /// A variable of the environment.
  static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// How text may look here.
  func style(noColour: Bool) -> Reporter.Style {
    let isPlain =
      noColour || !(Self.variable("NO_COLOR") ?? "").isEmpty || Self.variable("TERM") == "dumb"
    var size = winsize()
    let isSized = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let columns = isSized ? Int(size.ws_col) : Self.variable("COLUMNS").flatMap { Int($0) } ?? 100
    return Reporter.Style(isColoured: isTerminal && !isPlain, width: columns)
  }
}

/// What commands that print have in common.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print without colour; also with NO_COLOR or TERM=dumb, and to files.")
  var noColor = false
}
