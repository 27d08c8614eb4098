import Knowledge
import Plans
import SourceText

/// Formats that do not go with a model, a device or one another.
extension Rule<OneTrainerConfig> {
  static let compressedFormatNotOffered = Rule(
    RuleDescription(
      "compressed-format-not-offered", .warning, .silentlyIgnored, .precision,
      "A weight format with compression for a model that OneTrainer does not compress.",
      because: "compression is built into the loading of the newer transformer models only",
      sources: [
        Citation("OneTrainer 23df3832 modules/util/enum/ModelType.py, supports_compression"),
        Citation("OneTrainer 23df3832 modules/util/quantization_util.py:271-272"),
      ],
      covers: ["onetrainer/E12"],
      silencedBy: ["quantized-trained-weights"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": ⟦"STABLE_DIFFUSION_XL_10_BASE"⟧, \
          "unet": {"weight_dtype": ⟪"INT_W8A8_COMPRESSED"⟫}}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \
            "unet": {"weight_dtype": "INT_W8A8"}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
          "transformer": {"weight_dtype": "INT_W8A8_COMPRESSED"}}
          """),
      ])
  ) { config, findings in
    guard let model = config.model, !model.hasCompressedWeights else { return }
    let suffix = "_COMPRESSED"
    for part in config.parts {
      let format = config.part(part, "weight_dtype")
      guard let name = format.text, name.hasSuffix(suffix) else { continue }
      let plain = String(name.dropLast(suffix.count))
      let type = config.setting("model_type")
      findings.report(
        "\(name) is not offered for \(model.title): use \(plain)", at: format,
        related: type.isWritten ? [(type, "not one of the models with compression")] : [],
        fixes: [
          findings.fix("set \(format.keyPath) to \(plain)", .unsafe, .set(format, .text(plain)))
        ])
    }
  }

  static let svdQuantWithGGUF = Rule(
    RuleDescription(
      "svdquant-with-gguf", .error, .crashesAtLoad, .precision,
      "SVDQuant for a model that is loaded from a GGUF file.",
      because: "SVDQuant needs the full weights, and a GGUF file has only quantized ones",
      sources: [Citation("OneTrainer 23df3832 modules/util/quantization_util.py:176-203")],
      covers: ["onetrainer/E13"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
          "transformer": {"weight_dtype": ⟦"GGUF_A8_INT"⟧}, "quantization": {"svd_dtype": ⟪"BFLOAT_16"⟫}}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
            "transformer": {"weight_dtype": "GGUF_A8_INT"}, "quantization": {"svd_dtype": "NONE"}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
          "transformer": {"weight_dtype": "INT_W8A8"}, "quantization": {"svd_dtype": "BFLOAT_16"}}
          """),
      ])
  ) { config, findings in
    guard let model = config.model else { return }
    let svd = config.object("quantization").setting("svd_dtype")
    let format = config.part(model.denoiser, "weight_dtype")
    guard let name = format.text, name.hasPrefix("GGUF"), let low = svd.text, low != "NONE" else {
      return
    }
    // The plain GGUF layers are left as loaded before SVDQuant is looked at.
    let isSkipped = name == "GGUF"
    findings.report(
      isSkipped
        ? "SVDQuant is not applied to a model from a GGUF file"
        : "SVDQuant cannot be used with \(name): OneTrainer stops while loading the model",
      at: svd, severity: isSkipped ? .warning : .error,
      consequence: isSkipped ? .silentlyIgnored : .crashesAtLoad,
      related: [(format, "the weights come quantized from the file")],
      fixes: [
        findings.fix("switch SVDQuant off", isSkipped ? .safe : .unsafe, .set(svd, .text("NONE")))
      ])
  }

  static let float32ComputeOffCUDA = Rule(
    RuleDescription(
      "float32-compute-off-cuda", .warning, .silentlyIgnored, .precision,
      "Computing in float32 on a device other than CUDA, with weights of less precision.",
      because:
        "only CUDA casts weights up to float32; elsewhere the run computes in their own format",
      sources: [Citation("OneTrainer 23df3832 modules/util/dtype_util.py:43-53")],
      covers: ["onetrainer/E14"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "train_device": ⟦"mps"⟧, \
          "train_dtype": ⟪"FLOAT_32"⟫, "transformer": {"weight_dtype": ⟦"BFLOAT_16"⟧}}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "train_device": "cuda", \
          "train_dtype": "FLOAT_32", "transformer": {"weight_dtype": "BFLOAT_16"}}
          """),
      ])
  ) { config, findings in
    let compute = config.setting("train_dtype")
    let device = config.setting("train_device")
    guard compute.text == "FLOAT_32" || compute.text == "TFLOAT_32", device.isOffCUDA,
      let model = config.model
    else { return }
    let format = config.part(model.denoiser, "weight_dtype")
    guard format.text == "BFLOAT_16" || format.text == "FLOAT_16" else { return }
    findings.report(
      "\(model.denoiser) runs in \(format.text ?? ""), not in \(compute.text ?? ""): only CUDA can compute in float32 with such weights",
      at: compute, related: [(device, "not CUDA"), (format, "what it computes in")])
  }

  static let float16FallbackOffCUDA = Rule(
    RuleDescription(
      "float16-fallback-off-cuda", .error, .crashesAtStart, .precision,
      "A float32 fallback for float16 on a device other than CUDA.",
      because: """
        parts that cannot run in float16 are computed in fallback_train_dtype, and float32 can be \
        chosen for that on CUDA only
        """,
      sources: [Citation("OneTrainer 23df3832 modules/util/dtype_util.py:66-75")],
      covers: ["onetrainer/E15"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "model_type": "FLUX_DEV_1", "train_device": ⟦"mps"⟧, \
          "train_dtype": ⟦"FLOAT_16"⟧, "fallback_train_dtype": ⟪"FLOAT_32"⟫}
          """,
          fixed: """
            {"__version": 11, "model_type": "FLUX_DEV_1", "train_device": "mps", \
            "train_dtype": "FLOAT_16", "fallback_train_dtype": "BFLOAT_16"}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "model_type": "FLUX_DEV_1", "train_device": "mps", \
          "train_dtype": "FLOAT_16", "fallback_train_dtype": "BFLOAT_16"}
          """),
        // Nothing in this model asks for the fallback.
        .allows(
          "onetrainer",
          """
          {"__version": 11, "model_type": "STABLE_DIFFUSION_15", "train_device": "mps", \
          "train_dtype": "FLOAT_16", "fallback_train_dtype": "FLOAT_32"}
          """),
      ])
  ) { config, findings in
    let fallback = config.setting("fallback_train_dtype")
    let compute = config.setting("train_dtype")
    let device = config.setting("train_device")
    guard fallback.text == "FLOAT_32" || fallback.text == "TFLOAT_32", compute.text == "FLOAT_16",
      device.isOffCUDA, config.needsFloat16Fallback
    else { return }
    findings.report(
      "a fallback of \(fallback.text ?? "") works on CUDA only: use BFLOAT_16", at: fallback,
      related: [(compute, "what it replaces where float16 overflows"), (device, "not CUDA")]
        .filter { $0.0.isWritten },
      fixes: [
        findings.fix(
          "set fallback_train_dtype to BFLOAT_16", .unsafe, .set(fallback, .text("BFLOAT_16")))
      ])
  }

  static let sdxlAutoencoderInFloat16 = Rule(
    RuleDescription(
      "sdxl-autoencoder-in-float16", .info, .worthKnowing, .precision,
      "The autoencoder of SDXL in float16.",
      because: """
        inside the autoencoder of SDXL values grow beyond what float16 can hold; OneTrainer computes \
        it in fallback_train_dtype instead, and its presets keep the weights in FLOAT_32
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/modelSetup/BaseStableDiffusionXLSetup.py:63-66"),
        Citation("OneTrainer 23df3832 training_presets/SDXL"),
      ],
      covers: ["onetrainer/E17"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "model_type": "STABLE_DIFFUSION_XL_10_BASE", "vae": {"weight_dtype": ⟪"FLOAT_16"⟫}}"#,
          fixed:
            #"{"__version": 11, "model_type": "STABLE_DIFFUSION_XL_10_BASE", "vae": {"weight_dtype": "FLOAT_32"}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "model_type": "STABLE_DIFFUSION_XL_10_BASE", "vae": {"weight_dtype": "FLOAT_32"}}"#
        ),
      ])
  ) { config, findings in
    guard config.model?.family == "sdxl" else { return }
    let format = config.part("vae", "weight_dtype")
    let fallback = config.setting("fallback_train_dtype")
    let overflows = config.setting("train_dtype").text == "FLOAT_16" && fallback.text == "FLOAT_16"
    guard format.text == "FLOAT_16" || overflows else { return }
    if overflows {
      findings.report(
        "the SDXL autoencoder is computed in float16 and overflows to NaN: use BFLOAT_16 as fallback",
        at: fallback, severity: .warning, consequence: .diverges,
        fixes: [
          findings.fix(
            "set fallback_train_dtype to BFLOAT_16", .unsafe, .set(fallback, .text("BFLOAT_16")))
        ])
    } else {
      findings.report(
        "the SDXL autoencoder in FLOAT_16 loses precision: FLOAT_32 is usual for it", at: format,
        fixes: [
          findings.fix("set vae.weight_dtype to FLOAT_32", .unsafe, .set(format, .text("FLOAT_32")))
        ])
    }
  }
}

extension OneTrainerConfig {
  /// Whether the model has a part that is never computed in float16.
  fileprivate var needsFloat16Fallback: Bool {
    switch model?.family {
    case nil, "sd1", "sd2", "wuerstchen": false
    // Their T5 encoder, which can be left out.
    case "sd3": part("text_encoder_3", "include").isOn
    case "flux1": part("text_encoder_2", "include").isOn
    default: true
    }
  }
}

extension Setting {
  /// Of `train_device`: whether it names another kind of device than CUDA.
  fileprivate var isOffCUDA: Bool {
    guard let name = text, !name.isEmpty else { return false }
    return name.split(separator: ":").first != "cuda"
  }
}
