import Knowledge
import Plans
import SourceText

extension KohyaGUI {
  /// Values of the wrong type, and names that nothing has.
  static let valueRules: [Rule<KohyaGUIConfig>] = [.unreadableValue, .unknownName, .numberInText]
  /// The rules whose sentences stand in `Schemas/backends/kohya-gui.json`, "constraints".
  static let constraintRules: [Rule<KohyaGUIConfig>] = [
    .valueOutOfRange, .conflictingSettings, .settingWithoutEffect, .questionableSetting,
  ]
}

extension Rule<KohyaGUIConfig> {
  private static let fields = Citation(
    "Gradio 6.17.3 components/number.py, dropdown.py, checkbox.py")

  static let unreadableValue = Rule(
    SharedRule.unreadableValue.description(
      of: "kohya-gui", because: "the interface replaces numbers that it cannot read without a word",
      sources: [loading, fields], covers: ["kohya/K-GUI-05"],
      examples: [
        .flags("kohya-gui", #"{"LoRA_type": "Standard", "unet_lr": ⟪"1e-4x"⟫}"#),
        .flags(
          "kohya-gui", #"{"LoRA_type": "Standard", "shuffle_caption": ⟪"false"⟫}"#,
          fixed: #"{"LoRA_type": "Standard", "shuffle_caption": false}"#),
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "learning_rate": "1e-4"}"#),
      ])
  ) { gui, findings in gui.reportProblems(.unreadableValue, into: &findings) }

  static let unknownName = Rule(
    SharedRule.unknownName.description(
      of: "kohya-gui", .error, .crashesAtStart,
      because: "a list refuses what is not in it when the run is started",
      sources: [fields],
      examples: [
        .flags(
          "kohya-gui", #"{"LoRA_type": ⟪"Standart"⟫}"#, fixed: #"{"LoRA_type": "Standard"}"#),
        .flags("kohya-gui", #"{"LoRA_type": "Standard", "max_token_length": ⟪100⟫}"#),
        .allows("kohya-gui", #"{"LoRA_type": "LoCon", "xformers": true}"#),
      ])
  ) { gui, findings in gui.reportProblems(.unknownName, into: &findings) }

  static let numberInText = Rule(
    SharedRule.numberInText.description(
      of: "kohya-gui", .warning, .changesTraining,
      because:
        "text with a point is no whole number to Python, and the interface puts another in its place",
      sources: [loading], covers: ["kohya/K-GUI-06"],
      examples: [
        .flags(
          "kohya-gui", #"{"LoRA_type": "Standard", "epoch": ⟪"1.0"⟫}"#,
          fixed: #"{"LoRA_type": "Standard", "epoch": 1}"#),
        .flags("kohya-gui", #"{"LoRA_type": "Standard", "max_train_epochs": ⟪"2.5"⟫}"#),
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "epoch": "1", "seed": ""}"#),
      ])
  ) { gui, findings in gui.reportProblems(.numberInText, into: &findings) }

  // MARK: Sentences of the data

  private static let sources = [
    Citation("Schemas/backends/kohya-gui.json, from kohya_ss 45088f04")
  ]

  static let valueOutOfRange = Rule(
    SharedRule.valueOutOfRange.description(
      of: "kohya-gui", .warning, .changesTraining,
      because: """
        a number field refuses what lies outside of its limits when the run is started, and so do \
        sliders in some versions of Gradio
        """,
      sources: sources + [fields],
      examples: [
        .flags("kohya-gui", #"{"LoRA_type": "Standard", "noise_offset": ⟪1.5⟫}"#),
        .flags("kohya-gui", #"{"LoRA_type": "Standard", "bucket_reso_steps": ⟪0⟫}"#),
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "noise_offset": 0.05}"#),
      ])
  ) { gui, findings in
    gui.reportProblems(.valueOutOfRange, into: &findings)
    gui.reportConstraints("value-out-of-range", into: &findings)
  }

  static let conflictingSettings = Rule(
    SharedRule.conflictingSettings.description(
      of: "kohya-gui", because: "the interface refuses to start", sources: sources,
      examples: [
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Flux1", "flux1_checkbox": true, "text_encoder_lr": ⟪0⟫, "t5xxl_lr": ⟦1e-5⟧}"#
        ),
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "learning_rate": ⟪0⟫, "text_encoder_lr": ⟦0⟧, "unet_lr": ⟦0⟧}"#
        ),
        .allows(
          "kohya-gui",
          #"{"LoRA_type": "Flux1", "flux1_checkbox": true, "text_encoder_lr": 1e-5, "t5xxl_lr": 1e-5}"#
        ),
      ])
  ) { gui, findings in gui.reportConstraints("conflicting-settings", into: &findings) }

  static let settingWithoutEffect = Rule(
    SharedRule.settingWithoutEffect.description(
      of: "kohya-gui", because: "the script that is started has no such setting", sources: sources,
      examples: [
        .flags(
          "kohya-gui", #"{"LoRA_type": "Standard", "stop_text_encoder_training": ⟪50⟫}"#,
          fixed: #"{"LoRA_type": "Standard", "stop_text_encoder_training": 0}"#),
        .flags(
          "kohya-gui",
          #"{"no_token_padding": false, "train_batch_size": 1, "sd3_checkbox": true, "learning_rate_te": ⟪2e-6⟫}"#
        ),
        .allows("kohya-gui", #"{"LoRA_type": "Standard", "stop_text_encoder_training": 0}"#),
      ])
  ) { gui, findings in gui.reportConstraints("setting-without-effect", into: &findings) }

  static let questionableSetting = Rule(
    SharedRule.questionableSetting.description(
      of: "kohya-gui", because: "the interface works out the length of the run in its own way",
      sources: sources,
      examples: [
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "dataset_config": ⟦"data.toml"⟧, "max_train_steps": ⟪0⟫}"#),
        .flags(
          "kohya-gui", #"{"LoRA_type": "Standard", "mixed_precision": ⟪"fp8"⟫}"#,
          fixed: #"{"LoRA_type": "Standard", "mixed_precision": "bf16"}"#),
        .flags(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "max_train_steps": ⟦0⟧, "num_processes": ⟪2⟫}"#),
        .flags("kohya-gui", #"{"image_folder": "images", "flip_aug": ⟪true⟫}"#),
        .allows(
          "kohya-gui",
          #"{"LoRA_type": "Standard", "dataset_config": "data.toml", "max_train_steps": 2000}"#),
      ])
  ) { gui, findings in gui.reportConstraints("questionable-setting", into: &findings) }
}
