/// Reads the commands of a text that start Python scripts, with the place of every option and value:
/// a script of a POSIX shell, of PowerShell or of cmd, or a page with such commands in it.
///
///     accelerate launch --num_processes 1 train_network.py --learning_rate=1e-4 --cache_latents
///
/// The root is a sequence of such commands; everything else in the text is passed over. Each is a
/// mapping:
///
/// - `launcher`: the options before the script, as below. Its span begins at the program.
/// - `script`: the script as it is written.
/// - `arguments`: the options behind the script, by their names without dashes; the span of a key is
///   the option with its dashes. An option has the value behind its `=` or else the words up to the
///   next option: of several words a sequence, of none null, with the option's span.
/// - `words`: words that belong to no option, such as those behind a `--key=value`, if there are any.
///
/// Options that come twice are repeated keys. Numbers and names stay text, unquoted text is
/// ``NodeKind/plain``; variables are part of the text. In ``DocumentNode/keyPath`` an option is just
/// its name.
///
/// Beyond what the shells take, a line may go on in the next without a joiner if that begins with an
/// option, a quote or a `<placeholder>`, as guides show it. `...` is no word.
public struct ArgumentsReader {
  private let source: SourceFile
  private var lexer: ShellLexer
  private var launches: LaunchBuilder
  /// Whether commands stand between lines of three backticks only, and whether this is between them.
  private let hasFences: Bool
  private var isInFence = false

  /// - Throws: A ``SyntaxError`` at a quote that is not closed, or if no command starts a script.
  public static func read(_ source: SourceFile) throws(SyntaxError) -> Document {
    try Encoding.check(source)
    var reader = ArgumentsReader(source)
    try reader.readCommands()
    return reader.launches.builder.finish(source, .arguments)
  }

  private init(_ source: SourceFile) {
    self.source = source
    lexer = ShellLexer(source, ShellDialect(of: source), at: source.hasByteOrderMark ? 3 : 0)
    hasFences = Self.hasFences(source)
    launches = LaunchBuilder(source)
  }

  private static func hasFences(_ source: SourceFile) -> Bool {
    var offset = 0
    while offset < source.bytes.count {
      let start = source.skipBlanks(offset)
      if isFence(source, start) { return true }
      offset = source.nextLine(start)
    }
    return false
  }

  private static func isFence(_ source: SourceFile, _ offset: Int) -> Bool {
    (0..<3).allSatisfy { source.byte(offset + $0) == UInt8(ascii: "`") }
  }

  private mutating func readCommands() throws(SyntaxError) {
    let first = lexer.offset
    var isAtLineStart = true
    while !lexer.isAtEnd {
      if isAtLineStart, !startLine() { continue }
      isAtLineStart = try readCommand()
    }
    guard launches.isEmpty else { return }
    var start = first
    while start < source.bytes.count, source.bytes[start] <= 0x20 { start += 1 }
    throw SyntaxError(
      "no command here starts a Python script, such as 'accelerate launch train.py --option'",
      at: start..<source.lineEnd(start))
  }

  // MARK: Lines

  /// Goes to the first word of a line, behind what a prompt shows.
  /// - Returns: Whether there may be commands in it; if not, it is behind the line.
  private mutating func startLine() -> Bool {
    lexer.skipWideBlanks()
    let isFence = Self.isFence(source, lexer.offset)
    if isFence { isInFence.toggle() }
    if isFence || hasFences && !isInFence {
      lexer.offset = source.nextLine(lexer.offset)
      return false
    }
    if let prompt = endOfPrompt() { lexer.offset = prompt }
    return true
  }

  /// Behind `> `, `PS C:\dir>`, `C:\dir>` and the like with `(venv) ` before them.
  private func endOfPrompt() -> Int? {
    var start = lexer.offset
    let end = source.lineEnd(start)
    if source.byte(start) == UInt8(ascii: "("),
      let close = source.bytes[start..<end].firstIndex(of: UInt8(ascii: ")"))
    {
      start = source.skipBlanks(close + 1)
    }
    let head = source.bytes[start..<end]
    let isDrive = head.dropFirst().starts(with: ":\\".utf8)
    let isPowerShell = head.starts(with: "PS ".utf8) || head.starts(with: "PS>".utf8)
    guard isDrive || isPowerShell || head.starts(with: "> ".utf8) else { return nil }
    let close = head.firstIndex { "\"'>".utf8.contains($0) }
    return close.flatMap { head[$0] == UInt8(ascii: ">") ? $0 + 1 : nil }
  }

  /// Whether the lines after this one belong to the command that ends here.
  /// - Returns: Where they go on.
  private func continuation() -> Int? {
    var lines = lexer
    while true {
      lines.offset = source.nextLine(lines.offset)
      lines.skipWideBlanks()
      if lines.isAtComment(isFirst: true) {
        lines.offset = source.lineEnd(lines.offset)
        if lines.isAtEnd { return nil }
        continue
      }
      let next = lines.peek(1)
      switch lines.byte {
      case UInt8(ascii: "-"):
        let isOption = next == UInt8(ascii: "-") || isWordByte(next) && next &- 0x30 >= 10
        return isOption && lines.peek(2) != UInt8(ascii: "-") ? lines.offset : nil
      case UInt8(ascii: "\""), UInt8(ascii: "'"): return lines.offset
      case UInt8(ascii: "<"): return lines.isAtPlaceholder ? lines.offset : nil
      default: return nil
      }
    }
  }

  // MARK: Commands

  /// Reads one command and adds it if it starts a script.
  /// - Returns: Whether the next one begins a line.
  private mutating func readCommand() throws(SyntaxError) -> Bool {
    var words: [ShellLexer.Word] = []
    var state = LaunchState()
    var isAtLineStart = true
    loop: while true {
      lexer.skipBlanks()
      if lexer.isAtComment(isFirst: words.isEmpty) { lexer.skipComment() }
      if lexer.isAtLineEnd {
        if state.hasScript, let next = continuation() {
          lexer.offset = next
          continue
        }
        lexer.offset = source.nextLine(lexer.offset)
        break
      }
      switch lexer.skipOperator(isFirst: words.isEmpty) {
      case .separator:
        isAtLineStart = false
        break loop
      case .redirection:
        lexer.skipBlanks()
        if !lexer.isAtLineEnd, !lexer.isAtOperator { _ = try readWord(state) }
      case nil:
        guard let word = try readWord(state) else { break loop }
        state.add(word)
        // What is not started is not kept.
        if words.isEmpty || state.stage != .ignored { words.append(word) }
      }
    }
    if case .script(let program, let script) = state.stage {
      launches.add(words, program: program, script: script)
    }
    return isAtLineStart
  }

  /// - Returns: Nil if the rest of the line cannot be read and starts no script.
  private mutating func readWord(_ state: LaunchState) throws(SyntaxError) -> ShellLexer.Word? {
    let start = lexer.offset
    do throws(SyntaxError) {
      return try lexer.readWord()
    } catch {
      if state.hasProgram { throw error }
      lexer.offset = source.nextLine(start)
      return nil
    }
  }
}
