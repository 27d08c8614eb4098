import Foundation
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// Configs people may copy.
@Suite struct PresetTests {
  @Test(arguments: Repository.files(below: "Presets", ending: ".json"), ["cli", "ui"])
  func hasNothingToReport(_ path: String, _ mode: String) throws {
    let report = try Inspector(options: ReadingOptions(mode: mode))
      .inspect(SourceFile(path: path, text: try Repository.text(path)))
    #expect(report.diagnostics.map { "\($0.rule): \($0.message)" } == [])
  }
}
