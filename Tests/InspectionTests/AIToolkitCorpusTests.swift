import Foundation
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// The jobs that ai-toolkit ships.
@Suite(.enabled(if: SharedFiles.arePresent))
struct AIToolkitCorpusTests {
  static let all = SharedFiles.all(["yaml", "yml"]).filter {
    $0.path().contains("/configs/ai-toolkit/")
  }
  static let broken = "train_lora_omnigen2_24gb.yaml"
  static let trainings = all.filter {
    let name = $0.lastPathComponent
    return name.contains("train") && name != broken
  }

  static func source(_ url: URL) throws -> SourceFile {
    SourceFile(path: url.path(percentEncoded: false), bytes: Array(try Data(contentsOf: url)))
  }

  @Test func areAllThere() { #expect(Self.all.count == 16 && Self.trainings.count == 13) }

  @Test(arguments: trainings)
  func isRecognized(_ url: URL) throws {
    let reports = try Inspector().inspect(Self.source(url))
    #expect(reports.map(\.backend) == ["ai-toolkit"])
  }

  /// One line each: what is found in them is so.
  @Test(arguments: trainings)
  func hasNoError(_ url: URL) throws {
    let found = try Inspector().inspect(Self.source(url)).diagnostics
    let words = found.map { "\($0.keyPath) [\($0.rule)]" }
    switch url.lastPathComponent {
    case "train_lora_wan21_14b_24gb.yaml":
      #expect(words == ["config.process[0].train.unload_text_encoder [questionable-setting]"])
    default: #expect(words == [])
    }
  }

  @Test(arguments: ["extract.example.yml", "generate.example.yaml"])
  func isAnotherKindOfJob(_ name: String) throws {
    let url = try #require(Self.all.first { $0.lastPathComponent == name })
    let failure = try #require(throws: ReadFailure.self) {
      try Inspector().inspect(Self.source(url))
    }
    #expect(failure.isOtherKind)
    #expect(failure.message.contains("a job of ai-toolkit"))
  }

  /// A quote is missing in line 64.
  @Test func theBrokenExampleIsPointedAt() throws {
    let url = try #require(Self.all.first { $0.lastPathComponent == Self.broken })
    let source = try Self.source(url)
    let failure = try #require(throws: ReadFailure.self) { try Inspector().inspect(source) }
    let bytes = try #require(failure.bytes)
    #expect(
      LineTable(of: source).position(of: bytes.lowerBound) == LineColumn(line: 64, column: 23))
    #expect(source.text(of: bytes) == "\"OmniGen2/OmniGen2")
  }

  @Test(arguments: trainings)
  func isRepairedWithoutHarm(_ url: URL) throws {
    let source = try Self.source(url)
    for includesUnsafe in [false, true] {
      let repair = Repair(Inspector(), includesUnsafe: includesUnsafe)
      let once = try repair.repair(source)
      let twice = try repair.repair(once.source)
      #expect(twice.source.bytes == once.source.bytes, "a second repair changes more")
      #expect(throws: Never.self) { try DocumentReader.read(once.source) }
    }
  }

  /// A value in every line as a wrong one: none makes a repair fail, and all findings lie in the file.
  @Test(arguments: trainings)
  func takesBruises(_ url: URL) throws {
    let text = String(decoding: try Self.source(url).bytes, as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (place, line) in lines.enumerated() {
      guard let colon = line.firstIndex(of: ":"), !line.drop(while: { $0 == " " }).hasPrefix("#")
      else { continue }
      // Over the files, every key of note meets several.
      let value = Self.bruises[(place + lines.count) % Self.bruises.count]
      var bruised = lines
      bruised[place] = line[...colon] + value
      let source = SourceFile(path: "job.yaml", text: bruised.joined(separator: "\n"))
      guard let document = try? DocumentReader.read(source), document.root.kind == .mapping else {
        continue
      }
      do throws(ReadFailure) {
        let repair = Repair(Inspector(backend: "ai-toolkit"), includesUnsafe: true)
        let once = try repair.repair(source)
        for diagnostic in once.reports.flatMap(\.diagnostics) {
          #expect(diagnostic.span.bytes.upperBound <= once.source.bytes.count)
        }
      } catch {
        Issue.record("line \(place + 1) with '\(value)': \(error.message)")
      }
    }
  }

  private static let bruises = [
    "", " \"x\"", " 1e4", " [1, 2]", " {a: b}", " null", " ${X}", " 2026-01-31", " true",
  ]
}
