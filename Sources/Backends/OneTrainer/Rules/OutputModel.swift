import Knowledge
import Plans
import SourceText

/// Model, method and the file that is saved at the end.
extension Rule<OneTrainerConfig> {
  static let trainingMethodNotOffered = Rule(
    RuleDescription(
      "training-method-not-offered", .error, .crashesAtStart, .output,
      "A training method that OneTrainer does not have for the model.",
      because:
        "no set-up is registered for this pair of model and method, so there is none to start with",
      sources: [
        Citation("OneTrainer 23df3832 modules/util/enum/ModelType.py, supported_training_methods"),
        Citation("OneTrainer 23df3832 modules/util/create.py:74-88"),
      ],
      covers: ["onetrainer/A19"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": ⟪"EMBEDDING"⟫, "model_type": ⟦"QWEN"⟧}"#),
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": ⟪"FINE_TUNE_VAE"⟫, "model_type": ⟦"STABLE_DIFFUSION_XL_10_BASE"⟧}"#
        ),
        .allows(
          "onetrainer", #"{"__version": 11, "training_method": "EMBEDDING", "model_type": "SANA"}"#),
      ])
  ) { config, findings in
    let method = config.setting("training_method")
    let type = config.setting("model_type")
    guard let model = config.model, let name = method.text, !model.methods.contains(name) else {
      return
    }
    findings.report(
      "\(name) is not possible with \(model.title): there is \(model.methods.joined(separator: ", "))",
      at: method,
      related: type.isWritten ? [(type, "has \(model.methods.joined(separator: ", "))")] : [])
  }

  static let outputFormatNotSavable = Rule(
    RuleDescription(
      "output-format-not-savable", .error, .crashesWhenSaving, .output,
      "An output format in which the trained model cannot be saved.",
      because: """
        the format is looked at when the model is saved, after the training; SAFETENSORS, the default, \
        is for embeddings only
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/modelSaver/mixin/LoRASaverMixin.py:170-184"),
        Citation("OneTrainer 23df3832 modules/util/enum/ModelType.py, supported_output_formats"),
        Citation("OneTrainer 23df3832 modules/util/ui/ctk_components.py:467-469"),
      ],
      covers: ["onetrainer/A20"],
      silencedBy: ["training-method-not-offered"],
      examples: [
        .flags(
          "onetrainer", #"⟪{"__version": 11, "training_method": ⟦"LORA"⟧, "model_type": "QWEN"}⟫"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "output_model_format": "DIFFUSERS_LORA"}"#
        ),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": ⟦"FINE_TUNE"⟧, "model_type": ⟦"STABLE_DIFFUSION_XL_10_BASE"⟧, \
          "output_model_format": ⟪"ORIGINAL_TRANSFORMER"⟫}
          """,
          fixed: """
            {"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \
            "output_model_format": "ORIGINAL_SINGLE_FILE"}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": ⟦"LORA"⟧, "model_type": ⟦"SANA"⟧, \
          "output_model_format": ⟪"LEGACY_LORA"⟫}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "SANA", \
            "output_model_format": "DIFFUSERS_LORA"}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "output_model_format": "COMFY_LORA"}
          """),
        .allows(
          "onetrainer", #"{"__version": 11, "training_method": "EMBEDDING", "model_type": "SANA"}"#),
        .allows(
          "onetrainer",
          #"{"__version": 10, "training_method": "LORA", "output_model_format": "SAFETENSORS"}"#),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": ⟦"LORA"⟧, "model_type": ⟦"QWEN"⟧, \
          "output_model_format": ⟪"SAFETENSORS"⟫}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
            "output_model_format": "DIFFUSERS_LORA"}
            """, mode: "ui"),
        .allows(
          "onetrainer", #"{"training_method": "LORA", "model_type": "QWEN"}"#,
          path: "training_presets/#qwen LoRA.json"),
      ])
  ) { config, findings in
    let format = config.setting("output_model_format")
    let method = config.setting("training_method")
    guard let model = config.model, let name = format.text, name != "INTERNAL",
      !config.setting("only_cache").isOn
    else { return }
    let formats = model.outputFormats(method.text ?? "")
    guard !formats.isEmpty, !formats.contains(name) else { return }
    let type = config.setting("model_type")
    let related = (format.isWritten ? [method, type] : [method]).filter(\.isWritten)
      .map { ($0, "can be saved as \(formats.joined(separator: ", "))") }
    // The interface replaces a format that is not on its list with the first that is.
    if config.mode == .ui {
      guard format.isWritten else { return }
      findings.report(
        "\(name) is not offered here: the interface replaces it with \(formats[0])", at: format,
        severity: .warning, consequence: .silentlyIgnored, related: related,
        fixes: [findings.fix("set it to \(formats[0])", .safe, .set(format, .text(formats[0])))])
      return
    }
    let isFile = config.setting("output_model_destination").text?.hasSuffix(".safetensors") ?? false
    let choice = isFile ? formats.first { $0 != "DIFFUSERS" } ?? formats[0] : formats[0]
    findings.report(
      "the trained model is lost: \(name)\(format.defaultNote) cannot be saved here, \(formats.joined(separator: ", ")) can",
      at: format, related: related,
      fixes: [
        findings.fix("set output_model_format to \(choice)", .unsafe, .set(format, .text(choice)))
      ])
  }

  static let adapterFormatTooNarrow = Rule(
    RuleDescription(
      "adapter-format-too-narrow", .error, .crashesWhenSaving, .output,
      "An adapter format that cannot hold all that is trained.",
      because: """
        ORIGINAL_LORA has names for the denoiser only, and COMFY_LORA none for the text encoders of \
        models that ComfyUI does not load; saving stops with an error then
        """,
      sources: [Citation("OneTrainer 23df3832 modules/modelSaver/mixin/LoRASaverMixin.py:99-141")],
      covers: ["onetrainer/A21"],
      silencedBy: ["output-format-not-savable", "training-method-not-offered"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "FLUX_DEV_1", \
          "text_encoder": {"train": ⟦true⟧}, "text_encoder_2": {"train": false}, \
          "output_model_format": ⟪"ORIGINAL_LORA"⟫}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "FLUX_DEV_1", \
            "text_encoder": {"train": true}, "text_encoder_2": {"train": false}, \
            "output_model_format": "DIFFUSERS_LORA"}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "SANA", \
          "text_encoder": {"train": ⟦true⟧}, "output_model_format": ⟪"COMFY_LORA"⟫}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "SANA", \
            "text_encoder": {"train": true}, "output_model_format": "DIFFUSERS_LORA"}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "SANA", \
          "text_encoder": {"train": false}, "output_model_format": "ORIGINAL_LORA"}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "FLUX_DEV_1", \
          "text_encoder": {"train": true}, "output_model_format": "COMFY_LORA"}
          """),
      ])
  ) { config, findings in
    let format = config.setting("output_model_format")
    guard config.trainingMethod == "LORA", let model = config.model, let name = format.text,
      !config.setting("only_cache").isOn
    else { return }
    let hasNoComfyNames = ["sana", "wuerstchen", "stable-cascade"].contains(model.family)
    guard name == "ORIGINAL_LORA" || name == "COMFY_LORA" && hasNoComfyNames else { return }
    let encoders = config.trainedParts.filter {
      $0 != model.denoiser && config.part($0, "include").isOn
    }
    guard let first = encoders.first else { return }
    let related = encoders.map { config.part($0, "train") }.filter(\.isWritten).map {
      ($0, "trained as well")
    }
    findings.report(
      "the trained adapter is lost: \(name) has no names for \(first)", at: format,
      related: related,
      fixes: [
        findings.fix(
          "set output_model_format to DIFFUSERS_LORA", .unsafe,
          .set(format, .text("DIFFUSERS_LORA")))
      ])
  }

  static let resumedOptimizerOptions = Rule(
    RuleDescription(
      "resumed-optimizer-options", .info, .worthKnowing, .output,
      "A run that continues from a backup.",
      because: """
        betas, weight decay, eps, d_coef and all other options of the optimizer come back with the \
        backup; of another optimizer nothing comes back, and it starts afresh
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/create.py:1036-1081")],
      covers: ["onetrainer/A22", "onetrainer/A23"],
      examples: [
        .flags("onetrainer", #"{"__version": 11, "continue_last_backup": ⟪true⟫}"#),
        .allows("onetrainer", #"{"__version": 11, "continue_last_backup": false}"#),
      ])
  ) { config, findings in
    let resume = config.setting("continue_last_backup")
    guard resume.isOn else { return }
    findings.report(
      "changed optimizer options are not read when a backup is continued, only the learning rate is",
      at: resume)
  }
}
