import Inspection
import Plans
import Reporting
import SourceText
import TestSupport
import Testing

/// A clean job, one change, and what is to be found.
struct JobMistake: Sendable, CustomTestStringConvertible {
  /// Which of ``JobBase``.
  let base: String
  /// A line of it.
  let old: String
  /// What stands there instead.
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

@Suite struct AIToolkitMistakeTests {
  static func diagnostics(_ text: String, _ path: String) throws -> [Diagnostic] {
    try Inspector().inspect(SourceFile(path: path, text: text)).diagnostics
  }

  @Test(arguments: JobBase.all.keys.sorted())
  func basesAreClean(_ name: String) throws {
    let base = try #require(JobBase.all[name])
    let found = try Self.diagnostics(base, JobBase.path(name))
    #expect(found.map { "\($0.keyPath): \($0.message) [\($0.rule)]" } == [])
  }

  @Test(arguments: JobMistake.all)
  func isFoundAtItsKey(_ mistake: JobMistake) throws {
    let base = try #require(JobBase.all[mistake.base])
    #expect(base.contains(mistake.old), "no such line")
    let text = base.replacing(mistake.old, with: mistake.new)
    let found = try Self.diagnostics(text, JobBase.path(mistake.base))
    let words = found.map { "\($0.severity) \($0.keyPath): \($0.message) [\($0.rule)]" }
    let hits = found.filter { $0.rule == mistake.rule && $0.keyPath == mistake.keyPath }
    #expect(hits.map(\.severity) == [mistake.severity], "\(words)")
    // One mistake is reported once.
    #expect(
      found.count { $0.severity == .error } <= (mistake.severity == .error ? 1 : 0), "\(words)")
  }

  @Test func areMany() { #expect(JobMistake.all.count >= 60) }
}
