import Foundation
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// The trainers' own configs: every one is read, and none has an error that is not one.
@Suite(.enabled(if: SharedFiles.arePresent))
struct CorpusTests {
  static let configs = SharedFiles.all(["json"]).filter {
    $0.path().contains("/configs/onetrainer/")
  }

  static func source(_ url: URL) throws -> SourceFile {
    SourceFile(path: url.path(percentEncoded: false), bytes: Array(try Data(contentsOf: url)))
  }

  @Test(arguments: configs)
  func isRecognized(_ url: URL) throws {
    let report = try Inspector().inspect(Self.source(url))
    #expect(report.map(\.backend) == ["onetrainer"])
  }

  @Test(arguments: configs)
  func hasNoError(_ url: URL) throws {
    let report = try Inspector().inspect(Self.source(url))
    #expect(report.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
  }

  /// Also as a config of the command line, once it says its version.
  @Test(arguments: configs)
  func isRepairedWithoutHarm(_ url: URL) throws {
    let source = try Self.source(url)
    for mode in ["ui", "cli"] {
      let inspector = Inspector(options: ReadingOptions(mode: mode))
      for includesUnsafe in [false, true] {
        let repair = Repair(inspector, includesUnsafe: includesUnsafe)
        let once = try repair.repair(source)
        let twice = try repair.repair(once.source)
        #expect(twice.source.bytes == once.source.bytes, "a second repair changes more")
        #expect(throws: Never.self) { try DocumentReader.read(once.source) }
      }
    }
  }

  @Test(arguments: configs)
  func findingsLieInTheFile(_ url: URL) throws {
    let source = try Self.source(url)
    for diagnostic in try Inspector().inspect(source).diagnostics {
      for span in [diagnostic.span] + diagnostic.related.map(\.span) {
        #expect(span.bytes.lowerBound >= 0 && span.bytes.upperBound <= source.bytes.count)
      }
    }
  }
}
