import Foundation
import SourceText
import TestSupport
import Testing

@testable import Memory

/// Estimates against runs that somebody measured.
@Suite struct AccuracyTests {
  static let tables = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/vram/simpletuner.csv")

  @Test(.enabled(if: FileManager.default.fileExists(atPath: tables.path())))
  func isWithinItsTargets() throws {
    let text = try String(contentsOf: Self.tables, encoding: .utf8)
    let runs = try MeasuredRun.read(SourceFile(path: "rows.csv", text: text)) { example in
      MeasuredExample(
        pixels: example.hasPrefix("sd3") || example.contains("sana") || example.contains("qwen")
          || example.contains("zlab") || example.contains("ideogram") ? 1024 : 512)
    }
    let summary = try #require(Accuracy.Summary(Accuracy(runs).pairs))
    #expect(summary.count > 100)
    #expect(summary.median <= 0.05)
    #expect(summary.ninth <= 0.25)
    #expect(summary.covered >= 0.9)
  }

  static let heads =
    "source,model,method,rank,optimizer,batch,resolution,weight_precision,grad_checkpoint,"
    + "other_options,gib_reported,kind\n"

  @Test(
    arguments: [
      (
        "SimpleTuner/a,sd3 [SD3],PEFT LoRA,16,adamw_bf16,1,512,bf16,off,gpu=H100,7.0,measured", true
      ),
      (
        "SimpleTuner/a,nobody [x],PEFT LoRA,16,adamw_bf16,1,512,bf16,off,gpu=H100,7.0,measured",
        false
      ),
      (
        "SimpleTuner/a,sd3 [SD3],PEFT LoRA,16,adamw_bf16,,512,bf16,off,gpu=H100,7.0,measured", false
      ),
      (
        "SimpleTuner/a,sd3 [SD3],PEFT LoRA,16,adamw_bf16,1,512,odd,off,gpu=H100,7.0,measured", false
      ),
    ])
  func readsRows(row: String, isEstimated: Bool) throws {
    let runs = try MeasuredRun.read(SourceFile(path: "a.csv", text: Self.heads + row))
    #expect(Accuracy(runs).pairs.count == (isEstimated ? 1 : 0))
  }
}
