import Foundation
import Inspection
import Memory
import Reporting
import SourceText
import TestSupport
import Testing

/// The memory of the trainers' own configs.
@Suite(.enabled(if: SharedFiles.arePresent))
struct MemoryCorpusTests {
  static let configs = SharedFiles.all(["json", "yaml", "yml", "toml", "sh"]).filter {
    $0.path().contains("/configs/") && !$0.path().contains("/_")
  }

  /// Every fourth config of each ending with every card; nothing stops the tool, and the numbers agree.
  @Test func everyConfigIsAnsweredForEveryCard() throws {
    var estimates = 0
    for (place, url) in Self.configs.enumerated() {
      let source = try CorpusTests.source(url)
      let neighbours = FileInput.neighboursByName(of: source.path)
      var inspection = MemoryInspection(Inspector())
      let cards = place % 4 == 0 ? GPU.known : [.unknown]
      for card in cards {
        inspection.gpu = card
        guard
          let reports = try? inspection.estimates(
            source, neighbours: neighbours, withSavings: false)
        else { break }
        for report in reports {
          guard let estimate = try? report.outcome.get() else { continue }
          estimates += 1
          #expect(estimate.components.reduce(0) { $0 + $1.bytes } == estimate.peakBytes)
          #expect(estimate.lowBytes <= estimate.peakBytes, "\(source.path)")
          #expect(estimate.peakBytes <= estimate.highBytes, "\(source.path)")
        }
      }
    }
    #expect(estimates > 200, "\(estimates)")
  }

  /// What a terminal shows fits into 80 columns: the estimate, and the search for what fits.
  @Test func isReadableIn80Columns() throws {
    var shown = 0
    for (place, url) in Self.configs.enumerated() {
      let full = try CorpusTests.source(url)
      let source = SourceFile(path: url.lastPathComponent, bytes: full.bytes)
      let neighbours = FileInput.neighboursByName(of: full.path)
      let inspection = MemoryInspection(Inspector())
      guard let reports = try? inspection.estimates(source, neighbours: neighbours) else {
        continue
      }
      var text = ""
      for report in reports { text += report.text(.init(width: 80)) }
      // The search reads a file hundreds of times.
      if place % 4 == 0,
        let outcome = try? inspection.fit(source, into: 6 << 30, neighbours: neighbours)
      {
        // The diff shows the user's own lines as they are.
        let lines = outcome.text(source, 6 << 30, .init(width: 80)).split(separator: "\n")
        text += lines.prefix { !$0.hasPrefix("---") }.joined(separator: "\n")
      }
      for line in text.split(separator: "\n") where line.count > 80 {
        Issue.record("\(url.path()): \(line)")
      }
      shown += 1
    }
    #expect(shown > 100, "\(shown)")
  }
}
