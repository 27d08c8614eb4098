import Knowledge
import Plans
import SourceText

extension Rule<OneTrainerConfig> {
  static let offloadingWithoutEffect = Rule(
    RuleDescription(
      "offloading-without-effect", .warning, .silentlyIgnored, .memory,
      "Offloading of a part that stays on the GPU whatever the file says.",
      because:
        "OneTrainer moves only transformer blocks: no UNets, no CLIP encoders, no autoencoders",
      sources: [
        Citation("OneTrainer 23df3832 modules/modelSetup/BaseStableDiffusionXLSetup.py:51-55"),
        Citation("OneTrainer 23df3832 modules/util/checkpointing_util.py:310-330"),
      ],
      covers: ["onetrainer/D11", "onetrainer/D16"],
      silencedBy: ["offloading-without-fused-back-pass", "offloaded-text-encoder-with-threads"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE", "unet": {"offload_fraction": ⟪0.5⟫}}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE", "unet": {"offload_fraction": 0}}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "text_encoder": {"activation_offloading": ⟪true⟫}}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "text_encoder": {"activation_offloading": false}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "transformer": {"offload_fraction": 0.5, "activation_offloading": true}}"#
        ),
        // A part that this model does not have.
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "unet": {"offload_fraction": 0.5}}"#
        ),
      ])
  ) { config, findings in
    for part in config.parts {
      let fraction = config.part(part, "offload_fraction")
      let activations = config.part(part, "activation_offloading")
      if config.saysOffloaded(part), !config.canOffload(part), fraction.isSaid(of: part) {
        findings.report(
          "offload_fraction does nothing for the \(part) of this model", at: fraction,
          fixes: [findings.fix("set \(fraction.keyPath) to 0", .safe, .set(fraction, .number(0)))])
      }
      let takesActivations = config.canOffload(part) && !part.hasPrefix("text_encoder")
      if activations.isOn, !takesActivations, activations.isSaid(of: part) {
        findings.report(
          "activation_offloading does nothing for the \(part) of this model", at: activations,
          severity: part == config.model?.denoiser ? .warning : .info,
          fixes: [
            findings.fix(
              "set \(activations.keyPath) to false", .safe, .set(activations, .boolean(false)))
          ])
      }
    }
  }

  static let offloadingNearlyAll = Rule(
    RuleDescription(
      "offloading-nearly-all", .info, .worthKnowing, .memory,
      "Full fine-tuning with nearly all layers offloaded.",
      because: """
        an open report has weights damaged now and then at a fraction of 1, by transfers that overtake \
        each other; smaller fractions move fewer layers at a time
        """,
      sources: [
        Citation("OneTrainer issue 1306", "https://github.com/Nerogar/OneTrainer/issues/1306")
      ],
      covers: ["onetrainer/D14"],
      silencedBy: ["offloading-without-fused-back-pass"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "Z_IMAGE", "transformer": {"offload_fraction": ⟪1.0⟫}, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "Z_IMAGE", "transformer": {"offload_fraction": 0.8}, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "Z_IMAGE", "transformer": {"offload_fraction": 1.0}}"#
        ),
      ])
  ) { config, findings in
    guard config.trainingMethod == "FINE_TUNE", config.setting("async_offloading").isOn else {
      return
    }
    for part in config.trainedParts where config.canOffload(part) {
      let fraction = config.part(part, "offload_fraction")
      guard let share = fraction.number, (0.9...1).contains(share) else { continue }
      findings.report(
        "with \(fraction.value.literal) of the \(part) offloaded, there is an open report of damaged weights",
        at: fraction)
    }
  }

  static let denoiserWithoutCheckpointing = Rule(
    RuleDescription(
      "denoiser-without-checkpointing", .info, .wastesMemory, .memory,
      "Gradient checkpointing switched off for a large model.",
      because:
        "every layer then keeps what it computed until the backward pass, several times the memory for a faster step",
      sources: [
        Citation("OneTrainer 23df3832 modules/util/config/TrainConfig.py:310, where it is on")
      ],
      covers: ["onetrainer/D17"],
      silencedBy: ["offloading-without-checkpointing"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "transformer": {"gradient_checkpointing": ⟪false⟫}}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "transformer": {"gradient_checkpointing": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_15", "unet": {"gradient_checkpointing": false}}"#
        ),
      ])
  ) { config, findings in
    guard let model = config.model, !model.isUNetLike || model.family == "sdxl" else { return }
    let checkpointing = config.part(model.denoiser, "gradient_checkpointing")
    guard checkpointing.isWritten, !checkpointing.isOn else { return }
    let fix =
      checkpointing.isSaid(of: model.denoiser)
      ? findings.fix(
        "set \(checkpointing.keyPath) to true", .unsafe, .set(checkpointing, .boolean(true))) : nil
    findings.report(
      "without gradient_checkpointing the \(model.denoiser) takes several times the memory for activations",
      at: checkpointing, fixes: [fix])
  }

  static let compileWithoutEffect = Rule(
    RuleDescription(
      "compile-without-effect", .info, .silentlyIgnored, .memory,
      "`compile` where nothing is compiled.",
      because:
        "OneTrainer compiles the wrapper that it puts around each block for checkpointing, and here there is none",
      sources: [
        Citation("OneTrainer 23df3832 modules/modelSetup/BaseStableDiffusionXLSetup.py:51-53"),
        Citation("OneTrainer 23df3832 modules/modelSetup/BaseWuerstchenSetup.py:57-61"),
      ],
      covers: ["onetrainer/D18"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "model_type": "STABLE_DIFFUSION_XL_10_BASE", "compile": ⟪true⟫, "unet": {"gradient_checkpointing": ⟦false⟧}}"#,
          fixed:
            #"{"__version": 11, "model_type": "STABLE_DIFFUSION_XL_10_BASE", "compile": false, "unet": {"gradient_checkpointing": false}}"#
        ),
        .flags(
          "onetrainer", #"{"__version": 11, "model_type": "STABLE_CASCADE_1", "compile": ⟪true⟫}"#,
          fixed: #"{"__version": 11, "model_type": "STABLE_CASCADE_1", "compile": false}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "model_type": "STABLE_DIFFUSION_XL_10_BASE", "compile": true}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "model_type": "QWEN", "compile": true, "transformer": {"gradient_checkpointing": false}}"#
        ),
      ])
  ) { config, findings in
    let compile = config.setting("compile")
    guard compile.isOn, let model = config.model, model.isUNetLike else { return }
    let checkpointing = config.part(model.denoiser, "gradient_checkpointing")
    let isPrior = model.denoiser == "prior"
    guard isPrior || !checkpointing.isOn else { return }
    findings.report(
      isPrior
        ? "compile does nothing for the prior of this model"
        : "compile does nothing for a UNet without gradient_checkpointing",
      at: compile, related: isPrior ? [] : [(checkpointing, "leaves the blocks as they are")],
      fixes: [findings.fix("set compile to false", .safe, .set(compile, .boolean(false)))])
  }
}

extension Traced {
  /// Whether the file says it of this part, and not of all parts at once, as older versions did.
  fileprivate func isSaid(of part: String) -> Bool { isWritten && keyPath.hasPrefix("\(part).") }
}
