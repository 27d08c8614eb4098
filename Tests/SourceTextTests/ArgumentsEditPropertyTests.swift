import Foundation
import SourceText
import TestSupport
import Testing

/// Every change of every option, in shipped and in generated commands: read again, only that option
/// has changed.
@Suite struct ArgumentsEditPropertyTests {
  /// The commands, each as its parts.
  typealias Commands = [[[String]]]

  private static func commands(_ document: Document) -> Commands {
    document.root.children.map { command in
      ["launcher", "script", "arguments", "words"].map { part in
        guard let node = command[part] else { return [] }
        if node.kind == .mapping {
          return node.children.map { "\($0.key ?? "")\(ArgumentsOutline.value($0))" }
        }
        return [ArgumentsOutline.value(node)]
      }
    }
  }

  private struct Checker {
    let document: Document
    let before: Commands
    var made = 0
    var refused = 0

    init(_ document: Document) {
      self.document = document
      before = commands(document)
    }

    mutating func check(_ edits: [TextEdit]?, _ place: (Int, Int), _ change: ([String]) -> [String])
    {
      guard let edits else {
        refused += 1
        return
      }
      made += 1
      var expected = before
      expected[place.0][place.1] = change(expected[place.0][place.1])
      let source = document.source
      let (bytes, _) = source.applying([Fix(title: "", safety: .safe, edits: edits)])
      let after = try? ArgumentsReader.read(SourceFile(path: source.path, bytes: bytes))
      #expect(
        after.map(commands) == expected,
        "\(source.text(of: 0..<source.bytes.count))\n=>\n\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  static let values: [[String]] = [
    ["1"], ["0.5"], ["a b"], ["it's"], ["x=\"y\""], ["C:\\new\\x"], ["a", "b=0.9,0.99"], ["日 本"],
    ["#"], ["a;b&c|d>e"], ["-x"], ["(a)"], ["~"], ["a^b"], ["<x"], ["*"], [""], ["{a}"], ["a, b"],
    ["1e-4"],
  ]

  private static func run(_ document: Document, _ random: inout SplitMix64, oneIn share: Int = 1)
    -> (made: Int, refused: Int)
  {
    var checker = Checker(document)
    let editor = document.editor
    for (number, command) in document.root.children.enumerated() {
      for (part, name) in [(0, "launcher"), (2, "arguments")] {
        guard let mapping = command[name] else { continue }
        let value = random.pick(values)
        let written = value.count == 1 ? "=\(value[0])" : "[\(value.joined(separator: ","))]"
        checker.check(editor.insert(key: "new", .texts(value), into: mapping), (number, part)) {
          $0 + ["new" + written]
        }
        checker.check(editor.insert(key: "flag", .boolean(true), into: mapping), (number, part)) {
          $0 + ["flag!"]
        }
        for (place, option) in mapping.children.enumerated() where random.oneIn(share) {
          let key = option.key ?? ""
          let value = random.pick(values)
          let written = value.count == 1 ? "=\(value[0])" : "[\(value.joined(separator: ","))]"
          checker.check(editor.replace(option, with: .texts(value)), (number, part)) {
            var options = $0
            options[place] = key + written
            return options
          }
          checker.check(editor.rename(option, to: "renamed"), (number, part)) {
            var options = $0
            options[place] = "renamed" + options[place].dropFirst(key.count)
            return options
          }
          checker.check(editor.remove(option), (number, part)) {
            var options = $0
            options.remove(at: place)
            return options
          }
          guard option.kind == .sequence, let word = option.children.first(where: { _ in true })
          else { continue }
          let rest = option.children.dropFirst().map(\.text)
          checker.check(editor.remove(word), (number, part)) {
            var options = $0
            options[place] =
              key + (rest.count == 1 ? "=\(rest[0])" : "[\(rest.joined(separator: ","))]")
            return options
          }
        }
      }
    }
    return (checker.made, checker.refused)
  }

  @Test(.enabled(if: SharedFiles.arePresent))
  func shippedCommands() throws {
    var (made, refused) = (0, 0)
    var random = SplitMix64(seed: 4)
    for file in SharedFiles.all(["sh", "txt", "ps1", "bat"]) {
      let source = SourceFile(path: file.path(), bytes: Array(try Data(contentsOf: file)))
      guard let document = try? ArgumentsReader.read(source), document.repeatedKeys.isEmpty else {
        continue
      }
      let counts = Self.run(document, &random)
      made += counts.made
      refused += counts.refused
    }
    #expect(made > 1500 && refused * 5 < made, "\(made) made, \(refused) refused")
  }

  @Test(arguments: ["a.sh", "a.ps1", "a.bat"])
  func generatedCommands(path: String) throws {
    var (made, refused) = (0, 0)
    var random = SplitMix64(seed: 6)
    for _ in 0..<250 {
      let text = Self.generate(path, &random)
      let document = try ArgumentsReader.read(SourceFile(path: path, text: text))
      let counts = Self.run(document, &random, oneIn: 2)
      made += counts.made
      refused += counts.refused
    }
    #expect(made > 1500 && refused < made, "\(made) made, \(refused) refused")
  }

  private static func generate(_ path: String, _ random: inout SplitMix64) -> String {
    let joiner = path == "a.sh" ? "\\" : path == "a.ps1" ? "`" : "^"
    let lineBreak = random.oneIn(3) ? "\r\n" : "\n"
    let style = random.pick([
      " ", "  ", " \(joiner)\(lineBreak)  ", "\(lineBreak)", "\(lineBreak)    ",
    ])
    var values = ["1", "1e-4", "a=b", "\"a b\"", "\"\"", "日", "C:/x", "<a b>", "-1", "\"a\"=\"b\""]
    values +=
      path == "a.bat"
      ? ["'x", "\"C:\\\\\"", "a;b"] : ["'a \"b'", "''", "$X", "${X}\"y\"", "$(a \"b\")"]
    func options(_ count: Int, _ separator: String) -> String {
      (0..<count).map { number in
        let name = random.pick(["--", "--", "-"]) + random.pick(["a", "b_c", "d-e"]) + "\(number)"
        let quote = random.oneIn(8)
        let value: String
        switch Int.random(in: 0..<5, using: &random) {
        case 0: value = ""
        case 1, 2: value = "=" + (quote ? "x" : random.pick(values))
        default:
          value = (0...Int.random(in: 0...2, using: &random)).map { _ in
            random.pick([" ", " ", separator == lineBreak ? " " : separator])
              + random.pick(["1", "x=2", "\"a b\"", "-1"])
          }.joined()
        }
        let word = quote && !value.contains(" ") ? "\"\(name)\(value)\"" : name + value
        return separator + word
      }.joined()
    }
    let start = random.pick(["python", "accelerate launch", "\"x y/python\""])
    let words = random.pick(["", "", " data", " \"a b\" c"])
    let end = random.pick([
      "", lineBreak, " \(joiner)\(lineBreak)", "\(lineBreak)\(lineBreak)echo x", "  ",
    ])
    return random.pick(["", "cd x\(lineBreak)", "cd x && "]) + start
      + options(Int.random(in: 0...2, using: &random), " ") + " t.py" + words
      + options(Int.random(in: 0...5, using: &random), style) + end
  }
}
