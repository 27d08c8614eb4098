/// An exception of the settings that met a finding.
public struct ExceptionUse: Hashable, Sendable {
  /// The path of the settings.
  public let settings: String
  /// The offset in them at which they name the rule.
  public let id: Int
  /// Whether it left the finding standing, as one that loses the run needs a reason.
  public let lacksReason: Bool

  public init(settings: String, id: Int, lacksReason: Bool) {
    self.settings = settings
    self.id = id
    self.lacksReason = lacksReason
  }
}
