public import Knowledge
public import Plans

/// A setting that could be better.
public struct SettingAdvice: Sendable {
  /// Where it stands in the file, or would stand.
  public let keyPath: String
  public let current: SettingValue
  /// Whether the file states the current value.
  public let isWritten: Bool
  public let recommended: SettingValue
  /// The range that is as good, where there is one: "0.001 to 0.01".
  public let range: String?
  /// Why, and under which condition: lower case, no full stop.
  public let reason: String
  public let source: String
  public let confidence: Confidence
  let change: Change

  /// Tells settings apart that stand in one text.
  var id: String { keyPath + " " + topic }
  /// The option, where the key path names only the text that it stands in.
  let topic: String

  /// How sure it is that the run becomes better.
  public enum Confidence: String, Sendable, Comparable, CaseIterable {
    /// "Try both": what is better differs from run to run.
    case low
    /// What the guides recommend for most.
    case medium
    /// Required, or the trainer itself would show it.
    case high

    private var rank: Int {
      switch self {
      case .low: 0
      case .medium: 1
      case .high: 2
      }
    }

    public static func < (left: Confidence, right: Confidence) -> Bool { left.rank < right.rank }
  }
}

/// Pieces of advice that only make sense together.
struct AdviceBundle: Sendable {
  var parts: [SettingAdvice]

  init(_ parts: [SettingAdvice]) { self.parts = parts }
}

/// An idea of the guides: when it holds, and what it asks for.
struct AdviceRule: Sendable {
  /// What it is about, in a few words.
  let title: String
  let check: @Sendable (AdvisedPlan) -> [AdviceBundle]

  init(_ title: String, _ check: @escaping @Sendable (AdvisedPlan) -> [AdviceBundle]) {
    self.title = title
    self.check = check
  }

  /// All of them, in the order in which they are applied.
  static let all: [AdviceRule] =
    prodigyRules + adafactorModeRules + adafactorRules + rateRules + generalRules
}
