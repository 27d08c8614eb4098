public import SourceText

/// A rule that several trainers report, each in its own way of reading: one name, one meaning.
public struct SharedRule: Sendable {
  public let id: String
  let severity: Severity
  let consequence: Consequence
  let subject: RuleDescription.Subject
  /// What is flagged, one sentence that names no trainer.
  let summary: String

  public init(
    _ id: String, _ severity: Severity, _ consequence: Consequence,
    _ subject: RuleDescription.Subject, _ summary: String
  ) {
    self.id = id
    self.severity = severity
    self.consequence = consequence
    self.subject = subject
    self.summary = summary
  }

  /// The rule as one trainer reports it.
  ///
  /// - Parameters:
  ///   - backend: The trainer, by id.
  ///   - rationale: What this trainer does.
  public func description(
    of backend: String, _ severity: Severity? = nil, _ consequence: Consequence? = nil,
    because rationale: String, sources: [Citation], covers: [String] = [],
    silencedBy: [String] = [], examples: [RuleExample]
  ) -> RuleDescription {
    RuleDescription(
      id, severity ?? self.severity, consequence ?? self.consequence, subject, summary,
      because: rationale, sources: sources, covers: covers, silencedBy: silencedBy,
      examples: examples, backend: backend)
  }
}
