import Plans
import SourceText

/// What is said of the comments that suppress findings.
extension Suppressions {
  static let descriptions = [unknownRule, unused, withoutReason]

  private static let source = Citation("tuneup: comments and entries that suppress findings")

  static let unknownRule = RuleDescription(
    "unknown-rule-suppressed", .warning, .silentlyIgnored, .file,
    "A comment that is to suppress a rule which does not exist.",
    because: "a comment suppresses the rules that stand in its brackets, by their names",
    sources: [source],
    examples: [
      .flags(
        "ai-toolkit",
        """
        # tuneup: ignore[⟪unkown-key⟫] ours
        job: extension
        config: {process: [{type: sd_trainer}]}
        """,
        fixed: """
          # tuneup: ignore[unknown-key] ours
          job: extension
          config: {process: [{type: sd_trainer}]}
          """),
      .flags(
        "kohya",
        """
        network_module = "networks.lora"
        learning_rate = 1e-4 ⟪# tuneup: all fine⟫
        """),
      .allows(
        "kohya",
        """
        network_module = "networks.lora"
        # tuneup: ignore[learning-rate-too-high] a test
        learning_rate = 1.0
        output_name = "# tuneup: ignore[nothing]"
        """),
    ])

  static let unused = RuleDescription(
    "unused-suppression", .info, .worthKnowing, .file,
    "A comment, or an entry of .tuneup.yml, that suppresses a finding which is not there.",
    because: "what it was written for is gone, or stands on another line", sources: [source],
    examples: [
      .flags(
        "kohya",
        """
        network_module = "networks.lora"
        learning_rate = 1e-4  # tuneup: ignore[⟪learning-rate-too-high⟫] a test
        """,
        fixed: """
          network_module = "networks.lora"
          learning_rate = 1e-4
          """),
      .flags(
        "kohya",
        """
        network_module = "networks.lora"
        # tuneup: ignore[⟪learning-rate-too-high⟫] a test
        learning_rate = 1e-4
        """,
        fixed: """
          network_module = "networks.lora"
          learning_rate = 1e-4
          """),
      .allows(
        "kohya",
        """
        network_module = "networks.lora"
        learning_rate = 1.0  # tuneup: ignore[learning-rate-too-high] a test
        """),
    ])

  static let withoutReason = RuleDescription(
    "suppression-without-reason", .warning, .silentlyIgnored, .file,
    "A comment, or an entry of .tuneup.yml, that suppresses an error and does not say why.",
    because:
      "an error costs the whole run: whoever reads the file next has to know why it is none here",
    sources: [source],
    examples: [
      .flags(
        "kohya",
        """
        network_module = "networks.lora"
        learning_rate = 1.0  # tuneup: ignore[⟪learning-rate-too-high⟫]
        """),
      .flags(
        "tuneup",
        """
        ignore:
          - ⟪unequal-learning-rates⟫
          - rules: [⟪nothing-trained⟫, latents-not-cached]
            paths: old/**
        severity: {⟪output-format-not-savable⟫: off}
        """, path: ".tuneup.yml"),
      .allows(
        "tuneup",
        """
        ignore:
          - latents-not-cached
          - rules: [nothing-trained]
            paths: old/**
            reason: kept as they were published
        """, path: ".tuneup.yml"),
      .allows(
        "kohya",
        """
        network_module = "networks.lora"
        learning_rate = 1.0  # tuneup: ignore[learning-rate-too-high] to see it diverge
        """),
    ])
}
