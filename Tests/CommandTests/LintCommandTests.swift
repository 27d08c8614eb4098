import Foundation
import SourceText
import TestSupport
import Testing

/// `tuneup lint`, from outside: what goes where, and how it ends.
@Suite struct LintCommandTests {
  static let flawed =
    #"{"__version": 11, "learning_rate": 0.0001, "optimizer": {"optimizer": "PRODIGY", "slice_p": 11}}"#
  static let clean =
    #"{"__version": 11, "training_method": "LORA", "output_model_format": "DIFFUSERS_LORA"}"#

  @Test func reportsOnStandardOutput() throws {
    let outcome = try Program.run("lint", "--format", "concise", "-", input: Self.flawed)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("stdin:1:36: error: a learning rate of 0.0001"))
    #expect(outcome.errors.isEmpty)
  }

  /// What is called, what is handed in, and how it must end.
  struct Call: Sendable {
    let arguments: String
    let input: String
    let status: Int32

    init(_ arguments: String, _ input: String, _ status: Int32) {
      self.arguments = arguments
      self.input = input
      self.status = status
    }
  }

  static let calls = [
    Call("lint --fail-on never -", flawed, 0), Call("lint --fail-on error -", flawed, 1),
    Call(
      "lint --ignore adaptive-learning-rate-not-one --select adaptive-learning-rate-not-one -",
      flawed, 0),
    Call("lint --select repeated-key -", flawed, 0),
    Call("lint --select adaptive-learning-rate-not-one -", flawed, 1),
    Call("lint --select no-such-rule -", flawed, 2), Call("lint --format xml -", flawed, 2),
    Call("lint --backend onetrainr -", flawed, 2), Call("lint --mode gui -", flawed, 2),
    Call("lint --nonsense -", flawed, 2), Call("lint -", "{", 2), Call("lint -", "", 2),
    Call("lint -", "{\"a\": 1}", 2), Call("lint -", "[]", 2),
    Call("lint /no/such/file.json", "", 2),
    Call("lint /dev/null", "", 2), Call("nonsense", "", 2), Call("--help", "", 0),
    Call("lint --help", "", 0), Call("--version", "", 0),
  ]

  @Test(arguments: calls)
  func endsAsDocumented(_ call: Call) throws {
    let arguments = call.arguments.split(separator: " ").map(String.init)
    let outcome = try Program.run(arguments, input: call.input)
    #expect(outcome.status == call.status, "\(outcome.output)\(outcome.errors)")
    if call.status == 2 { #expect(!outcome.errors.isEmpty) }
  }

  @Test func saysWhereTheSyntaxEnds() throws {
    let outcome = try Program.run("lint", "--format", "json", "-", input: "{\n  \"a\": tru\n}")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("stdin:2:8: error: 'tru' is no JSON value"))
    #expect(outcome.output.contains("\"failures\""))
  }

  @Test func nearMissesAreNamed() throws {
    let outcome = try Program.run(
      "lint", "--select", "adaptive-learning-rate-not-on", "-", input: Self.flawed)
    #expect(outcome.errors.contains("Did you mean 'adaptive-learning-rate-not-one'?"))
  }

  @Test func jsonHasTheDocumentedKeys() throws {
    let outcome = try Program.run("lint", "--format", "json", "-", input: Self.flawed)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["version"] as? Int == 1)
    let files = try #require(object["files"] as? [[String: Any]])
    #expect(files.count == 1)
    #expect(files[0]["backend"] as? String == "onetrainer")
    let findings = try #require(files[0]["findings"] as? [[String: Any]])
    let finding = try #require(
      findings.first { $0["rule"] as? String == "adaptive-learning-rate-not-one" })
    #expect(
      Set(finding.keys) == [
        "rule", "severity", "consequence", "message", "why", "keyPath", "range", "related", "fixes",
        "url",
      ])
    #expect(finding["keyPath"] as? String == "learning_rate")
    let range = try #require(finding["range"] as? [String: [String: Int]])
    #expect(
      range == [
        "start": ["line": 1, "column": 36, "offset": 35],
        "end": ["line": 1, "column": 42, "offset": 41],
      ])
    let summary = try #require(object["summary"] as? [String: Int])
    #expect(Set(summary.keys) == ["files", "errors", "warnings", "infos", "fixable"])
  }

  @Test func searchesFolders() throws {
    try TemporaryFolder.with([
      "a.json": Self.flawed, "sub/b.json": Self.clean, "sub/concepts.json": "[]", "notes.txt": "x",
      ".hidden/c.json": Self.flawed, "package.json": "{\"name\": \"x\"}",
    ]) { folder in
      let outcome = try Program.run("lint", "--format", "json", in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.output.contains("\"path\": \"a.json\""))
      #expect(outcome.output.contains("\"path\": \"sub/b.json\""))
      #expect(outcome.output.contains("\"files\": 2"))
      #expect(outcome.errors.isEmpty)
    }
  }

  @Test func fixesInPlace() throws {
    let text = Self.flawed.replacing("\"PRODIGY\"", with: "\"PRODGIY\"")
    try TemporaryFolder.with(["a.json": text]) { folder in
      let file = folder.appending(path: "a.json")
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path())
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "link.json"), withDestinationURL: file)
      let preview = try Program.run("lint", "--fix", "--diff", "link.json", in: folder)
      #expect(preview.output.contains("--- link.json\n+++ link.json\n@@ -1,1 +1,1 @@"))
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
      let outcome = try Program.run(
        "lint", "--fix", "--unsafe-fixes", "--fail-on", "never", "link.json", in: folder)
      #expect(outcome.status == 0)
      let fixed = try String(contentsOf: file, encoding: .utf8)
      #expect(fixed.contains("\"PRODIGY\"") && fixed.contains("\"learning_rate\": 1,"))
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path())
      #expect(attributes[.posixPermissions] as? Int == 0o640)
      let link = try FileManager.default.attributesOfItem(
        atPath: folder.appending(path: "link.json").path())
      #expect(link[.type] as? FileAttributeType == .typeSymbolicLink)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).count == 2)
    }
  }

  @Test func filtersStandardInput() throws {
    let outcome = try Program.run("lint", "--fix", "--unsafe-fixes", "-", input: Self.flawed)
    #expect(outcome.output.hasPrefix(Self.flawed.replacing("0.0001", with: "1").prefix(60)))
  }

  @Test func isPlainWithoutATerminal() throws {
    let outcome = try Program.run("lint", "-", input: Self.flawed)
    #expect(!outcome.output.contains("\u{1B}"))
  }

  /// Bad input of every kind ends with a message and 2, in bounded time.
  static let broken: [(String, Data)] = [
    ("truncated", Data(#"{"__version": 11, "learning_rate": 0.00"#.utf8)),
    ("deep", Data(String(repeating: "[", count: 200_000).utf8)),
    ("deepObjects", Data(String(repeating: "{\"a\":", count: 200_000).utf8)),
    ("binary", Data((0..<4096).map { UInt8($0 % 256) })),
    ("latin1", Data([0x7B, 0x22, 0xE9, 0x22, 0x3A, 0x31, 0x7D])),
    ("utf16", Data([0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00])),
  ]

  @Test(arguments: broken)
  func survives(_ name: String, _ bytes: Data) throws {
    try TemporaryFolder.with { folder in
      try bytes.write(to: folder.appending(path: "\(name).json"))
      let outcome = try Program.run("lint", "\(name).json", in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("\(name).json"))
    }
  }

  @Test func survivesOneHugeText() throws {
    try TemporaryFolder.with { folder in
      let text =
        #"{"__version": 11, "base_model_name": ""# + String(repeating: "x", count: 50 << 20)
        + #""}"#
      try text.write(to: folder.appending(path: "huge.json"), atomically: false, encoding: .utf8)
      let outcome = try Program.run("lint", "--format", "concise", "huge.json", in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.output.utf8.count < 10_000)
    }
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func saysWhatItMayNotRead() throws {
    try TemporaryFolder.with(["a.json": Self.clean]) { folder in
      let file = folder.appending(path: "a.json")
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: file.path())
      let outcome = try Program.run("lint", "a.json", in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("no permission"))
    }
  }

  @Test func acceptsMarksAndLineBreaksOfWindows() throws {
    let text = "\u{FEFF}{\r\n  \"__version\": 11,\r\n  \"epochs\": \"3\"\r\n}"
    let outcome = try Program.run(
      "lint", "--format", "concise", "--stdin-filename", "w.json", "-", input: text)
    #expect(outcome.output.contains("w.json:1:1: error: the file begins with a byte-order mark"))
    #expect(outcome.output.contains("w.json:3:13: info: \"3\" is read as 3"))
  }
}

/// The plainest calls are read by hand; they must do what the parser makes of them.
@Suite struct PlainCallTests {
  @Test(arguments: [
    ["a.json"], ["--format", "concise", "a.json"], ["a.json", "--format", "json"], [],
  ])
  func isReadAsTheParserReadsIt(_ arguments: [String]) throws {
    try TemporaryFolder.with(["a.json": LintCommandTests.flawed]) { folder in
      let plain = try Program.run(["lint"] + arguments, in: folder)
      // An option with its default takes the call to the parser.
      let parsed = try Program.run(["lint", "--fail-on", "error"] + arguments, in: folder)
      #expect(plain.output == parsed.output)
      #expect(plain.status == parsed.status)
    }
  }
}

@Suite struct OutputTests {
  @Test func writesReportsBesideTheOneThatIsPrinted() throws {
    try TemporaryFolder.with(["a.json": LintCommandTests.flawed]) { folder in
      let outcome = try Program.run(
        "lint", "--format", "concise", "--output", "json=report.json", "--output",
        "pretty=report.txt", "a.json", in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.output.hasPrefix("a.json:1:"))
      let json = try String(contentsOf: folder.appending(path: "report.json"), encoding: .utf8)
      #expect(try json == Program.run("lint", "--format", "json", "a.json", in: folder).output)
      let text = try String(contentsOf: folder.appending(path: "report.txt"), encoding: .utf8)
      #expect(text.contains("^~~"))
    }
  }

  @Test(arguments: ["json", "=x", "xml=report.xml", "json=", "json=no/such/folder/report.json"])
  func refusesWhatCannotBeWritten(_ target: String) throws {
    try TemporaryFolder.with(["a.json": LintCommandTests.flawed]) { folder in
      let outcome = try Program.run("lint", "--output", target, "a.json", in: folder)
      #expect(outcome.status == 2)
      #expect(!outcome.errors.isEmpty)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["a.json"])
    }
  }

  @Test func suggestsACommand() throws {
    let outcome = try Program.run("lnt", "a.json")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("Did you mean 'lint'?"))
  }
}
