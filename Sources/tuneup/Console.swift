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

  /// A line of standard input without its end; nil at the end of the input, and when Ctrl-C is
  /// pressed while ``catchingInterrupts(_:)`` runs.
  static func line() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = read(STDIN_FILENO, &byte, 1)
      if count == 0 { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
      if count < 0 { return nil }
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
  }

  /// Runs with Ctrl-C ending the line that is waited for, not the program.
  static func catchingInterrupts<Result, Failure>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var action = sigaction()
    var old = sigaction()
    #if canImport(Glibc)
      action.__sigaction_handler.sa_handler = { _ in }
    #else
      action.__sigaction_u.__sa_handler = { _ in }
    #endif
    sigaction(SIGINT, &action, &old)
    defer { sigaction(SIGINT, &old, nil) }
    return try body()
  }

  /// Whether somebody sits there who can be asked.
  static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && errors.isTerminal }

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
