import Knowledge
import Plans
import SourceText

extension Rule<OneTrainerConfig> {
  static let unsupportedFusedBackPass = Rule(
    RuleDescription(
      "unsupported-fused-back-pass", .warning, .silentlyIgnored, .memory,
      "`fused_back_pass` with an optimizer that cannot run fused.",
      because:
        "OneTrainer switches it on only for the optimizers it has a fused step for, and says nothing about the others",
      sources: [
        Citation("OneTrainer 23df3832 modules/util/enum/Optimizer.py:101-116"),
        Citation("OneTrainer 23df3832 modules/trainer/GenericTrainer.py:561"),
      ],
      covers: ["onetrainer/D1"],
      silencedBy: ["offloading-without-fused-back-pass"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": ⟦"PRODIGY"⟧, "fused_back_pass": ⟪true⟫}}"#,
          fixed:
            #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY", "fused_back_pass": false}}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY_ADV", "fused_back_pass": true}}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "PRODIGY", "fused_back_pass": false}}"#),
      ])
  ) { config, findings in
    let fused = config.option("fused_back_pass")
    guard let use = config.optimizerUse, !use.hasFusedBackPass, fused.isOn else { return }
    findings.report(
      "fused_back_pass does nothing with \(use.name): its gradients stay in memory as before",
      at: fused,
      related: [(config.optimizerName, "has no fused step")],
      fixes: [findings.fix("set \(fused.keyPath) to false", .safe, .set(fused, .boolean(false)))])
  }

  static let fusedBackPassWithAccumulation = Rule(
    RuleDescription(
      "fused-back-pass-with-accumulation", .warning, .wastesMemory, .memory,
      "`fused_back_pass` with gradient accumulation.",
      because: """
        a fused back pass saves memory by dropping each gradient once it is used; accumulation keeps \
        all of them until the last of its steps
        """,
      sources: [Citation("OneTrainer 23df3832 modules/trainer/GenericTrainer.py:564-565")],
      covers: ["onetrainer/D2"],
      silencedBy: ["accumulation-with-offloaded-layers"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "gradient_accumulation_steps": ⟦4⟧, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": ⟪true⟫}}"#,
          fixed:
            #"{"__version": 11, "gradient_accumulation_steps": 4, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": false}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "gradient_accumulation_steps": 1, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#
        ),
      ])
  ) { config, findings in
    let fused = config.option("fused_back_pass")
    let accumulation = config.setting("gradient_accumulation_steps")
    guard config.runsFused, let steps = accumulation.number, steps > 1 else { return }
    // Without it, offloaded layers could not be trained at all.
    let fix =
      config.trainingMethod == "FINE_TUNE" && !config.offloadedTrainParts.isEmpty
      ? findings.fix(
        "set gradient_accumulation_steps to 1", .unsafe, .set(accumulation, .number(1)))
      : findings.fix("set \(fused.keyPath) to false", .unsafe, .set(fused, .boolean(false)))
    findings.report(
      "fused_back_pass saves no memory over \(accumulation.value.literal) accumulation steps",
      at: fused,
      related: [(accumulation, "keeps all gradients")], fixes: [fix])
  }

  static let accumulationWithOffloadedLayers = Rule(
    RuleDescription(
      "accumulation-with-offloaded-layers", .error, .crashesAtFirstStep, .memory,
      "Gradient accumulation while the layers that are trained are offloaded.",
      because: """
        a layer cannot move to RAM while it holds gradients, and with accumulation it holds them until \
        the last step
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/LayerOffloadConductor.py:875-892"),
        Citation("OneTrainer pull request 1310", "https://github.com/Nerogar/OneTrainer/pull/1310"),
      ],
      covers: ["onetrainer/D3"],
      silencedBy: ["offloading-without-checkpointing"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "gradient_accumulation_steps": ⟪4⟫, "transformer": {"offload_fraction": ⟦0.4⟧}, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#,
          fixed:
            #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "gradient_accumulation_steps": 1, "transformer": {"offload_fraction": 0.4}, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "CHROMA_1", "gradient_accumulation_steps": 4, "transformer": {"offload_fraction": 0.4}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "gradient_accumulation_steps": 1, "transformer": {"offload_fraction": 0.4}, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#
        ),
      ])
  ) { config, findings in
    let accumulation = config.setting("gradient_accumulation_steps")
    guard config.trainingMethod == "FINE_TUNE", config.runsFused, let steps = accumulation.number,
      steps > 1,
      let part = config.trainedParts.first(where: {
        config.offloadsLayers($0) && config.isWhole($0)
      })
    else { return }
    // The one case in which a layer's move is put off until its gradients are gone.
    let reduces = ["multi_gpu", "fused_gradient_reduce", "async_gradient_reduce"]
    guard !reduces.allSatisfy({ config.setting($0).isOn }) else { return }
    findings.report(
      "\(accumulation.value.literal) accumulation steps cannot be combined with offloaded layers that are trained: OneTrainer stops in the first step",
      at: accumulation,
      related: [(config.part(part, "offload_fraction"), "moves layers of the \(part) to RAM")],
      fixes: [
        findings.fix(
          "set gradient_accumulation_steps to 1", .unsafe, .set(accumulation, .number(1)))
      ])
  }

  static let fusedBackPassWithoutFusedReduce = Rule(
    RuleDescription(
      "fused-back-pass-without-fused-reduce", .error, .crashesAtStart, .memory,
      "`fused_back_pass` on several GPUs without `fused_gradient_reduce`.",
      because:
        "each tensor is updated during the backward pass, so the GPUs must exchange its gradient there too",
      sources: [Citation("OneTrainer 23df3832 modules/trainer/GenericTrainer.py:566-567")],
      covers: ["onetrainer/D5"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "multi_gpu": ⟦true⟧, "fused_gradient_reduce": ⟪false⟫, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": ⟦true⟧}}"#,
          fixed:
            #"{"__version": 11, "multi_gpu": true, "fused_gradient_reduce": true, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "multi_gpu": true, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "fused_gradient_reduce": false, "optimizer": {"optimizer": "ADAFACTOR", "fused_back_pass": true}}"#
        ),
      ])
  ) { config, findings in
    let gpus = config.setting("multi_gpu")
    let reduce = config.setting("fused_gradient_reduce")
    guard config.runsFused, gpus.isOn, !reduce.isOn else { return }
    findings.report(
      "fused_gradient_reduce is off: OneTrainer stops, as fused_back_pass needs it on several GPUs",
      at: reduce,
      related: [
        (gpus, "several GPUs"),
        (config.option("fused_back_pass"), "updates during the backward pass"),
      ],
      fixes: [
        findings.fix("set fused_gradient_reduce to true", .unsafe, .set(reduce, .boolean(true)))
      ])
  }
}

extension OneTrainerConfig {
  /// Whether tensors are updated one by one during the backward pass.
  var runsFused: Bool {
    (optimizerUse?.hasFusedBackPass ?? false) && option("fused_back_pass").isOn
  }

  /// Whether it is certain that most layers of a part are trained.
  fileprivate func isWhole(_ part: String) -> Bool {
    guard part == model?.denoiser else { return true }
    let filter = setting("layer_filter").text ?? ""
    let preset = setting("layer_filter_preset").text
    if mode == .ui, let preset, preset != "custom" { return preset == "full" || preset == "blocks" }
    return filter.isEmpty
      || filter == model?.layerFilterPreset("blocks")?.patterns.joined(separator: ",")
  }
}
