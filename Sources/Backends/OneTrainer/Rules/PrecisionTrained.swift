import Knowledge
import Plans
import SourceText

/// Formats that weights can be stored in and not trained in.
extension Rule<OneTrainerConfig> {
  static let quantizedTrainedWeights = Rule(
    RuleDescription(
      "quantized-trained-weights", .error, .crashesAtFirstStep, .precision,
      "A part that is fine-tuned in a compressed weight format.",
      because: """
        compressed formats are for parts that stay as they are: whole-number weights cannot have \
        gradients, FLOAT_W8A8 refuses them, and FLOAT_8 cuts them off in the forward pass
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/module/quantized/LinearFp8.py:57-66"),
        Citation("OneTrainer 23df3832 modules/module/quantized/LinearW8A8.py:133-134"),
        Citation("OneTrainer 23df3832 modules/module/quantized/LinearNf4.py:93-95"),
      ],
      covers: ["onetrainer/E9", "onetrainer/E10", "onetrainer/E11"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": ⟦"FINE_TUNE"⟧, "model_type": "CHROMA_1", \
          "transformer": {"weight_dtype": ⟪"NFLOAT_4"⟫}, "text_encoder": {"train": false, "weight_dtype": "FLOAT_8"}}
          """,
          fixed: """
            {"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", \
            "transformer": {"weight_dtype": "BFLOAT_16"}, "text_encoder": {"train": false, "weight_dtype": "FLOAT_8"}}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": ⟦"FINE_TUNE"⟧, "model_type": "QWEN", \
          "transformer": {"weight_dtype": ⟪"FLOAT_8"⟫}, "text_encoder": {"train": false}}
          """,
          fixed: """
            {"__version": 11, "training_method": "FINE_TUNE", "model_type": "QWEN", \
            "transformer": {"weight_dtype": "BFLOAT_16"}, "text_encoder": {"train": false}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "CHROMA_1", \
          "transformer": {"weight_dtype": "NFLOAT_4"}, "text_encoder": {"train": false}}
          """),
      ])
  ) { config, findings in
    guard config.trainingMethod == "FINE_TUNE" else { return }
    for part in config.trainedParts {
      let format = config.part(part, "weight_dtype")
      guard let name = format.text, let outcome = untrainable[name] else { continue }
      // Layers that the quantization leaves out may be all that is trained.
      let isPartly =
        name == "FLOAT_8" && config.object("quantization").setting("layer_filter").text != ""
      let method = config.setting("training_method")
      findings.report(
        "\(part) cannot be fine-tuned in \(name): \(outcome.words); BFLOAT_16 and FLOAT_32 can",
        at: format, severity: isPartly ? .warning : .error,
        consequence: isPartly ? .changesTraining : outcome.consequence,
        related: method.isWritten ? [(method, "trains these weights themselves")] : [],
        fixes: [
          findings.fix(
            "set \(format.keyPath) to BFLOAT_16", .unsafe, .set(format, .text("BFLOAT_16")))
        ])
    }
  }

  private static let untrainable: [String: (words: String, consequence: Consequence)] = {
    let whole = ("whole numbers cannot have gradients", Consequence.crashesAtStart)
    let asserted = ("its layers stop at weights with gradients", Consequence.crashesAtFirstStep)
    let detached = ("its layers pass no gradient on and never change", Consequence.trainsNothing)
    return [
      "NFLOAT_4": whole, "INT_8": whole, "INT_W8A8": whole, "INT_W8A8_COMPRESSED": whole,
      "GGUF": whole, "GGUF_A8_FLOAT": whole, "GGUF_A8_INT": whole, "FLOAT_W8A8": asserted,
      "FLOAT_W8A8_COMPRESSED": asserted, "FLOAT_8": detached,
    ]
  }()

  static let float16WithoutLossScaling = Rule(
    RuleDescription(
      "float16-without-loss-scaling", .warning, .diverges, .precision,
      "Computing in float16 with trained weights that are not float32.",
      because: """
        OneTrainer scales the loss, which float16 gradients need, only where every trained weight is \
        float32
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/dtype_util.py:9-11"),
        Citation("OneTrainer issue 1380", "https://github.com/Nerogar/OneTrainer/issues/1380"),
      ],
      covers: ["onetrainer/E6"],
      silencedBy: ["trained-weights-in-float16", "quantized-trained-weights"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "lora_weight_dtype": ⟦"BFLOAT_16"⟧, \
          "train_dtype": ⟪"FLOAT_16"⟫}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "lora_weight_dtype": "BFLOAT_16", \
            "train_dtype": "BFLOAT_16"}
            """),
        .flags(
          "onetrainer",
          #"⟪{"__version": 11, "training_method": "LORA", "lora_weight_dtype": ⟦"BFLOAT_16"⟧}⟫"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "lora_weight_dtype": "BFLOAT_16", "train_dtype": "BFLOAT_16"}"#
        ),
        .allows(
          "onetrainer", #"{"__version": 11, "training_method": "LORA", "train_dtype": "FLOAT_16"}"#),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "lora_weight_dtype": "BFLOAT_16", \
          "train_dtype": "BFLOAT_16"}
          """),
      ])
  ) { config, findings in
    let compute = config.setting("train_dtype")
    // The denoisers of these are computed in the fallback format.
    let hasFallback =
      ["stable-cascade", "hidream", "hunyuan-video"].contains(config.model?.family ?? "")
      && config.setting("fallback_train_dtype").text != "FLOAT_16"
    guard compute.text == "FLOAT_16", !hasFallback else { return }
    let formats =
      config.trainingMethod == "LORA"
      ? [config.setting("lora_weight_dtype")]
      : config.trainedParts.map { config.part($0, "weight_dtype") }
    guard let other = formats.first(where: { $0.text == "BFLOAT_16" }) else { return }
    findings.report(
      "float16\(compute.defaultNote) without loss scaling: small gradients become 0, large ones infinite; use BFLOAT_16",
      at: compute,
      related: other.isWritten ? [(other, "trained weights that are not float32")] : [],
      fixes: [
        findings.fix("set train_dtype to BFLOAT_16", .unsafe, .set(compute, .text("BFLOAT_16")))
      ])
  }
}
