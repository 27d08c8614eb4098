import Foundation
import TestSupport
import Testing

/// What a shell completes, asked of the shell itself.
@Suite struct CompletionTests {
  static let bash: [(words: String, expected: [String])] = [
    ("tuneup dr", ["dry-run"]),
    ("tuneup lint --statis", ["--statistics"]),
    ("tuneup dry-run --fail-on st", ["stalls"]),
    ("tuneup lint --format sar", ["sarif"]),
    ("tuneup explain safeguard_w", ["safeguard_warmup"]),
    ("tuneup explain PRODIGY_A", ["PRODIGY_ADV"]),
    ("tuneup schema simple", ["simpletuner"]),
    ("tuneup lint --backend koh", ["kohya", "kohya-gui"]),
  ]

  @Test(arguments: bash)
  func completesInBash(words: String, expected: [String]) throws {
    let script = """
      source <(tuneup --generate-completion-script bash)
      COMP_LINE='\(words)' COMP_WORDS=(\(words)) COMP_POINT=\(words.count)
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _tuneup tuneup "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let found = try Self.output(of: "/bin/bash", ["--norc", "-c", script])
    #expect(found.split(separator: "\n").map(\.trimmed).sorted() == expected)
  }

  /// zsh and fish take the scripts without complaint, where they are installed.
  /// Those that are installed here.
  static let otherShells = ["zsh", "fish"].filter { path(of: $0) != nil }

  private static func path(of shell: String) -> String? {
    ["/bin", "/usr/bin", "/usr/local/bin"].map { "\($0)/\(shell)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  @Test(.enabled(if: !otherShells.isEmpty), arguments: otherShells)
  func isUnderstoodBy(_ shell: String) throws {
    let path = try #require(Self.path(of: shell))
    try TemporaryFolder.with { folder in
      let name = shell == "zsh" ? "_tuneup" : "tuneup.fish"
      let file = folder.appending(path: name)
      let text = try Program.run("--generate-completion-script", shell).output
      try text.write(to: file, atomically: true, encoding: .utf8)
      let script =
        shell == "zsh"
        ? """
        fpath=(\(folder.path()) $fpath); autoload -Uz compinit; compinit -u -D
        autoload +X -Uz _tuneup && print -r -- $_comps[tuneup]
        """ : "source \(file.path()); complete -C 'tuneup dr' | string split -f1 \\t"
      let found = try Self.output(
        of: path, shell == "zsh" ? ["-f", "-c", script] : ["-N", "-c", script])
      #expect(found.trimmed == (shell == "zsh" ? "_tuneup" : "dry-run"))
    }
  }

  private static func output(of shell: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: shell)
    process.arguments = arguments
    let folder = URL(filePath: Program.path).deletingLastPathComponent().path()
    process.environment = ProcessInfo.processInfo.environment.merging([
      "PATH": "\(folder):/usr/local/bin:/usr/bin:/bin"
    ]) { $1 }
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}

extension StringProtocol {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
