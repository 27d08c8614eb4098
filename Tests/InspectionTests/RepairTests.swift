import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

@Suite struct RepairTests {
  private func repair(_ text: String, unsafe: Bool) throws -> (text: String, left: [String]) {
    let outcome = try Repair(Inspector(), includesUnsafe: unsafe)
      .repair(SourceFile(path: "config.json", text: text))
    return (
      String(decoding: outcome.source.bytes, as: UTF8.self), outcome.diagnostics.map(\.rule)
    )
  }

  @Test func appliesSafeFixesOnly() throws {
    let text = """
      {
        "__version": 11,
        "learning_rate_scheduler": "cosine",
        "learning_rate": 0.0001,
        "optimizer": {"optimizer": "PRODIGY", "slice_p": 11}
      }

      """
    let (safe, left) = try repair(text, unsafe: false)
    #expect(safe == text.replacing("\"cosine\"", with: "\"COSINE\""))
    #expect(left.contains("adaptive-learning-rate-not-one"))
  }

  /// Comments JSON has none, but blanks, order, number spelling and line ends are the user's.
  @Test func leavesEverythingElseAsItIs() throws {
    let text =
      "{\r\n\t\"epochs\" :  1e2,\r\n\t\"__version\": 11,\r\n\t\"output_model_format\":\"DIFFUSERS\",\r\n\t\"text_encoder\":{\"train\":false},\r\n\t\"workspace_dir\":\"日本\\u00e9\",\r\n\t\"clip_grad_norm\":0.0\r\n}"
    let (fixed, _) = try repair(text, unsafe: true)
    #expect(fixed.replacing("null", with: "0.0") == text)
  }

  @Test func namesTheVersionAndGoesOn() throws {
    let text =
      #"{"training_method": "LORA", "model_type": "FLUX_DEV_1", "learning_rate_scheduler": "cosine"}"#
    let (fixed, _) = try repair(text, unsafe: false)
    #expect(fixed.contains(#""__version": 11"#))
    #expect(fixed.contains(#""COSINE""#))
  }

  @Test(arguments: RuleCase.all.filter(\.example.isFlagged))
  func comesToRest(_ case: RuleCase) throws {
    let example = `case`.example
    let source = SourceFile(path: example.name, text: MarkedText(example.marked).text)
    let inspector = Inspector(backend: example.backend, options: ReadingOptions(mode: example.mode))
    for unsafe in [false, true] {
      let repair = Repair(inspector, includesUnsafe: unsafe)
      let once = try repair.repair(source)
      #expect(try repair.repair(once.source).source.bytes == once.source.bytes)
      #expect(
        once.diagnostics.allSatisfy { diagnostic in
          !diagnostic.fixes.contains { unsafe || $0.safety == .safe }
        }, "fixes are left over: \(once.diagnostics.map(\.rule))")
    }
  }
}
