import Foundation
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// Configs people may copy.
@Suite struct PresetTests {
  /// Those that are whole configs, not what configs are made from.
  private static let configs = Repository.files(below: "Presets", ending: ".json").filter {
    !$0.hasSuffix("/recipe.json") && $0.split(separator: "/").count == 3
  }

  @Test(arguments: configs, ["cli", "ui"])
  func hasNothingToReport(_ path: String, _ mode: String) throws {
    let report = try Inspector(options: ReadingOptions(mode: mode))
      .inspect(SourceFile(path: path, text: try Repository.text(path)))
    #expect(report.diagnostics.map { "\($0.rule): \($0.message)" } == [])
  }
}
