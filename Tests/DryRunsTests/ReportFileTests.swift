import Foundation
import Inspection
import Plans
import RunLogs
import SourceText
import TestSupport
import Testing

@testable import DryRuns

/// What is written for other programs.
@Suite struct ReportFileTests {
  static func report(_ settings: [String: String] = [:], adaptive: Bool = false) throws
    -> DryRunReport
  {
    var dryRun = DryRun(inspector: Inspector(options: ReadingOptions(images: 25)))
    dryRun.basinPoints = 5
    dryRun.steps = 40
    let own =
      adaptive ? ["learning_rate": "1", "optimizer": #"{"optimizer": "PRODIGY"}"#] : settings
    return try dryRun.report(on: Configs.oneTrainer(own))
  }

  @Test(arguments: ["csv", "svg", "html", "xml"])
  func isWrittenAsStored(_ ending: String) throws {
    let report = try Self.report(["learning_rate": "1e-5"])
    let text =
      switch ending {
      case "csv": report.csv
      case "svg": report.svg
      case "html": report.html
      default: report.junit(.stalls)
      }
    let difference = try ExpectedOutput.difference(text, from: "dry-run-files.\(ending)")
    #expect(difference == nil, "\(difference?.found ?? "")")
  }

  @Test(arguments: ["svg", "html", "xml"])
  func isWellFormed(_ kind: String) throws {
    let report = try Self.report(adaptive: true)
    let text =
      switch kind {
      case "svg": report.svg
      case "html": report.html
      default: report.junit(.slow)
      }
    // Every element that is opened is closed, but for those that HTML leaves open.
    var open: [Substring] = []
    for part in text.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
      let tag = part.prefix { $0 != ">" }
      if tag.hasPrefix("!") || tag.hasPrefix("?") || tag.hasSuffix("/") || tag.hasPrefix("meta") {
        continue
      }
      if tag.hasPrefix("/") {
        #expect(open.popLast() == tag.dropFirst())
      } else {
        open.append(tag.prefix { $0 != " " })
      }
    }
    #expect(open.isEmpty)
  }

  /// Reads the records back, as TensorBoard does.
  @Test func eventsAreRecords() throws {
    let report = try Self.report(adaptive: true)
    let bytes = EventFile(report).bytes
    var place = 0
    var count = 0
    while place < bytes.count {
      let head = Array(bytes[place..<place + 8])
      let length = head.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
      func number(_ at: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
      }
      #expect(number(place + 8) == Checksum.masked(head))
      let data = Array(bytes[place + 12..<place + 12 + length])
      #expect(number(place + 12 + length) == Checksum.masked(data))
      place += 16 + length
      count += 1
    }
    #expect(place == bytes.count)
    // The version, and loss, rate and d × rate of each step.
    #expect(count == 1 + 3 * 40)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(["loss/train_step", "lr/unet", "lr/d*lr/unet"].allSatisfy(text.contains))
  }
}
