import Advice
import Foundation
import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// Advice on the configs of the trainers' own repositories.
@Suite(.enabled(if: SharedFiles.arePresent))
struct AdviceCorpusTests {
  /// After the advice is written, lint finds no error and no warning that was not there, and there is
  /// no more advice.
  @Test func neverContradictsLint() throws {
    let inspector = Inspector()
    var advised = 0
    for url in SharedFiles.all(["json", "yaml", "yml", "toml", "env", "sh", "ps1", "txt"]) {
      let path = url.path()
      guard let source = try? FileInput.read(path) else { continue }
      let neighbours = FileInput.neighbours(of: path)
      let outcome: Adviser.Outcome
      do throws(ReadFailure) {
        outcome = try Adviser(inspector).advise(source, neighbours: neighbours)
      } catch {
        continue
      }
      if outcome.advice.isEmpty {
        #expect(outcome.source.bytes == source.bytes)
        continue
      }
      advised += 1
      func troubles(_ source: SourceFile) throws -> [String: Int] {
        try inspector.inspect(source, neighbours: neighbours).flatMap(\.diagnostics).filter {
          $0.severity >= .warning
        }.reduce(into: [:]) { $0["\($1.rule) \($1.severity)", default: 0] += 1 }
      }
      let before = try troubles(source)
      let new = try troubles(outcome.source).filter { $0.value > before[$0.key, default: 0] }
      #expect(new == [:], "\(path)")
      let again = try Adviser(inspector).advise(outcome.source, neighbours: neighbours)
      #expect(again.advice.map(\.keyPath) == [], "\(path)")
    }
    #expect(advised >= 20)
  }
}
