/// Finds out, word by word, whether a command starts a Python script.
struct LaunchState {
  enum Stage: Equatable {
    /// No program that runs scripts has come yet.
    case searching
    /// `accelerate`, whose `launch` comes next.
    case accelerate(Int)
    /// A program that runs scripts, the word of this number.
    case program(Int)
    case script(program: Int, script: Int)
    /// What follows is only shown or looked for, or is code.
    case ignored
  }

  private(set) var stage = Stage.searching
  private var count = 0

  /// Whether options of a training script may follow.
  var hasScript: Bool { if case .script = stage { true } else { false } }
  /// Whether the command runs scripts at all.
  var hasProgram: Bool { if case .program = stage { true } else { hasScript } }

  mutating func add(_ word: ShellLexer.Word) {
    defer { count += 1 }
    switch stage {
    case .script, .ignored: return
    case .accelerate(let place) where word.text.elementsEqual("launch".utf8):
      stage = .program(place)
    case .accelerate, .searching: search(word)
    case .program(let place):
      if word.text.elementsEqual("-c".utf8) { stage = .ignored }
      if Self.isScript(word.text) { stage = .script(program: place, script: count) }
    }
  }

  private mutating func search(_ word: ShellLexer.Word) {
    stage = .searching
    // No path of a program is longer.
    guard word.text.count < 4096 else { return }
    let name = Self.programName(String(decoding: word.text, as: UTF8.self))
    switch name {
    case "accelerate": stage = .accelerate(count)
    case "torchrun", "deepspeed": stage = .program(count)
    case "echo", "printf", "write-host", "write-output", "alias", "which", "where", "rem", "::":
      if count == 0 { stage = .ignored }
    default: if Self.isPython(name) { stage = .program(count) }
    }
  }

  /// `python`, `python3.10`, `py`, `PYTHON_PATH`, but not `pythonic`.
  private static func isPython(_ name: String) -> Bool {
    if name == "py" { return true }
    guard name.hasPrefix("python") else { return false }
    let rest = name.dropFirst(6)
    return rest.allSatisfy { $0 == "." || $0.isNumber } || rest.hasPrefix("_")
  }

  /// `accelerate` of `.\venv\Scripts\accelerate.exe`, `!accelerate` and `"${ACCELERATE}"`.
  private static func programName(_ word: String) -> String {
    let last = word.lowercased().split { $0 == "/" || $0 == "\\" || $0 == ":" }.last ?? "::"
    // `%~dp0` is the folder of a batch file, with its last backslash.
    var name = last.hasPrefix("%~dp0") ? last.dropFirst(5) : last
    name = name.drop { "!@$%{(".contains($0) }
    while let end = name.last, "}%)".contains(end) { name.removeLast() }
    return name.hasSuffix(".exe") ? String(name.dropLast(4)) : String(name)
  }

  private static func isScript(_ text: [UInt8]) -> Bool {
    let ending = text.suffix(3)
    return text.first != UInt8(ascii: "-") && text.count > 3
      && (ending.elementsEqual(".py".utf8) || ending.elementsEqual(".PY".utf8))
  }
}
