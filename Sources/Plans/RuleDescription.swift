public import SourceText

/// What a rule is: its words, its examples, what it rests on. Documentation, tests and the
/// catalogue all read this one value.
///
/// Immutable; a class, because every run of a rule hands it on.
public final class RuleDescription: Sendable, Identifiable {
  /// Kebab case; reads after "allow …". Never changes.
  public let id: String
  /// The usual severity; a finding may state its own.
  public let severity: Severity
  public let consequence: Consequence
  /// What is flagged, one sentence.
  public let summary: String
  /// Why it is flagged: what the trainer does.
  public let rationale: String
  public let subject: Subject
  public let sources: [Citation]
  /// Rows of the trainers' constraint lists it covers: `onetrainer/B1`.
  public let covers: [String]
  /// Rules whose finding at the same place makes this one's superfluous.
  public let silencedBy: [String]
  public let examples: [RuleExample]
  /// The trainer it speaks of; nil if it holds for all.
  public let backend: String?

  /// What the list of rules is grouped by.
  public enum Subject: String, Sendable, CaseIterable {
    case file, optimizer, learningRate, schedule, precision, memory, adapter, data, loss, output

    public var title: String {
      switch self {
      case .file: "Reading the file"
      case .optimizer: "Optimizer"
      case .learningRate: "Learning rate"
      case .schedule: "Schedule and warm-up"
      case .precision: "Number formats"
      case .memory: "Memory and speed"
      case .adapter: "Adapters and trained parts"
      case .data: "Images, captions and caches"
      case .loss: "Loss, noise and averages"
      case .output: "Model and output"
      }
    }
  }

  public init(
    _ id: String, _ severity: Severity, _ consequence: Consequence, _ subject: Subject,
    _ summary: String, because rationale: String, sources: [Citation], covers: [String] = [],
    silencedBy: [String] = [], examples: [RuleExample], backend: String? = nil
  ) {
    self.id = id
    self.severity = severity
    self.consequence = consequence
    self.subject = subject
    self.summary = summary
    self.rationale = rationale
    self.sources = sources
    self.covers = covers
    self.silencedBy = silencedBy
    self.examples = examples
    self.backend = backend
  }
}

extension RuleDescription {
  /// Where a rule is explained, from the top of the repository.
  public static func page(of rule: String) -> String { "Documentation/rules/\(rule).md" }
}

/// Where a statement comes from.
public struct Citation: Sendable, Hashable {
  public let title: String
  public let url: String?

  public init(_ title: String, _ url: String? = nil) {
    self.title = title
    self.url = url
  }
}

/// A config that shows a rule at work; the tests run every one.
public struct RuleExample: Sendable {
  public let backend: String
  /// The file, with `⟪ ⟫` around what is flagged and `⟦ ⟧` around the other places involved.
  public let marked: String
  /// The text after the fixes of this rule; nil if it offers none.
  public let fixed: String?
  /// The name of the file, where a backend looks at it.
  public let path: String?
  /// How the trainer reads the file, where it has more than one way (`ui`, `cli`).
  public let mode: String?
  /// Training images, where the rule asks for them.
  public let images: Int?
  /// The card's memory in bytes, where the rule asks for it.
  public let vram: Int?
  /// The files that the config names, by their paths as it writes them, marked like the config where
  /// the finding is in them.
  public let files: [String: String]

  /// A config that the rule reports at the marked places.
  public static func flags(
    _ backend: String, _ marked: String, fixed: String? = nil, path: String? = nil,
    mode: String? = nil, images: Int? = nil, vram: Int? = nil, files: [String: String] = [:]
  ) -> RuleExample {
    RuleExample(
      backend: backend, marked: marked, fixed: fixed, path: path, mode: mode, images: images,
      vram: vram, files: files)
  }

  /// A config, near to a flagged one, that the rule does not report.
  public static func allows(
    _ backend: String, _ text: String, path: String? = nil, mode: String? = nil,
    images: Int? = nil, vram: Int? = nil, files: [String: String] = [:]
  ) -> RuleExample {
    RuleExample(
      backend: backend, marked: text, fixed: nil, path: path, mode: mode, images: images,
      vram: vram, files: files)
  }

  public var isFlagged: Bool { ([marked] + files.values).contains { $0.contains("⟪") } }
}
