import Knowledge
import Plans
import SourceText

extension Kohya {
  /// The rules whose sentences stand in `Schemas/backends/kohya.json`, "constraints".
  static let constraintRules: [Rule<KohyaFiles>] = [
    .valueOutOfRange, .missingSetting, .conflictingSettings, .settingWithoutEffect,
    .settingReplaced, .questionableSetting, .scriptNotKnown,
  ]
}

extension Rule<KohyaFiles> {
  private static let sources = [
    Citation("Schemas/backends/kohya.json, from kohya sd-scripts 48d368fa")
  ]

  static let valueOutOfRange = Rule(
    SharedRule.valueOutOfRange.description(
      of: "kohya", because: "outside of it the run stops or learns nothing", sources: sources,
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora_flux"
          blocks_to_swap = ⟪40⟫
          """,
          fixed: """
            network_module = "networks.lora_flux"
            blocks_to_swap = 35
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          learning_rate = 1e-4
          unet_lr = ⟦0⟧
          text_encoder_lr = ⟪0⟫
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora_flux"
          blocks_to_swap = 18
          """),
      ])
  ) { files, findings in files.run?.reportConstraints("value-out-of-range", into: &findings) }

  static let missingSetting = Rule(
    SharedRule.missingSetting.description(
      of: "kohya", because: "the trainer stops without it, or takes a default that hardly trains",
      sources: sources, covers: ["kohya/K-FILE-09", "kohya/K-FILE-11"],
      examples: [
        .flags(
          "kohya",
          """
          ⟪network_module = "networks.lora"
          adaptive_noise_scale = ⟦0.005⟧⟫
          """,
          fixed: """
            network_module = "networks.lora"
            adaptive_noise_scale = 0.005
            noise_offset = 0.05
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          noise_offset = 0.05
          adaptive_noise_scale = 0.005
          """),
      ])
  ) { files, findings in
    files.run?.reportConstraints("missing-setting", into: &findings)
    files.data?.reportMissing(into: &findings)
    files.reportMissingResolution(into: &findings)
  }

  static let conflictingSettings = Rule(
    SharedRule.conflictingSettings.description(
      of: "kohya", because: "assertions allow only one of them", sources: sources,
      covers: ["kohya/K-CACHE-11"],
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          use_8bit_adam = ⟪true⟫
          optimizer_type = ⟦"AdamW8bit"⟧
          """,
          fixed: """
            network_module = "networks.lora"
            optimizer_type = "AdamW8bit"
            """),
        .flags(
          "kohya",
          """
          network_module = "networks.lora"
          full_bf16 = ⟪true⟫
          mixed_precision = ⟦"fp16"⟧
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          full_bf16 = true
          mixed_precision = "bf16"
          """),
      ])
  ) { files, findings in
    files.run?.reportConstraints("conflicting-settings", into: &findings)
    files.data?.reportMixedStyles(into: &findings)
  }

  static let settingWithoutEffect = Rule(
    SharedRule.settingWithoutEffect.description(
      of: "kohya", because: "it is read and then not used", sources: sources,
      // What stops the run is the better reason.
      silencedBy: ["conflicting-settings"],
      examples: [
        .flags(
          "kohya",
          """
          min_snr_gamma = ⟪5⟫
          network_module = "networks.lora_flux"
          """,
          fixed: """
            network_module = "networks.lora_flux"
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora"
          min_snr_gamma = 5
          """),
      ])
  ) { files, findings in files.run?.reportConstraints("setting-without-effect", into: &findings) }

  static let settingReplaced = Rule(
    SharedRule.settingReplaced.description(
      of: "kohya", because: "old settings are turned into new ones with a printed warning",
      sources: sources,
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora_flux"
          split_mode = ⟪true⟫
          """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora_flux"
          blocks_to_swap = 18
          """),
      ])
  ) { files, findings in files.run?.reportConstraints("setting-replaced", into: &findings) }

  static let questionableSetting = Rule(
    SharedRule.questionableSetting.description(
      of: "kohya", because: "it works, and is hardly ever what is wanted", sources: sources,
      examples: [
        .flags(
          "kohya",
          """
          network_module = "networks.lora_flux"
          mixed_precision = ⟪"fp16"⟫
          timestep_sampling = "shift"
          model_prediction_type = "raw"
          guidance_scale = 1.0
          network_train_unet_only = true
          max_train_steps = 1000
          cache_latents = true
          cache_text_encoder_outputs = true
          """,
          fixed: """
            network_module = "networks.lora_flux"
            mixed_precision = "bf16"
            timestep_sampling = "shift"
            model_prediction_type = "raw"
            guidance_scale = 1.0
            network_train_unet_only = true
            max_train_steps = 1000
            cache_latents = true
            cache_text_encoder_outputs = true
            """),
        .allows(
          "kohya",
          """
          network_module = "networks.lora_flux"
          mixed_precision = "bf16"
          timestep_sampling = "shift"
          model_prediction_type = "raw"
          guidance_scale = 1.0
          network_train_unet_only = true
          max_train_steps = 1000
          cache_latents = true
          cache_text_encoder_outputs = true
          """),
      ])
  ) { files, findings in files.run?.reportConstraints("questionable-setting", into: &findings) }
}

extension KohyaConfig {
  /// Reports sentences of the data that hold for no script it can be.
  func reportConstraints(_ rule: String, into findings: inout Findings) {
    let misspelled = misspelled
    for constraint in constraints where constraint.rule == rule {
      // It is stated under a name that is reported.
      if misspelled.contains(constraint.key.text) { continue }
      guard all({ isBroken(constraint, in: $0) }) else { continue }
      findings.check(constraint, words: ["script": scriptWords]) { setting(at: $0, in: script) }
    }
  }

  /// Settings that are not stated, and that unknown keys are most likely meant to be.
  private var misspelled: Set<String> {
    let strangers =
      root.unknown.prefix(32).map { $0.key ?? "" }
      + (command?.unknownNames.prefix(32) ?? []) + arguments.strangers
    if strangers.isEmpty { return [] }
    let free = root.facts.settings.map(\.key).filter { root.entry($0) == nil }
    return Set(strangers.compactMap { Suggestion.nearest(to: $0, in: free) })
  }

  func isBroken(_ constraint: Constraint, in script: KohyaScript) -> Bool {
    // What a script does not read is another finding.
    if case .plain(let key) = constraint.key, let facts = root.facts[key],
      !facts.readers.contains(KohyaScripts([script]))
    {
      return false
    }
    guard let setting = setting(at: constraint.key, in: script) else { return false }
    return constraint.isBroken(by: setting.stated) { self.setting(at: $0, in: script)?.stated }
  }

  /// Those that a default can break, and those on what is stated.
  var constraints: [Constraint] {
    backend.standingConstraints
      + (statedKeys.flatMap { backend.constraintsByKey[$0] ?? [] })
  }

  /// With the keys that stand beside the images.
  private var statedKeys: [String] {
    guard let data else { return root.statedKeys }
    let own = data.objects.flatMap(\.statedKeys)
    return Array(Set(root.statedKeys + own)).sorted()
  }
}
