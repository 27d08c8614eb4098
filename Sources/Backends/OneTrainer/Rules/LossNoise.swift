import Knowledge
import Plans
import SourceText

/// Which noise levels are trained, and what the model predicts.
extension Rule<OneTrainerConfig> {
  static let emptyNoiseRange = Rule(
    RuleDescription(
      "empty-noise-range", .error, .crashesAtFirstStep, .loss,
      "A range of noise levels that is empty or upside down.",
      because: """
        noise levels are drawn between min_noising_strength and max_noising_strength; distributions \
        made of a table of weights need at least one level in between
        """,
      sources: [
        Citation(
          "OneTrainer 23df3832 modules/modelSetup/mixin/ModelSetupNoiseMixin.py, _get_timestep_discrete"
        )
      ],
      covers: ["onetrainer/F13"],
      silencedBy: ["value-out-of-range"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "min_noising_strength": ⟪0.5⟫, "max_noising_strength": ⟦0.5⟧, \
          "timestep_distribution": "SIGMOID", "noising_weight": 1}
          """),
        .flags(
          "onetrainer",
          #"{"__version": 11, "min_noising_strength": ⟦1⟧, "max_noising_strength": ⟪0⟫}"#,
          fixed: #"{"__version": 11, "min_noising_strength": 0, "max_noising_strength": 1}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "min_noising_strength": 0.2, "max_noising_strength": 0.8}"#),
      ])
  ) { config, findings in
    let low = config.setting("min_noising_strength")
    let high = config.setting("max_noising_strength")
    guard let least = low.number, let most = high.number, least >= most,
      config.trainingMethod != "FINE_TUNE_VAE"
    else { return }
    let distribution = config.setting("timestep_distribution").text ?? ""
    let isTable = ["COS_MAP", "SIGMOID", "INVERTED_PARABOLA"].contains(distribution)
    let place = low.isWritten && (least == most || !high.isWritten) ? low : high
    let other = place.keyPath == low.keyPath ? high : low
    let related = other.isWritten ? [(other, "the other end")] : []
    if least == most || isTable {
      findings.report(
        isTable
          ? "no noise level lies between \(Number.literal(least)) and \(Number.literal(most)): \(distribution) stops at the first step"
          : "only one noise level is trained: both ends are \(Number.literal(least))",
        at: place, severity: isTable ? .error : .warning,
        consequence: isTable ? .crashesAtFirstStep : .changesTraining, related: related)
      return
    }
    // The difference is just negative then: UNIFORM draws the same levels, the others mirrored.
    let isUniform = distribution == "UNIFORM"
    findings.report(
      "the noise range is upside down: \(isUniform ? "it is read the other way round" : "\(distribution) is mirrored")",
      at: place, severity: isUniform ? .info : .warning,
      consequence: isUniform ? .worthKnowing : .changesTraining, related: related,
      fixes: low.isWritten && high.isWritten
        ? [
          findings.fix(
            "exchange them", isUniform ? .safe : .unsafe, .set(low, high.value),
            .set(high, low.value))
        ] : [])
  }

  static let timestepShiftIgnored = Rule(
    RuleDescription(
      "timestep-shift-ignored", .info, .silentlyIgnored, .loss,
      "A fixed timestep shift next to dynamic shifting.",
      because:
        "with dynamic_timestep_shifting the shift is worked out from the resolution of each batch",
      sources: [Citation("OneTrainer 23df3832 modules/modelSetup/BaseFluxSetup.py:220")],
      covers: ["onetrainer/F15"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "FLUX_DEV_1", \
          "timestep_shift": ⟪3⟫, "dynamic_timestep_shifting": ⟦true⟧}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "FLUX_DEV_1", \
          "timestep_shift": 3, "dynamic_timestep_shifting": false}
          """),
        // This model has no dynamic shifting, so the fixed one counts.
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "model_type": "STABLE_DIFFUSION_3", \
          "timestep_shift": 3, "dynamic_timestep_shifting": true}
          """),
      ])
  ) { config, findings in
    let shift = config.setting("timestep_shift")
    let dynamic = config.setting("dynamic_timestep_shifting")
    let families: Set = [
      "flux1", "flux2", "qwen-image", "anima", "krea", "z-image", "ernie-image", "ideogram",
    ]
    guard dynamic.isOn, shift.isWritten, let value = shift.number, value != 1,
      families.contains(config.model?.family ?? "")
    else { return }
    findings.report(
      "a shift of \(Number.literal(value)) is not used: it is worked out from the resolution instead",
      at: shift, related: [(dynamic, "replaces the fixed shift")])
  }

  static let predictionTypeNotForced = Rule(
    RuleDescription(
      "prediction-type-not-forced", .warning, .silentlyIgnored, .loss,
      "A forced prediction type that the training does not look at.",
      because: """
        force_v_prediction and force_epsilon_prediction are read in fine-tuning of Stable Diffusion \
        and SDXL only; adapters and other models keep what the model says
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/modelSetup/StableDiffusionXLFineTuneSetup.py:69-75"),
        Citation("OneTrainer 23df3832 modules/modelSetup/StableDiffusionFineTuneSetup.py:65-71"),
      ],
      covers: ["onetrainer/F16", "onetrainer/F17"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": ⟦"LORA"⟧, "model_type": "STABLE_DIFFUSION_XL_10_BASE", \
          "force_v_prediction": ⟪true⟫}
          """),
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_15", \
          "force_v_prediction": ⟦true⟧, "force_epsilon_prediction": ⟪true⟫}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "FINE_TUNE", "model_type": "STABLE_DIFFUSION_XL_10_BASE", \
          "force_v_prediction": true}
          """),
      ])
  ) { config, findings in
    guard let model = config.model else { return }
    let velocity = config.setting("force_v_prediction")
    let epsilon = config.setting("force_epsilon_prediction")
    let rescale = config.setting("rescale_noise_scheduler_to_zero_terminal_snr")
    let method = config.setting("training_method")
    let isRead = method.text == "FINE_TUNE" && ["sd1", "sd2", "sdxl"].contains(model.family)
    guard isRead else {
      for forced in [velocity, epsilon] where forced.isOn {
        findings.report(
          "'\(forced.keyPath)' is not read here: only fine-tuning of Stable Diffusion and SDXL does",
          at: forced,
          related: method.text != "FINE_TUNE" && method.isWritten
            ? [(method, "not fine-tuning")] : [])
      }
      return
    }
    guard epsilon.isOn, velocity.isOn || rescale.isOn else { return }
    let winner = rescale.isOn ? rescale : velocity
    findings.report(
      "'\(epsilon.keyPath)' has no effect: '\(winner.keyPath)' goes before it and trains for v-prediction",
      at: epsilon, severity: .info, related: [(winner, "goes before it")])
  }
}
