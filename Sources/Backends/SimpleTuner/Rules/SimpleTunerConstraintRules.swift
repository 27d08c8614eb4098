import Knowledge
import Plans
import SourceText

extension SimpleTuner {
  /// The rules whose sentences stand in `Schemas/backends/simpletuner.json`, "constraints".
  static let constraintRules: [Rule<SimpleTunerFiles>] = [
    .valueOutOfRange, .missingSetting, .conflictingSettings, .settingWithoutEffect,
    .settingReplaced, .questionableSetting,
  ]
}

extension Rule<SimpleTunerFiles> {
  private static let sources = [
    Citation("SimpleTuner bc8e6ab7 helpers/configuration/cmd_args.py:700-1519"),
    Citation("SimpleTuner bc8e6ab7 helpers/training/default_settings/safety_check.py"),
    Citation("SimpleTuner bc8e6ab7 helpers/models/*/model.py, check_user_config"),
  ]

  static let valueOutOfRange = Rule(
    SharedRule.valueOutOfRange.description(
      of: "simpletuner", because: "the trainer checks the number when it starts, and stops",
      sources: sources, silencedBy: ["conflicting-settings"],
      examples: [
        .flags(
          "simpletuner", #"{"model_family": "flux", "gradient_accumulation_steps": ⟪0⟫}"#,
          fixed: #"{"model_family": "flux", "gradient_accumulation_steps": 1}"#),
        .flags("simpletuner", #"{"model_family": "flux", "num_train_epochs": ⟪0⟫}"#),
        .flags(
          "simpletuner", #"{"model_family": ⟦"flux"⟧, "gradient_checkpointing_interval": ⟪0⟫}"#,
          fixed: #"{"model_family": "flux"}"#),
        .flags(
          "simpletuner",
          """
          {"model_family": "sdxl", "resolution_type": ⟦"pixel"⟧, "maximum_image_size": ⟪4⟫, \
          "target_downsample_size": 1024}
          """),
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "gradient_accumulation_steps": 4, "num_train_epochs": 3}"#),
      ])
  ) { files, findings in
    files.config?.checkConstraints("value-out-of-range", into: &findings)
    for set in files.data?.active ?? [] { DataSetChecks.ranges(set, &findings) }
  }

  static let missingSetting = Rule(
    SharedRule.missingSetting.description(
      of: "simpletuner", because: "the trainer asks for it when it starts, and stops without it",
      sources: sources + [
        Citation("SimpleTuner bc8e6ab7 helpers/configuration/cmd_args.py:450-463")
      ],
      covers: ["simpletuner/ST-P02", "simpletuner/ST-Q29"],
      silencedBy: ["conflicting-settings"],
      examples: [
        .flags(
          "simpletuner",
          """
          ⟪{"model_family": "flux", "model_type": "lora", "output_dir": "out", "data_backend_config": \
          "data.json", "learning_rate": 1e-4}⟫
          """,
          fixed: """
            {"model_family": "flux", "model_type": "lora", "output_dir": "out", "data_backend_config": \
            "data.json", "learning_rate": 1e-4, "optimizer": "adamw_bf16"}
            """),
        .flags(
          "simpletuner",
          """
          ⟪{"model_family": "flux", "model_type": ⟦"lora"⟧, "output_dir": "out", \
          "data_backend_config": "data.json", "optimizer": ⟦"adamw_bf16"⟧}⟫
          """,
          fixed: """
            {"model_family": "flux", "model_type": "lora", "output_dir": "out", \
            "data_backend_config": "data.json", "optimizer": "adamw_bf16", "learning_rate": 0.0001}
            """),
        .flags(
          "simpletuner",
          """
          ⟪{"model_family": "flux", "model_type": "lora", "output_dir": "out", "optimizer": "adamw_bf16", \
          "learning_rate": 1e-4, "data_backend_config": "data.json", "optimizer_beta1": ⟦0.9⟧}⟫
          """),
        .flags(
          "simpletuner",
          """
          ⟪{"model_family": ⟦"flux"⟧, "model_flavour": ⟦"schnell"⟧, "model_type": "full", "output_dir": \
          "out", "optimizer": "adamw_bf16", "data_backend_config": "data.json"}⟫
          """,
          fixed: """
            {"model_family": "flux", "model_flavour": "schnell", "model_type": "full", "output_dir": \
            "out", "optimizer": "adamw_bf16", "data_backend_config": "data.json", "flux_fast_schedule": true}
            """),
        .flags("simpletuner", #"[⟪{"id": "a", "type": "local", "crop": true}⟫]"#),
        .flags(
          "simpletuner",
          """
          [⟪{"id": "a", "type": "local", "instance_data_dir": "x", "crop_aspect": ⟦"closest"⟧}⟫]
          """),
        .flags(
          "simpletuner", #"⟪{"algo": "lokr", "linear_dim": 10000, "linear_alpha": 1}⟫"#,
          fixed: #"{"algo": "lokr", "linear_dim": 10000, "linear_alpha": 1, "multiplier": 1}"#),
        .allows(
          "simpletuner",
          #"{"algo": "lokr", "multiplier": 1.0, "full_matrix": true, "linear_alpha": 1}"#),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "model_type": "lora", "output_dir": "out", "optimizer": "adamw_bf16", \
          "learning_rate": 1e-4, "data_backend_config": "data.json"}
          """),
        // The interface fills in what is missing.
        .allows(
          "simpletuner",
          #"{"_metadata": {"name": "a"}, "config": {"--model_family": "flux", "--seed": 1}}"#),
      ])
  ) { files, findings in
    for set in files.data?.active ?? [] { DataSetChecks.missing(set, files, &findings) }
    if let lycoris = files.lycoris { DataSetChecks.missing(lycoris, &findings) }
    guard let config = files.config else { return }
    config.checkConstraints("missing-setting", into: &findings)
    guard !config.isFromInterface else { return }
    for facts in config.backend.root.settings where facts.isRequired {
      let setting = config.setting(facts.key)
      guard !setting.isWritten else { continue }
      findings.report(
        "'\(facts.key)' is missing: the trainer does not start without it", at: setting,
        consequence: .crashesAtLoad,
        fixes: [
          facts.key == "optimizer"
            ? findings.fix(
              "set optimizer to \"adamw_bf16\"", .unsafe, .set(setting, .text("adamw_bf16"))) : nil
        ])
    }
  }

  static let conflictingSettings = Rule(
    SharedRule.conflictingSettings.description(
      of: "simpletuner", because: "the trainer looks for such pairs when it starts, and stops",
      sources: sources,
      examples: [
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "max_train_steps": ⟦1000⟧, "num_train_epochs": ⟪10⟫}"#,
          fixed: #"{"model_family": "flux", "max_train_steps": 1000, "num_train_epochs": 0}"#),
        .flags(
          "simpletuner", #"⟪{"model_family": "flux", "max_train_steps": ⟦1000⟧}⟫"#,
          fixed: #"{"model_family": "flux", "max_train_steps": 1000, "num_train_epochs": 0}"#),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "model_type": ⟦"full"⟧, "base_model_precision": ⟪"int8-quanto"⟫}"#,
          fixed:
            #"{"model_family": "flux", "model_type": "full", "base_model_precision": "no_change"}"#
        ),
        .flags(
          "simpletuner",
          #"{"model_family": ⟦"sdxl"⟧, "model_type": "lora", "optimizer": ⟪"muon"⟫}"#),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": ⟪"bnb-adamw8bit"⟫, "optimizer_release_gradients": ⟦true⟧}"#
        ),
        .flags(
          "simpletuner",
          #"{"model_family": ⟦"wan"⟧, "model_type": "lora", "base_model_precision": ⟪"fp8-quanto"⟫}"#,
          fixed:
            #"{"model_family": "wan", "model_type": "lora", "base_model_precision": "fp8-torchao"}"#
        ),
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": ⟦"local"⟧, "instance_data_dir": "x", "caption_strategy": ⟪"huggingface"⟫}]
          """),
        .flags(
          "simpletuner",
          """
          [{"id": "a", "type": "local", "instance_data_dir": "x", "dataset_type": "video", \
          "video": {"num_frames": ⟦49⟧, "min_frames": ⟪25⟫}}]
          """,
          fixed: """
            [{"id": "a", "type": "local", "instance_data_dir": "x", "dataset_type": "video", \
            "video": {"num_frames": 49, "min_frames": 49}}]
            """),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "model_type": "lora", "max_train_steps": 1000, "num_train_epochs": 0, \
          "base_model_precision": "fp8-quanto", "optimizer": "optimi-adamw", \
          "optimizer_release_gradients": true}
          """),
      ])
  ) { files, findings in
    files.config?.checkConstraints("conflicting-settings", into: &findings)
    for set in files.data?.active ?? [] { DataSetChecks.conflicts(set, files, &findings) }
  }

  static let settingWithoutEffect = Rule(
    SharedRule.settingWithoutEffect.description(
      of: "simpletuner", because: "another setting decides that nobody looks at this one",
      sources: sources, silencedBy: ["conflicting-settings"],
      examples: [
        .flags(
          "simpletuner", #"{"model_family": "flux", "adam_weight_decay": ⟪0.1⟫}"#,
          fixed: #"{"model_family": "flux"}"#),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": ⟦"prodigy"⟧, "max_grad_norm": ⟪1.0⟫}"#,
          fixed: #"{"model_family": "flux", "optimizer": "prodigy"}"#),
        .flags(
          "simpletuner",
          """
          {"model_family": "sdxl", "model_type": ⟦"lora"⟧, "lora_type": ⟦"lycoris"⟧, "lora_rank": ⟪64⟫}
          """,
          fixed: #"{"model_family": "sdxl", "model_type": "lora", "lora_type": "lycoris"}"#),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "model_type": "lora", "lora_rank": 64, "max_grad_norm": 1.0, \
          "optimizer": "optimi-lion"}
          """),
      ])
  ) { files, findings in
    files.config?.checkConstraints("setting-without-effect", into: &findings)
    for set in files.data?.active ?? [] {
      let old = set.setting("ignore_epochs")
      guard old.isWritten else { continue }
      findings.report(
        "ignore_epochs does nothing any more", at: old, why: "the trainer says so in its log",
        fixes: [findings.fix("remove ignore_epochs", .safe, .remove(old))])
    }
  }

  static let settingReplaced = Rule(
    SharedRule.settingReplaced.description(
      of: "simpletuner", because: "the trainer sets another value, with a line in its log at most",
      sources: sources, silencedBy: ["conflicting-settings", "unusable-optimizer"],
      examples: [
        .flags(
          "simpletuner", #"{"model_family": ⟦"pixart"⟧, "max_grad_norm": ⟪1.0⟫}"#,
          fixed: #"{"model_family": "pixart", "max_grad_norm": 0.01}"#),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": ⟦"adamw_bf16"⟧, "mixed_precision": ⟪"no"⟫}"#,
          fixed:
            #"{"model_family": "flux", "optimizer": "adamw_bf16", "mixed_precision": "bf16"}"#),
        .flags(
          "simpletuner", #"{"model_family": ⟦"sdxl"⟧, "aspect_bucket_alignment": ⟪32⟫}"#,
          fixed: #"{"model_family": "sdxl", "aspect_bucket_alignment": "64"}"#),
        .flags(
          "simpletuner",
          #"{"model_family": "flux", "fsdp_enable": ⟦true⟧, "optimizer": ⟪"optimi-lion"⟫}"#),
        .allows(
          "simpletuner",
          #"{"model_family": "flux", "optimizer": "adamw_bf16", "mixed_precision": "bf16"}"#),
        .allows("simpletuner", #"{"model_family": "pixart", "max_grad_norm": 0.01}"#),
      ])
  ) { files, findings in files.config?.checkConstraints("setting-replaced", into: &findings) }

  static let questionableSetting = Rule(
    SharedRule.questionableSetting.description(
      of: "simpletuner", because: "it does what it says, and the outcome is known to be bad",
      sources: sources + [Citation("SimpleTuner bc8e6ab7 documentation/quickstart")],
      silencedBy: ["conflicting-settings"],
      examples: [
        .flags(
          "simpletuner",
          """
          {"model_family": "flux", "model_type": ⟦"lora"⟧, "optimizer": ⟦"optimi-lion"⟧, \
          "base_model_precision": ⟪"nf4-bnb"⟫}
          """),
        .flags("simpletuner", #"{"model_family": "flux", "optimizer": ⟪"adamw_schedulefree"⟫}"#),
        .flags(
          "simpletuner", #"{"model_family": ⟦"flux"⟧, "gradient_checkpointing": ⟪false⟫}"#),
        .allows(
          "simpletuner",
          """
          {"model_family": "flux", "model_type": "lora", "optimizer": "adamw_bf16", \
          "base_model_precision": "nf4-bnb"}
          """),
      ])
  ) { files, findings in files.config?.checkConstraints("questionable-setting", into: &findings) }
}
