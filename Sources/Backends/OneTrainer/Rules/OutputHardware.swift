import Knowledge
import Plans
import SourceText

/// Pictures, memory and graphics cards.
extension Rule<OneTrainerConfig> {
  static let unreadableResolution = Rule(
    RuleDescription(
      "unreadable-resolution", .error, .crashesAtStart, .output,
      "A resolution that is neither a number, nor a list of numbers, nor width x height.",
      because:
        "the data loader takes the text apart at 'x' or at commas and turns the parts into numbers",
      sources: [
        Citation("OneTrainer 23df3832 modules/util/ui/validation_helpers.py:6-37"),
        Citation(
          "mgds, src/mgds/pipelineModules/AspectBucketing.py, start",
          "https://github.com/Nerogar/mgds"),
      ],
      covers: ["onetrainer/F35"],
      examples: [
        .flags("onetrainer", #"{"__version": 11, "resolution": ⟪"512px"⟫}"#),
        .flags("onetrainer", #"{"__version": 11, "resolution": ⟪"512x768,1024"⟫}"#),
        .flags("onetrainer", #"{"__version": 11, "resolution": ⟪"512,"⟫}"#),
        .allows("onetrainer", #"{"__version": 11, "resolution": "512, 768"}"#),
        .allows("onetrainer", #"{"__version": 11, "resolution": "1024x768"}"#),
        .allows("onetrainer", #"{"__version": 11, "resolution": 512}"#),
      ])
  ) { config, findings in
    let overrides = config.objects.filter { $0.facts.name == "conceptImage" }
      .map { $0.setting("resolution_override") }.filter(\.isWritten)
    for setting in [config.setting("resolution")] + overrides {
      guard let text = setting.text, !OneTrainerConfig.isResolution(text) else { continue }
      findings.report(
        "'\(text)' is no resolution: write 512, 512,768 or 1024x768", at: setting)
    }
  }

  static let flashAttentionWithMasks = Rule(
    RuleDescription(
      "flash-attention-with-masks", .warning, .crashesAtFirstStep, .output,
      "FLASH attention for a model that hands over attention masks.",
      because:
        "FLASH attention takes no masks; OneTrainer prints a warning and may stop with larger batches",
      sources: [Citation("OneTrainer 23df3832 modules/modelSetup/BaseModelSetup.py:278-281")],
      covers: ["onetrainer/F37"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": ⟦"QWEN"⟧, "attention_mechanism": ⟪"FLASH"⟫}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "attention_mechanism": "SDP"}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "FLUX_DEV_1", "attention_mechanism": "FLASH"}"#
        ),
      ])
  ) { config, findings in
    let mechanism = config.setting("attention_mechanism")
    let masked: Set = [
      "ernie-image", "sana", "krea", "hidream", "hunyuan-video", "pixart", "chroma", "z-image",
      "qwen-image",
    ]
    guard mechanism.text == "FLASH", let model = config.model, masked.contains(model.family) else {
      return
    }
    let type = config.setting("model_type")
    findings.report(
      "FLASH attention may stop with \(model.title), which uses attention masks: SDP takes them",
      at: mechanism, related: type.isWritten ? [(type, "uses attention masks")] : [],
      fixes: [
        findings.fix("set attention_mechanism to SDP", .unsafe, .set(mechanism, .text("SDP")))
      ])
  }

  static let latentsNotCached = Rule(
    RuleDescription(
      "latents-not-cached", .info, .wastesMemory, .memory,
      "Training without the cache of encoded images and captions.",
      because: """
        without the cache the autoencoder and every text encoder stay on the graphics card and run \
        again for each picture
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/modelSetup/StableDiffusionXLLoRASetup.py:123-142")
      ],
      covers: ["onetrainer/F33"],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, "training_method": "LORA", "latent_caching": ⟪false⟫}"#),
        .allows(
          "onetrainer", #"{"__version": 11, "training_method": "LORA", "latent_caching": true}"#),
        // The encoder is needed in every step anyway.
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "EMBEDDING", "latent_caching": false}"#),
      ])
  ) { config, findings in
    let caching = config.setting("latent_caching")
    guard !caching.isOn, caching.isWritten,
      config.trainingMethod == "LORA" || config.trainingMethod == "FINE_TUNE"
    else { return }
    findings.report(
      "the autoencoder and the text encoders stay on the graphics card: latent_caching is off",
      at: caching)
  }

  static let averageOfFullModelOnGPU = Rule(
    RuleDescription(
      "average-of-full-model-on-gpu", .info, .wastesMemory, .memory,
      "An average (EMA) of a whole model, kept on the graphics card.",
      because:
        "the average is one more copy of everything that is trained; CPU keeps it in main memory",
      sources: [Citation("OneTrainer 23df3832 modules/module/EMAModule.py:15-17")],
      covers: ["onetrainer/F6"],
      examples: [
        .flags(
          "onetrainer", #"{"__version": 11, "training_method": "FINE_TUNE", "ema": ⟪"GPU"⟫}"#,
          fixed: #"{"__version": 11, "training_method": "FINE_TUNE", "ema": "CPU"}"#),
        .allows("onetrainer", #"{"__version": 11, "training_method": "FINE_TUNE", "ema": "CPU"}"#),
        .allows("onetrainer", #"{"__version": 11, "training_method": "LORA", "ema": "GPU"}"#),
      ])
  ) { config, findings in
    let mode = config.setting("ema")
    guard mode.text == "GPU", config.trainingMethod == "FINE_TUNE" else { return }
    findings.report(
      "the average takes as much graphics memory as the trained weights: CPU keeps it in main memory",
      at: mode,
      fixes: [findings.fix("keep the average on the CPU", .unsafe, .set(mode, .text("CPU")))])
  }

  static let multiGPUSideEffects = Rule(
    RuleDescription(
      "multi-gpu-side-effects", .info, .worthKnowing, .output,
      "Several graphics cards with settings that do not allow for them.",
      because: """
        every card takes a batch of its own, so a step sees batch_size × cards pictures; OneTrainer \
        advises to cache latents then, and samples on one card only if they go to TensorBoard
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/trainer/MultiTrainer.py:21-24"),
        Citation("OneTrainer 23df3832 modules/util/enum/LearningRateScaler.py"),
      ],
      covers: ["onetrainer/F40", "onetrainer/F41"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "multi_gpu": ⟪true⟫, "latent_caching": ⟦false⟧, "learning_rate_scaler": "GLOBAL_BATCH"}"#
        ),
        .flags(
          "onetrainer", #"{"__version": 11, "multi_gpu": ⟪true⟫, "learning_rate_scaler": ⟦"NONE"⟧}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "multi_gpu": true, "latent_caching": true, "learning_rate_scaler": "GLOBAL_BATCH", "samples_to_tensorboard": false}"#
        ),
      ])
  ) { config, findings in
    let several = config.setting("multi_gpu")
    guard several.isOn else { return }
    let caching = config.setting("latent_caching")
    if !caching.isOn {
      findings.report(
        "each card encodes pictures and captions itself: latent_caching is off", at: several,
        consequence: .slower, related: caching.isWritten ? [(caching, "nothing is cached")] : [])
    }
    let samples = config.setting("samples_to_tensorboard")
    if samples.isOn, samples.isWritten {
      findings.report(
        "samples are made on one card only: samples_to_tensorboard is on", at: several,
        consequence: .slower, related: [(samples, "needs one card")])
    }
    let scaler = config.setting("learning_rate_scaler")
    guard let name = scaler.text, !name.hasPrefix("GLOBAL"),
      config.optimizerFacts?.isAdaptive != true
    else { return }
    findings.report(
      "each step sees the batches of all cards, and the learning rate is not raised for that",
      at: several, related: scaler.isWritten ? [(scaler, "GLOBAL_BATCH counts the cards")] : [])
  }
}

extension OneTrainerConfig {
  /// Whether the data loader can read it.
  fileprivate static func isResolution(_ text: String) -> Bool {
    let isPair = text.contains("x") && !text.contains(",")
    let parts = text.split(separator: isPair ? "x" : ",", omittingEmptySubsequences: false)
    return (isPair ? parts.count >= 2 : true)
      && parts.prefix(isPair ? 2 : parts.count).allSatisfy { part in
        (Number.parseInteger(String(part)) ?? 0) >= 1
      }
  }
}
