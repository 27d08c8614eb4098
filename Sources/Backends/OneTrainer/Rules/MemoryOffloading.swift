import Knowledge
import Plans
import SourceText

extension Rule<OneTrainerConfig> {
  static let offloadingWithoutFusedBackPass = Rule(
    RuleDescription(
      "offloading-without-fused-back-pass", .error, .crashesAtStart, .memory,
      "Full fine-tuning with offloaded layers and without a fused back pass.",
      because: """
        a layer that moves to RAM cannot keep its gradients, so OneTrainer demands an optimizer that \
        uses them up on the way; it looks at the numbers alone, also where nothing is offloaded
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:140-144"),
        Citation("OneTrainer issue 833", "https://github.com/Nerogar/OneTrainer/issues/833"),
      ],
      covers: ["onetrainer/D4"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "transformer": {"offload_fraction": ⟪0.4⟫}, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": ⟦false⟧}}"#,
          fixed:
            #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "transformer": {"offload_fraction": 0.4}, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "transformer": {"offload_fraction": ⟪0.4⟫}, "optimizer": {"optimizer": ⟦"ADAMW_8BIT"⟧}}"#,
          fixed:
            #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "transformer": {"offload_fraction": 0}, "optimizer": {"optimizer": "ADAMW_8BIT"}}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_XL_10_BASE", "unet": {"offload_fraction": ⟪0.5⟫}, "optimizer": {"optimizer": "ADAFACTOR"}}"#,
          fixed:
            #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_XL_10_BASE", "unet": {"offload_fraction": 0}, "optimizer": {"optimizer": "ADAFACTOR"}}"#
        ),
        // The interface trains this one.
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "transformer": {"offload_fraction": ⟪0.4⟫}, "optimizer": {"optimizer": "ADAFACTOR"}, "optimizer_defaults": {"ADAFACTOR": {"optimizer": "ADAFACTOR", "fused_back_pass": ⟦true⟧}}}"#,
          fixed:
            #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "transformer": {"offload_fraction": 0.4}, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}, "optimizer_defaults": {"ADAFACTOR": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "CHROMA_1", "transformer": {"offload_fraction": 0.4}}"#
        ),
        // A part that this model does not have.
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "unet": {"offload_fraction": 0.4}}"#
        ),
      ])
  ) { config, findings in
    guard config.trainingMethod == "FINE_TUNE", let use = config.optimizerUse, !config.runsFused
    else { return }
    let parts = config.offloadedTrainParts
    guard let part = parts.first else { return }
    let fused = config.option("fused_back_pass")
    let fraction = config.part(part, "offload_fraction")
    let train = config.part(part, "train")
    let isTrained = config.trainedParts.contains(part)
    let cause =
      use.hasFusedBackPass
      ? "fused_back_pass is off\(fused.defaultNote)" : "\(use.name) cannot run fused"
    findings.report(
      "offloading the \(part) needs a fused back pass in full fine-tuning, but \(cause): OneTrainer stops",
      at: fraction,
      why: isTrained
        ? nil
        : "the \(part) counts as trained as long as \(part).train is on, though this model never trains it",
      related: config.otherFractions(parts)
        + (fused.isWritten && use.hasFusedBackPass ? [(fused, "must be on")] : [])
        + (use.hasFusedBackPass ? [] : [(config.optimizerName, "has no fused step")])
        + (train.isWritten && !isTrained ? [(train, "counts as trained")] : [])
        + config.rememberedFusedBackPass.map { ($0, "the command line does not look here") },
      fixes: config.fixes(forOffloaded: parts, findings))
  }

  static let offloadedTextEncoderWithThreads = Rule(
    RuleDescription(
      "offloaded-text-encoder-with-threads", .error, .crashesAtStart, .memory,
      "An offloaded text encoder with more than one data loader thread.",
      because: """
        the data loader's threads run the text encoders, and layers can be moved for one thread only; \
        OneTrainer counts CLIP encoders too, for which the setting does nothing
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/create.py:115-118"),
        Citation("OneTrainer pull request 1476", "https://github.com/Nerogar/OneTrainer/pull/1476"),
      ],
      covers: ["onetrainer/D8"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "FLUX_2", "dataloader_threads": ⟦4⟧, "text_encoder": {"offload_fraction": ⟪0.7⟫}}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "FLUX_2", "dataloader_threads": 1, "text_encoder": {"offload_fraction": 0.7}}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE", "text_encoder_2": {"offload_fraction": ⟪0.7⟫}}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_XL_10_BASE", "text_encoder_2": {"offload_fraction": 0}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "FLUX_2", "dataloader_threads": 1, "text_encoder": {"offload_fraction": 0.7}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "FLUX_2", "text_encoder_2": {"offload_fraction": 0.7}}"#
        ),
      ])
  ) { config, findings in
    let threads = config.setting("dataloader_threads")
    let parts = config.parts.filter { $0.hasPrefix("text_encoder") && config.saysOffloaded($0) }
    guard let count = threads.number, count > 1, let part = parts.first else { return }
    let fraction = config.part(part, "offload_fraction")
    let oneThread = findings.fix("set dataloader_threads to 1", .unsafe, .set(threads, .number(1)))
    let stay =
      parts.count == 1 && fraction.keyPath == "\(part).offload_fraction"
      ? findings.fix("set \(fraction.keyPath) to 0", .unsafe, .set(fraction, .number(0))) : nil
    findings.report(
      "an offloaded text encoder needs dataloader_threads 1, not \(threads.value.literal)\(threads.defaultNote): OneTrainer stops",
      at: fraction,
      related: config.otherFractions(parts)
        + (threads.isWritten ? [(threads, "more than one")] : []),
      fixes: config.canOffload(part) ? [oneThread, stay] : [stay, oneThread])
  }

  static let offloadingWithoutCheckpointing = Rule(
    RuleDescription(
      "offloading-without-checkpointing", .error, .crashesAtStart, .memory,
      "Offloading of a part whose gradient checkpointing is off.",
      because: """
        what was moved to RAM comes back when checkpointing computes a layer a second time; without it \
        OneTrainer refuses to run the part with gradients
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/checkpointing_util.py:153-154, 262-263")
      ],
      covers: ["onetrainer/D9", "onetrainer/D10"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "transformer": {"gradient_checkpointing": ⟪false⟫, "offload_fraction": ⟦0.5⟧}}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "transformer": {"gradient_checkpointing": true, "offload_fraction": 0.5}}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "EMBEDDING", "model_type": "FLUX_DEV_1", "transformer": {"train": false, "gradient_checkpointing": ⟪false⟫, "activation_offloading": ⟦true⟧}}"#,
          fixed:
            #"{"__version": 11, "training_method": "EMBEDDING", "model_type": "FLUX_DEV_1", "transformer": {"train": false, "gradient_checkpointing": true, "activation_offloading": true}}"#
        ),
        // UNets are never offloaded.
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_15", "unet": {"gradient_checkpointing": false, "offload_fraction": 0.5}}"#
        ),
        // Runs without gradients.
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "IDEOGRAM_4", "unconditional_transformer": {"offload_fraction": 1.0}}"#
        ),
      ])
  ) { config, findings in
    for part in config.parts where config.canOffload(part) && config.part(part, "include").isOn {
      let checkpointing = config.part(part, "gradient_checkpointing")
      let activations = config.part(part, "activation_offloading")
      let causes =
        (config.saysOffloaded(part) ? [config.part(part, "offload_fraction")] : [])
        + (activations.isOn ? [activations] : [])
      guard !checkpointing.isOn, !causes.isEmpty else { continue }
      let isTrained = config.part(part, "train").isOn
      guard isTrained || config.carriesGradients(part) else { continue }
      findings.report(
        "gradient_checkpointing of the \(part) is off\(checkpointing.defaultNote): OneTrainer stops, as offloading needs it",
        at: checkpointing, consequence: isTrained ? .crashesAtStart : .crashesAtFirstStep,
        related: causes.map { ($0, "offloads the \(part)") },
        fixes: [
          findings.fix(
            "set \(part).gradient_checkpointing to true", .unsafe,
            .set(checkpointing, .boolean(true)))
        ])
    }
  }
}

extension OneTrainerConfig {
  /// Whether the trainer can move layers of the part to RAM: it cannot for UNets, the priors of
  /// Wuerstchen and Cascade, CLIP encoders and everything that is no network of equal blocks.
  func canOffload(_ part: String) -> Bool {
    guard let model else { return false }
    if part == model.denoiser { return !model.isUNetLike }
    return part == "unconditional_transformer"
      || part.hasPrefix("text_encoder") && !model.clipEncoders.contains(part)
  }

  /// Whether the file asks for offloaded layers, effective or not.
  func saysOffloaded(_ part: String) -> Bool {
    (self.part(part, "offload_fraction").number ?? 0) > 0
  }

  func offloadsLayers(_ part: String) -> Bool { canOffload(part) && saysOffloaded(part) }

  /// The parts that the trainer's check before full fine-tuning counts: whether they can be trained
  /// or offloaded does not matter to it.
  var offloadedTrainParts: [String] { parts.filter { saysOffloaded($0) && part($0, "train").isOn } }

  /// Whether a frozen part is certain to run with gradients on.
  fileprivate func carriesGradients(_ part: String) -> Bool {
    if part == model?.denoiser { return true }
    return trainingMethod == "EMBEDDING" && part.hasPrefix("text_encoder")
      && self.part(part, "train_embedding").isOn
  }

  /// The fractions of all parts but the first; older versions of the format have one for all.
  fileprivate func otherFractions(_ parts: [String]) -> [(any Located, String)] {
    let fractions = parts.map { part($0, "offload_fraction") }
    return fractions.dropFirst().filter { $0.keyPath != fractions[0].keyPath }
      .map { ($0, "offloaded as well") }
  }

  /// Where the file says it for the interface alone.
  fileprivate var rememberedFusedBackPass: [Place] {
    guard mode == .cli, let name = optimizerName.text,
      let node = root.entry("optimizer_defaults")?[name]?["fused_back_pass"],
      SettingValue(node).isTruthy
    else { return [] }
    return [Place(node)]
  }

  fileprivate func fixes(forOffloaded parts: [String], _ findings: Findings) -> [Fix?] {
    let fused = option("fused_back_pass")
    let kernel = ["fused", "foreach"].map { option($0) }.first(where: \.isOn)
    let isAdam = ["ADAM", "ADAMW"].contains(optimizerFacts?.id ?? "")
    var fixes: [Fix?] = []
    // Of the interface, only what it remembers of the optimizer can be changed in the file.
    let isReachable = mode == .cli || optimizer.path != "optimizer"
    if isReachable, optimizerUse?.hasFusedBackPass ?? false, parts.contains(where: canOffload) {
      let title = "set \(fused.keyPath) to true"
      if isAdam, let kernel {
        fixes.append(
          findings.fix(
            title, .unsafe, .set(fused, .boolean(true)), .set(kernel, .boolean(false))))
      } else {
        fixes.append(findings.fix(title, .unsafe, .set(fused, .boolean(true))))
      }
    }
    if parts.count == 1, let part = parts.first {
      let fraction = self.part(part, "offload_fraction")
      if fraction.keyPath == "\(part).offload_fraction" {
        fixes.append(
          findings.fix("set \(fraction.keyPath) to 0", .unsafe, .set(fraction, .number(0))))
      }
    }
    return fixes
  }
}
