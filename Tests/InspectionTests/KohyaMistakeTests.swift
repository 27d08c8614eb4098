import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// A clean file, one change, and what is to be found.
struct KohyaMistake: Sendable, CustomTestStringConvertible {
  /// Which of ``KohyaBase``.
  let base: String
  let old: String
  let new: String
  let rule: String
  let keyPath: String
  let severity: Severity

  init(
    _ base: String, _ old: String, _ new: String, _ rule: String, _ keyPath: String,
    _ severity: Severity = .error
  ) {
    self.base = base
    self.old = old
    self.new = new
    self.rule = rule
    self.keyPath = keyPath
    self.severity = severity
  }

  var testDescription: String { "\(base): \(new)" }
}

@Suite struct KohyaMistakeTests {
  private static func diagnostics(_ text: String, _ path: String) throws -> [Diagnostic] {
    let neighbours = Neighbours { name in
      name == path ? nil : KohyaBase.all[name].map { SourceFile(path: name, text: $0) }
    }
    return try Inspector().inspect(SourceFile(path: path, text: text), neighbours: neighbours)
      .diagnostics
  }

  @Test(arguments: KohyaBase.all.keys.sorted())
  func basesAreClean(_ name: String) throws {
    let found = try Self.diagnostics(try #require(KohyaBase.all[name]), name)
    #expect(found.map { "\($0.keyPath): \($0.message) [\($0.rule)]" } == [])
  }

  @Test(arguments: KohyaMistake.all)
  func isFoundAtItsKey(_ mistake: KohyaMistake) throws {
    let base = try #require(KohyaBase.all[mistake.base])
    #expect(base.contains(mistake.old), "no such text")
    let text = base.replacing(mistake.old, with: mistake.new, maxReplacements: 1)
    let found = try Self.diagnostics(text, mistake.base)
    let words = found.map { "\($0.severity) \($0.keyPath): \($0.message) [\($0.rule)]" }
    let hits = found.filter { $0.rule == mistake.rule && $0.keyPath == mistake.keyPath }
    #expect(hits.map(\.severity) == [mistake.severity], "\(words)")
    // One mistake is reported once.
    let errors = found.count { $0.severity == .error }
    #expect(errors <= (mistake.severity == .error ? 1 : 0), "\(words)")
  }

  @Test func areMany() { #expect(KohyaMistake.all.count >= 100) }
}
