import Knowledge
import Plans
import SourceText

/// How the loss is weighted and added up.
extension Rule<OneTrainerConfig> {
  static let lossWeightNotImplemented = Rule(
    RuleDescription(
      "loss-weight-not-implemented", .error, .crashesAtFirstStep, .loss,
      "A loss weighting that the model's training does not have.",
      because: """
        the loss of flow models knows CONSTANT and SIGMA, the loss of the others, and of Sana, knows \
        CONSTANT, P2, MIN_SNR_GAMMA and DEBIASED_ESTIMATION
        """,
      sources: [
        Citation(
          "OneTrainer 23df3832 modules/modelSetup/mixin/ModelSetupDiffusionLossMixin.py:303,341"),
        Citation("OneTrainer 23df3832 modules/modelSetup/BaseSanaSetup.py:230"),
      ],
      covers: ["onetrainer/F7", "onetrainer/F8"],
      silencedBy: ["training-method-not-offered"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": ⟦"QWEN"⟧, "loss_weight_fn": ⟪"MIN_SNR_GAMMA"⟫}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "loss_weight_fn": "CONSTANT"}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": ⟦"SANA"⟧, "loss_weight_fn": ⟪"SIGMA"⟫}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "SANA", "loss_weight_fn": "CONSTANT"}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "loss_weight_fn": "SIGMA"}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "model_type": "STABLE_DIFFUSION_15", "loss_weight_fn": "MIN_SNR_GAMMA"}"#
        ),
      ])
  ) { config, findings in
    let weight = config.setting("loss_weight_fn")
    guard let model = config.model, let name = weight.text, !model.lossWeights.isEmpty,
      !model.lossWeights.contains(name), config.trainingMethod != "FINE_TUNE_VAE"
    else { return }
    let type = config.setting("model_type")
    let known = model.lossWeights.joined(separator: ", ")
    findings.report(
      "\(name) does not exist for \(model.title): OneTrainer stops at the first step; there are \(known)",
      at: weight, related: type.isWritten ? [(type, "has \(known)")] : [],
      fixes: [
        findings.fix("set loss_weight_fn to CONSTANT", .unsafe, .set(weight, .text("CONSTANT")))
      ])
  }

  static let lossStrengthsNotOne = Rule(
    RuleDescription(
      "loss-strengths-not-one", .info, .worthKnowing, .loss,
      "Loss strengths that do not add up to 1.",
      because: """
        the losses are added with their strengths: more than 1 in all makes every gradient larger, so \
        that clipping bites more and plain SGD takes larger steps
        """,
      sources: [
        Citation(
          "OneTrainer 23df3832 modules/modelSetup/mixin/ModelSetupDiffusionLossMixin.py:139-197")
      ],
      covers: ["onetrainer/F11"],
      silencedBy: ["value-out-of-range"],
      examples: [
        .flags("onetrainer", #"{"__version": 11, "mse_strength": ⟦1⟧, "mae_strength": ⟪1⟫}"#),
        .allows("onetrainer", #"{"__version": 11, "mse_strength": 0.5, "mae_strength": 0.5}"#),
      ])
  ) { config, findings in
    // The variational bound is a loss of its own, which PixArt adds to the others.
    let strengths = ["mse_strength", "mae_strength", "log_cosh_strength", "huber_strength"].map {
      config.setting($0)
    }
    let sum = strengths.reduce(0) { $0 + ($1.number ?? .nan) }
    let written = strengths.filter { $0.isWritten && $0.number != 0 }
    guard sum > 0, abs(sum - 1) > 0.01, let last = written.last else { return }
    findings.report(
      "the loss strengths add up to \(Number.literal((sum * 1000).rounded() / 1000)), not to 1",
      at: last,
      related: written.dropLast().map { ($0, "\($0.keyPath) \($0.value.literal)") })
  }

  static let lossScalerWithClipping = Rule(
    RuleDescription(
      "loss-scaler-with-clipping", .info, .worthKnowing, .loss,
      "A loss scaler together with gradient clipping.",
      because: """
        the scaler multiplies the loss and with it every gradient before clipping cuts them back; \
        steps of Adam and its kind do not depend on the size of the gradients anyway
        """,
      sources: [
        Citation(
          "OneTrainer 23df3832 modules/modelSetup/mixin/ModelSetupDiffusionLossMixin.py:286"),
        Citation("OneTrainer 23df3832 modules/trainer/GenericTrainer.py:759-790"),
      ],
      covers: ["onetrainer/F12"],
      silencedBy: ["value-out-of-range"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "loss_scaler": ⟪"BATCH"⟫, "batch_size": 4, "clip_grad_norm": ⟦1.0⟧}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "loss_scaler": "BATCH", "batch_size": 4, "clip_grad_norm": null}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "loss_scaler": "BATCH", "batch_size": 1, "clip_grad_norm": 1.0}"#),
      ])
  ) { config, findings in
    let scaler = config.setting("loss_scaler")
    let clip = config.setting("clip_grad_norm")
    guard let name = scaler.text, name != "NONE", let norm = clip.number, norm > 0 else { return }
    let batch = config.setting("batch_size").number ?? 1
    let accumulation = config.setting("gradient_accumulation_steps").number ?? 1
    let scale =
      (name == "GRADIENT_ACCUMULATION" ? 1 : batch)
      * (name.hasSuffix("BOTH") || name == "GRADIENT_ACCUMULATION" ? accumulation : 1)
    guard scale > 1 || name.hasPrefix("GLOBAL") && config.setting("multi_gpu").isOn else { return }
    findings.report(
      "the gradients are multiplied by \(name) before they are clipped to \(Number.literal(norm)), so clipping undoes it in part",
      at: scaler, related: clip.isWritten ? [(clip, "cuts the larger gradients")] : [])
  }
}
