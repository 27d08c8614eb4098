import Inspection
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension LintRequest {
  /// Checks again whenever something changes, until the user ends it.
  func watch() throws {
    var watch = FileWatch(usesKernel: Console.variable("TUNEUP_WATCH") != "poll")
    var round = 0
    while true {
      round += 1
      if Console.standard.isTerminal { Console.standard.write("\u{1B}[2J\u{1B}[H") }
      // Tells an editor that what it shows is of the round before.
      if round > 1 { Console.errors.write("checking again\n") }
      var run: Run?
      // Ctrl-C waits until what is being written stands there whole.
      try Self.holdingSignals {
        do {
          run = try check()
        } catch is Outcome {
          // What is wrong with settings or patterns was said, and can be mended.
        }
      }
      let paths = paths.isEmpty ? ["."] : paths
      let batch = run?.batch ?? plainBatch
      let reports = run?.report.files ?? []
      let (files, folders) = batch.dependencies(of: paths, reports)
      watch.note(files, in: folders)
      Console.errors.write("waiting for changes; Ctrl-C ends it\n")
      watch.waitForChange { batch.dependencies(of: paths, reports).files }
    }
  }

  private static func holdingSignals(_ body: () throws -> Void) rethrows {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
    sigprocmask(SIG_BLOCK, &signals, nil)
    // Not as they were before: who starts programs from a thread that holds them hands that on.
    defer { sigprocmask(SIG_UNBLOCK, &signals, nil) }
    try body()
  }
}
