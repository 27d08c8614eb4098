import Foundation
import SourceText
import TestSupport
import Testing

@Suite struct ArgumentsPropertyTests {
  /// What is wrong with the places: nodes outside of their command or the file, characters cut in two.
  static func misplaced(_ document: Document) -> [String] {
    let source = document.source
    func isWhole(_ range: Range<Int>) -> Bool {
      DocumentChecks.isWellPlaced(SyntaxError("", at: range), in: source)
    }
    var wrong: [String] = []
    for command in document.root.children {
      var pending = Array(command.children)
      while let node = pending.popLast() {
        for part in [node.keySpan?.bytes, node.span.bytes].compactMap({ $0 }) {
          let isWithin =
            command.span.bytes.lowerBound <= part.lowerBound
            && part.upperBound <= command.span.bytes.upperBound
          if !isWithin || !isWhole(part) { wrong.append("\(node.keyPath) \(part)") }
        }
        pending += Array(node.children)
      }
      for option in command["arguments"].map({ Array($0.children) }) ?? [] {
        let written = option.keySpan.map { source.text(of: $0.bytes) } ?? ""
        if !written.prefix(2).contains("-") { wrong.append("\(option.keyPath) is \(written)") }
      }
    }
    return wrong
  }

  @Test(.enabled(if: SharedFiles.arePresent))
  func shippedCommands() throws {
    var commands = 0
    for file in SharedFiles.all(["sh", "txt", "ps1", "bat"]) {
      let source = SourceFile(path: file.path(), bytes: Array(try Data(contentsOf: file)))
      let text = source.text(of: 0..<source.bytes.count)
      do throws(SyntaxError) {
        let document = try ArgumentsReader.read(source)
        #expect(Self.misplaced(document) == [], "\(file.path())")
        commands += document.root.children.map { $0 }.count
        // In a page of commands only, no option is lost.
        guard text.hasPrefix("accelerate launch"), file.pathExtension == "sh" else { continue }
        let options = text.components(separatedBy: "--").count - 1
        let found = document.root.children.map { command in
          ["launcher", "arguments"].reduce(0) {
            $0 + (command[$1].map { Array($0.children).count } ?? 0)
          }
        }
        #expect(found.reduce(0, +) == options, "\(file.path())")
      } catch {
        // One has a quote too many, the others are options without a command.
        if error.message.hasPrefix("this quote"), text.contains("safetensors\" --ae_path") {
          continue
        }
        let isFragment = !text.contains(".py ") && !text.contains(".py\n")
        #expect(isFragment && error.message.hasPrefix("no command"), "\(file.path()): \(error)")
      }
    }
    #expect(commands > 60)
  }

  /// Words with all kinds of quotes, split by bash and by the reader.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")))
  func agreesWithBash() throws {
    let pieces = [
      "a", "=", "é", "😀", "\\ ", "\\\"", "\\\\", "'b c'", "'\"'", "\"d 'e\"", "\"\\\"\\\\\\x\"",
      "\\\n",
      "''", "$'x\\ty\\''", "#", "a#", ",", ":", "\"f\\\ng\"", "'h\ni'", "]", "+", "@", "%", "^",
    ]
    var random = SplitMix64(seed: 21)
    var script = ""
    var lines: [String] = []
    for _ in 0..<600 {
      let words = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        // Not at the start: `#` begins a comment, and a line break in quotes is none of ours.
        "x" + (0..<Int.random(in: 0...4, using: &random)).map { _ in random.pick(pieces) }.joined()
      }
      let line = words.joined(separator: random.pick([" ", "  ", "\t", " \\\n "]))
      lines.append(line)
      script += "printf '%s\\0' \(line)\nprintf '\\1'\n"
    }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try #require(try output.fileHandleForReading.readToEnd())
    process.waitUntilExit()
    let expected = data.split(separator: 1).map { line in
      line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
    try #require(expected.count == lines.count)
    for (line, words) in zip(lines, expected) {
      let source = SourceFile(path: "a.sh", text: "python a.py \(line)")
      let document = try ArgumentsReader.read(source)
      let found = document.root.children.first { _ in true }?["words"]?.children.map(\.text)
      #expect(found == words, "\(line.debugDescription)")
    }
  }

  private static let alphabet = [
    "python ", "a.py ", "accelerate launch ", "--x", "--y=", "-1", "=", " ", "  ", "\n", "\r\n",
    "\\\n",
    "`\n", "^\n", "\\", "`", "^", "'", "\"", "$", "$(", "${", ")", "}", "(", "{ ", ";", "&", "&&",
    "|",
    ">", "2>&1", "<", "<a b>", "#", "REM ", "::", "<#", "#>", "```\n", "```bash\n", "%X%", "PS> ",
    "...",
    "é", "😀", "\u{3000}", "\u{A0}", "\u{FEFF}", "\0", "\t", "-", "--", "echo ",
  ]

  /// Anything is read or refused, with places that are in the file.
  @Test(arguments: ["a.sh", "a.ps1", "a.bat", "a.txt"])
  func neverCrashes(path: String) throws {
    var random = SplitMix64(seed: 8)
    var read = 0
    for _ in 0..<6000 {
      let start = random.oneIn(4) ? "" : "python a.py "
      let text =
        start
        + (0..<Int.random(in: 0...20, using: &random)).map { _ in
          random.pick(Self.alphabet)
        }.joined()
      let source = SourceFile(path: path, text: text)
      _ = DocumentReader.format(of: source)
      do throws(SyntaxError) {
        let document = try ArgumentsReader.read(source)
        read += 1
        #expect(Self.misplaced(document) == [], "\(text.debugDescription)")
        for node in DocumentChecks.nodes(document) {
          let span = node.span(ofText: 0..<node.text.utf8.count).bytes
          #expect(
            node.span.bytes.lowerBound <= span.lowerBound
              && span.upperBound <= node.span.bytes.upperBound)
        }
      } catch {
        #expect(DocumentChecks.isWellPlaced(error, in: source), "\(text.debugDescription)")
      }
    }
    #expect(read > 1500)
  }

  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      "'", "\"", "$(", "${", "`", "<", "<a", "\\", "\\\n", "`\n", "^ ", "(", "#\n", "'\n", "a \"\n",
      "--x ", "--x=1 ", "- ", "\n--x", "\n#", "x\n", "python ", "python a.py\n",
      "python a.py --x \\\n",
      ">", "2", "2>&", "PS ", "```\n", "$(\n", "\\\"", " ", "python a.py '\n", "-", "é", "\u{3000}",
      "python a.py\n#\n",
    ])
  func isLinear(part: String) {
    for (start, paths) in [("", ["a.txt"]), ("python a.py ", ["a.sh", "a.ps1", "a.bat"])] {
      for path in paths {
        let text = start + String(repeating: part, count: 20_000 / part.utf8.count)
        let source = SourceFile(path: path, text: text)
        let begin = ContinuousClock.now
        _ = DocumentReader.format(of: source)
        _ = try? ArgumentsReader.read(source)
        #expect(
          ContinuousClock.now - begin < .seconds(10), "\(start)\(part.debugDescription) \(path)")
      }
    }
  }
}
