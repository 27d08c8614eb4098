import Knowledge
import Plans
import SourceText

/// Which parts of the model are trained, and for how long.
extension Rule<OneTrainerConfig> {
  static let nothingTrained = Rule(
    RuleDescription(
      "nothing-trained", .error, .crashesAtStart, .adapter,
      "A config that trains no part of the model.",
      because: "the optimizer gets no parameters and refuses an empty list",
      sources: [
        Citation("OneTrainer 23df3832 modules/modelSetup/BaseModelSetup.py:185-224"),
        Citation("PyTorch, torch.optim.Optimizer: an empty parameter list raises a ValueError"),
      ],
      covers: ["onetrainer/F30"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
          "transformer": {"train": ⟪false⟫}, "text_encoder": {"train": ⟦false⟧}}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
            "transformer": {"train": true}, "text_encoder": {"train": false}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
          "transformer": {"train": true}, "text_encoder": {"train": false}}
          """),
      ])
  ) { config, findings in
    let method = config.trainingMethod
    guard method == "LORA" || method == "FINE_TUNE", let model = config.model,
      model.methods.contains(method), config.trainedParts.isEmpty,
      !config.trainsAdditionalEmbeddings
    else { return }
    let main = config.part(model.denoiser, "train")
    let others = model.trainableParts(method).filter { $0 != model.denoiser }.map {
      config.part($0, "train")
    }
    findings.report(
      "no part of the model is trained: the optimizer stops at an empty list of parameters",
      at: main, related: others.filter(\.isWritten).map { ($0, "not trained either") },
      fixes: [findings.fix("train the \(model.denoiser)", .unsafe, .set(main, .boolean(true)))])
  }

  static let partFrozenFromTheStart = Rule(
    RuleDescription(
      "part-frozen-from-the-start", .error, .trainsNothing, .adapter,
      "A trained part that is to stop training before its first step.",
      because: """
        training of a part ends when more than stop_training_after epochs or steps have begun; 0 is \
        reached before the first one, and 0 is the default for unet, prior and transformer
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/TimedActionMixin.py, single_action_elapsed")
      ],
      covers: ["onetrainer/F27"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "text_encoder": {"train": false}, \
          "transformer": {"stop_training_after": ⟪0⟫, "stop_training_after_unit": ⟦"EPOCH"⟧}}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "text_encoder": {"train": false}, \
            "transformer": {"stop_training_after": 0, "stop_training_after_unit": "NEVER"}}
            """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "text_encoder": {"train": false}, \
          "transformer": ⟪{"stop_training_after_unit": ⟦"STEP"⟧}⟫}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "QWEN", "text_encoder": {"train": false}, \
            "transformer": {"stop_training_after_unit": "NEVER"}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "QWEN", \
          "transformer": {"stop_training_after": 0, "stop_training_after_unit": "NEVER"}, \
          "text_encoder": {"stop_training_after": 10, "stop_training_after_unit": "EPOCH"}}
          """),
      ])
  ) { config, findings in
    guard config.trainingMethod == "LORA" || config.trainingMethod == "FINE_TUNE" else { return }
    for part in config.trainedParts {
      let unit = config.part(part, "stop_training_after_unit")
      let after = config.part(part, "stop_training_after")
      let isAtOnce = unit.text == "ALWAYS"
      guard isAtOnce || unit.text == "EPOCH" || unit.text == "STEP",
        isAtOnce || after.number.map({ $0 < 1 }) ?? false
      else { continue }
      // Text encoders are sometimes left in and stopped at 0 on purpose.
      let matters = part == config.model?.denoiser
      let when = isAtOnce ? "ALWAYS" : "after \(after.value.literal)\(after.defaultNote)"
      let places: [(any Located, String)] =
        isAtOnce ? [] : unit.isWritten ? [(unit, "counts down to the end of training")] : []
      findings.report(
        "\(part) never trains: it stops \(when), which is before the first step",
        at: isAtOnce ? unit : after, severity: matters ? .error : .warning, related: places,
        fixes: [
          findings.fix("never stop training it", .unsafe, .set(unit, .text("NEVER")))
        ])
    }
  }

  static let textEncoderTrainedByDefault = Rule(
    RuleDescription(
      "text-encoder-trained-by-default", .warning, .changesTraining, .adapter,
      "A text encoder that is trained because the file does not say whether it is.",
      because: """
        a text encoder is trained unless its train is false, for the first 30 epochs; in the interface \
        one sees the switch, in the file one does not
        """,
      sources: [
        Citation(
          "OneTrainer 23df3832 modules/util/config/TrainConfig.py, default_values of the text encoders"
        )
      ],
      covers: ["onetrainer/F29"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "CHROMA_1", "text_encoder": ⟪{"weight_dtype": "BFLOAT_16"}⟫}
          """,
          fixed: """
            {"__version": 11, "training_method": "LORA", "model_type": "CHROMA_1", "text_encoder": {"weight_dtype": "BFLOAT_16", "train": false}}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "CHROMA_1", "text_encoder": {"train": true}}
          """),
        // This one is never trained.
        .allows(
          "onetrainer", #"{"__version": 11, "training_method": "LORA", "model_type": "FLUX_2"}"#),
      ])
  ) { config, findings in
    guard let model = config.model, config.root.entry("model_type") != nil else { return }
    for part in config.trainedParts where part.hasPrefix("text_encoder") {
      let train = config.part(part, "train")
      guard !train.isWritten, config.part(part, "include").isOn else { continue }
      // Small CLIP encoders are trained along with their model more often than not.
      let isCLIP = model.clipEncoders.contains(part)
      if isCLIP && config.mode == .ui { continue }
      findings.report(
        "\(part) is trained as well: nothing says \"train\": false", at: train,
        severity: isCLIP || config.mode == .ui ? .info : .warning,
        fixes: [findings.fix("do not train \(part)", .unsafe, .set(train, .boolean(false)))])
    }
  }

  static let loKrAlphaWithoutEffect = Rule(
    RuleDescription(
      "lokr-alpha-without-effect", .info, .silentlyIgnored, .adapter,
      "An alpha for a LoKr adapter whose two factors are both full matrices.",
      because:
        "with nothing left to decompose LoKr replaces alpha with its dimension, which scales by 1",
      sources: [
        Citation("OneTrainer 23df3832 modules/module/LoRAModule.py, LoKrModule.initialize_weights")
      ],
      covers: ["onetrainer/F25"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "peft_type": "LOKR", "lokr_full_matrix": ⟦true⟧, \
          "lokr_dim": 16, "lora_alpha": ⟪4⟫}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "peft_type": "LOKR", "lokr_full_matrix": true, \
          "lokr_decompose_both": true, "lokr_dim": 16, "lora_alpha": 4}
          """),
      ])
  ) { config, findings in
    let alpha = config.setting("lora_alpha")
    let full = config.setting("lokr_full_matrix")
    guard config.trainingMethod == "LORA", config.setting("peft_type").text == "LOKR", full.isOn,
      !config.setting("lokr_decompose_both").isOn, alpha.isWritten, let value = alpha.number,
      value != 1,
      value != config.setting("lokr_dim").number
    else { return }
    findings.report(
      "an alpha of \(alpha.value.literal) has no effect: full LoKr matrices are always scaled by 1",
      at: alpha, related: [(full, "nothing is decomposed")])
  }
}
