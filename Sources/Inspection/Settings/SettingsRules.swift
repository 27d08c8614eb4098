import Plans
import SourceText

/// What is said of files of settings.
enum SettingsRules {
  static let descriptions = [unknownKey, unknownRule, invalidValue, repeatedKey]

  /// Each reports its own of what the check has found; that a reason is missing is said under the name it
  /// has for comments.
  static let rules: [Rule<SettingsDocument>] = (descriptions + [Suppressions.withoutReason]).map {
    description in
    Rule(description) { settings, findings in
      for problem in settings.problems where problem.rule == description.id {
        findings.report(
          problem.message, at: problem.place, related: problem.related.map { ($0.0, $0.1) },
          fixes: problem.fixes)
      }
    }
  }

  private static let source = Citation("tuneup: .tuneup.yml, a team's own rules")

  static let unknownKey = RuleDescription(
    "settings-unknown-key", .warning, .silentlyIgnored, .file,
    "A key of .tuneup.yml that tuneup does not have.",
    because: "what stands there is not read, as if it were not there", sources: [source],
    examples: [
      .flags(
        "tuneup",
        """
        ⟪fail_on⟫: warning
        hardware:
          ⟪vran⟫: 12GiB
        """,
        fixed: """
          fail-on: warning
          hardware:
            vram: 12GiB
          """, path: ".tuneup.yml"),
      .flags(
        "tuneup",
        """
        ⟪rules⟫: [unknown-key]
        ⟪onetrainer⟫: ui
        """, path: ".tuneup.yml"),
      .allows(
        "tuneup",
        """
        x-card: &card {vram: 12GiB}
        fail-on: warning
        hardware: *card
        """, path: ".tuneup.yml"),
    ], backend: "tuneup")

  static let unknownRule = RuleDescription(
    "settings-unknown-rule", .warning, .silentlyIgnored, .file,
    "A rule in .tuneup.yml that does not exist.",
    because: "what is said of it holds for no finding", sources: [source],
    examples: [
      .flags(
        "tuneup",
        """
        severity:
          ⟪unkown-key⟫: error
        ignore:
          - ⟪latents-not-cachd⟫
          - rules: [⟪no-such-rule-at-all⟫]
            paths: old/**
        """,
        fixed: """
          severity:
            unknown-key: error
          ignore:
            - latents-not-cached
            - rules: [no-such-rule-at-all]
              paths: old/**
          """, path: ".tuneup.yml"),
      .allows(
        "tuneup",
        """
        select: [unknown-key, latents-not-cached]
        severity: {unknown-key: error}
        """, path: ".tuneup.yml"),
    ], backend: "tuneup")

  static let invalidValue = RuleDescription(
    "settings-invalid-value", .error, .silentlyIgnored, .file,
    "A value in .tuneup.yml that cannot be what it is meant to be.",
    because: "it is not used, so that a limit that a team relies on does not hold",
    sources: [source],
    examples: [
      .flags(
        "tuneup",
        """
        fail-on: ⟪warnin⟫
        dataset: {images: ⟪many⟫}
        hardware: {vram: ⟪12⟫}
        overrides: ⟪none⟫
        """,
        fixed: """
          fail-on: warning
          dataset: {images: many}
          hardware: {vram: 12}
          overrides: none
          """, path: ".tuneup.yml"),
      .flags(
        "tuneup",
        """
        overrides:
          - ⟪fail-on: warning⟫
        """, path: ".tuneup.yml"),
      .allows(
        "tuneup",
        """
        fail-on: warning
        hardware: {vram: 12 GB, gpu: RTX 4090}
        dataset: {images: 40, repeats: 10}
        mode: {onetrainer: ui}
        backend: {"old/*.json": onetrainer}
        severity:
          unknown-key: error
          latents-not-cached: off
        overrides:
          - paths: [sdxl/**, "!sdxl/tests/**"]
            vram: 24GiB
            fail-on: never
        """, path: ".tuneup.yml"),
    ], backend: "tuneup")

  static let repeatedKey = RuleDescription(
    "settings-repeated-key", .warning, .silentlyIgnored, .file,
    "Something that .tuneup.yml says twice.",
    because: "only one of them is read", sources: [source],
    examples: [
      .flags(
        "tuneup",
        """
        ⟪fail-on⟫: warning
        ⟦fail-on⟧: error
        """, path: ".tuneup.yml"),
      .flags(
        "tuneup",
        """
        hardware: {⟦vram⟧: 12GiB}
        ⟪vram⟫: 24GiB
        """, path: ".tuneup.yml"),
      .allows(
        "tuneup",
        """
        hardware: {vram: 12GiB}
        images: 40
        """, path: ".tuneup.yml"),
    ], backend: "tuneup")
}
