import Foundation
import SourceText
import TestSupport
import Testing

@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Formats that other programs read: stored whole, and read by parsers that are not ours.
@Suite struct ReporterFormatTests {
  static let formats = [
    (Reporter.sarif, "sarif"), (.github, "github.txt"), (.gitlab, "gitlab.json"),
    (.junit, "junit.xml"), (.checkstyle, "checkstyle.xml"), (.markdown, "md"),
  ]

  @Test(arguments: ReporterTests.cases, formats.indices)
  func isAsStored(_ case: ReporterTests.Case, _ format: Int) throws {
    let (reporter, ending) = Self.formats[format]
    let name = "\(`case`.name).\(ending)"
    let difference = try ExpectedOutput.difference(
      reporter.render(Self.withHelp(`case`.report), .init()), from: name)
    #expect(
      difference == nil,
      "\(name)\n\(difference.map { "\($0.expected)----\n\($0.found)" } ?? "")")
  }

  private static func withHelp(_ report: Report) -> Report {
    Report(
      files: report.files, failures: report.failures,
      help: { RuleHelp(id: $0, summary: "An example.", markdown: "# \($0)\n", severity: .warning) },
      repositoryPath: { "top/\($0)" })
  }

  /// A file that puts all that needs escaping into every place there is.
  private static let hostile = Report(
    files: [
      ReporterTests.file(
        "a&b <\"c'> ]]>,:%|\u{1B}\u{FFFE}.json", "{\"a\": ⟪\"<&>'|*`\"⟫}",
        severity: .error,
        message: "'<b>&\u{0}]]>' is % no | value\n::error::, \u{FFFF} of `y`",
        fixes: [("write <&>", .safe, "<&>\u{1}")])
    ],
    failures: [ReadFailure(path: "x<&>\u{1}.json", message: "a <b> & \u{8}")])

  @Test(arguments: [Reporter.junit.id, Reporter.checkstyle.id])
  func isXML(_ id: String) throws {
    let reporter = try #require(Reporter.all.first { $0.id == id })
    for report in ReporterTests.cases.map(\.report) + [Self.hostile] {
      let document = try XMLDocument(xmlString: reporter.render(report, .init()))
      let root = try #require(document.rootElement())
      let findings = report.files.reduce(0) { $0 + $1.diagnostics.count }
      if id == "checkstyle" {
        #expect(try root.nodes(forXPath: "file/error").count == findings + report.failures.count)
      } else {
        #expect(
          try root.nodes(forXPath: "testsuite/testcase").count
            == Int(root.attribute(forName: "tests")?.stringValue ?? ""))
        #expect(
          try root.nodes(forXPath: "testsuite/testcase/failure").count
            == Int(root.attribute(forName: "failures")?.stringValue ?? ""))
      }
    }
  }

  @Test(arguments: [Reporter.sarif.id, Reporter.gitlab.id])
  func isJSON(_ id: String) throws {
    let reporter = try #require(Reporter.all.first { $0.id == id })
    for report in ReporterTests.cases.map(\.report) + [Self.hostile] {
      _ = try JSONSerialization.jsonObject(with: Data(reporter.render(report, .init()).utf8))
    }
  }

  /// One line each, errors first, ten of a kind; nothing in a file makes a command of its own.
  @Test func annotationsKeepToTheLimits() {
    let marked = "[" + String(repeating: "⟪1⟫,", count: 12) + "0]"
    let report = Report(files: [
      ReporterTests.file("b.json", marked, severity: .info),
      ReporterTests.file("a.json", marked, severity: .warning),
      ReporterTests.file("c.json", "[⟪1⟫]", severity: .error),
    ])
    let lines = Reporter.github.render(report, .init()).split(separator: "\n")
    #expect(lines.count == 1 + 10 + 1 + 10 + 1)
    #expect(lines[0].hasPrefix("::error file=c.json,line=1,col=2,endColumn=3,title=example-rule::"))
    #expect(lines.count { $0.hasPrefix("::warning ") } == 10)
    #expect(lines[11] == "2 more warnings not shown as annotations")
    #expect(lines.count { $0.hasPrefix("::notice ") } == 10)
    let hostile = Reporter.github.render(Self.hostile, .init()).split(separator: "\n")
    #expect(hostile.count == 2 && hostile.allSatisfy { $0.hasPrefix("::error file=") })
  }

  /// Lines above a finding do not change what it is called; alike ones are told apart.
  @Test func fingerprintsStay() {
    func prints(_ marked: String) -> [String] {
      let file = ReporterTests.file("a.json", marked)
      var fingerprint = Fingerprint()
      return file.diagnostics.map { fingerprint.next($0, in: file, path: file.source.path) }
    }
    let first = prints("{\"a\": ⟪1⟫, \"b\": ⟪1⟫, \"c\": ⟪2⟫}")
    #expect(Set(first).count == 3)
    #expect(prints("{\n\n  \"x\": 0,\n\"a\": ⟪1⟫, \"b\": ⟪1⟫,\n \"c\": ⟪2⟫}") == first)
    #expect(prints("{\"a\": ⟪3⟫}") != [first[0]])
  }
}
