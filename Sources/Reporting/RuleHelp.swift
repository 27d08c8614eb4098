public import SourceText

/// What a format may say of a rule apart from its findings.
public struct RuleHelp: Sendable {
  /// As findings name it.
  public let id: String
  /// One sentence.
  public let summary: String
  /// The page of the rule.
  public let markdown: String
  public let severity: Severity
  /// Where its page lies in the web; nil where nobody says.
  public let address: String?

  public init(
    id: String, summary: String, markdown: String, severity: Severity, address: String? = nil
  ) {
    self.address = address
    self.id = id
    self.summary = summary
    self.markdown = markdown
    self.severity = severity
  }
}
