import Knowledge
import Plans
import SourceText

/// Masked training, and what only adapters can compare with the model they sit on.
extension Rule<OneTrainerConfig> {
  static let priorPreservationOutsideAdapters = Rule(
    RuleDescription(
      "prior-preservation-outside-adapters", .warning, .silentlyIgnored, .loss,
      "A weight for masked prior preservation without an adapter.",
      because: """
        the model before training is to be had only by taking the adapter off, so without an adapter \
        nothing is compared
        """,
      sources: [Citation("OneTrainer 23df3832 modules/trainer/GenericTrainer.py:742-745")],
      covers: ["onetrainer/F18"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": ⟦"FINE_TUNE"⟧, "masked_training": true, \
          "masked_prior_preservation_weight": ⟪0.5⟫}
          """,
          fixed: """
            {"__version": 11, "training_method": "FINE_TUNE", "masked_training": true, \
            "masked_prior_preservation_weight": 0}
            """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", "masked_training": true, \
          "masked_prior_preservation_weight": 0.5}
          """),
      ])
  ) { config, findings in
    let weight = config.setting("masked_prior_preservation_weight")
    let method = config.setting("training_method")
    guard config.setting("masked_training").isOn, let value = weight.number, value > 0,
      method.text != "LORA"
    else { return }
    findings.report(
      "a prior preservation weight of \(Number.literal(value)) is not used: it needs training_method LORA",
      at: weight, related: method.isWritten ? [(method, "no adapter to take off")] : [],
      fixes: [findings.fix("set it to 0", .safe, .set(weight, .number(0)))])
  }

  static let priorPredictionOutsideAdapters = Rule(
    RuleDescription(
      "prior-prediction-outside-adapters", .error, .crashesDuringTraining, .loss,
      "A concept of type PRIOR_PREDICTION without an adapter.",
      because: "such concepts are compared with the model without its adapter, and there is none",
      sources: [Citation("OneTrainer 23df3832 modules/modelSetup/BaseModelSetup.py:174-175")],
      covers: ["onetrainer/F19"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "training_method": ⟦"FINE_TUNE"⟧, \
          "concepts": [{"path": "a", "type": ⟪"PRIOR_PREDICTION"⟫}]}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "LORA", \
          "concepts": [{"path": "a", "type": "PRIOR_PREDICTION"}]}
          """),
        .allows(
          "onetrainer",
          """
          {"__version": 11, "training_method": "FINE_TUNE", \
          "concepts": [{"path": "a", "type": "PRIOR_PREDICTION", "enabled": false}]}
          """),
      ])
  ) { config, findings in
    let method = config.setting("training_method")
    guard method.text != "LORA" else { return }
    for concept in config.inlineConcepts where concept.setting("enabled").isOn {
      let type = concept.setting("type")
      guard type.text == "PRIOR_PREDICTION" else { continue }
      findings.report(
        "prior prediction needs training_method LORA: OneTrainer stops at the first picture of this concept",
        at: type, related: method.isWritten ? [(method, "no adapter to take off")] : [])
    }
  }

  static let masksNotInLoss = Rule(
    RuleDescription(
      "masks-not-in-loss", .info, .silentlyIgnored, .loss,
      "Masked training of a model that gets the mask as an input.",
      because: """
        for inpainting and fill models the mask only says what the model has to fill in; their loss \
        counts the whole picture
        """,
      sources: [
        Citation(
          "OneTrainer 23df3832 modules/modelSetup/mixin/ModelSetupDiffusionLossMixin.py:277-283")
      ],
      covers: ["onetrainer/F20"],
      examples: [
        .flags(
          "onetrainer",
          """
          {"__version": 11, "model_type": ⟦"STABLE_DIFFUSION_15_INPAINTING"⟧, "masked_training": ⟪true⟫, \
          "unmasked_weight": 0.2}
          """),
        .allows(
          "onetrainer",
          #"{"__version": 11, "model_type": "STABLE_DIFFUSION_15", "masked_training": true, "unmasked_weight": 0.2}"#
        ),
      ])
  ) { config, findings in
    let masked = config.setting("masked_training")
    guard masked.isOn, let model = config.model, model.hasMaskInput else { return }
    let type = config.setting("model_type")
    findings.report(
      "the masks are an input of \(model.title) and not part of its loss: unmasked_weight has no effect",
      at: masked, related: type.isWritten ? [(type, "gets the mask as an input")] : [])
  }

  static let validationWithoutConcepts = Rule(
    RuleDescription(
      "validation-without-concepts", .info, .silentlyIgnored, .loss,
      "Validation without a concept to validate on.",
      because: "validation loss is computed on concepts of type VALIDATION only",
      sources: [Citation("OneTrainer 23df3832 modules/dataLoader/mixin/DataLoaderMgdsMixin.py")],
      covers: ["onetrainer/F32"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "validation": ⟪true⟫, "concepts": [{"path": "a", "type": "STANDARD"}]}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "validation": true, "concepts": [{"path": "a"}, {"path": "b", "type": "VALIDATION"}]}"#
        ),
        .allows("onetrainer", #"{"__version": 11, "validation": true}"#),
      ])
  ) { config, findings in
    let validation = config.setting("validation")
    let concepts = config.inlineConcepts
    guard validation.isOn, !concepts.isEmpty,
      !concepts.contains(where: {
        $0.setting("type").text == "VALIDATION" && $0.setting("enabled").isOn
      })
    else { return }
    findings.report(
      "nothing is validated: no concept has the type VALIDATION", at: validation)
  }
}

extension OneTrainerConfig {
  /// The concepts that the file itself holds; usually they are in a file of their own, and the
  /// interface looks only there.
  var inlineConcepts: [ConfigObject] {
    guard setting("concepts").value == .collection, let list = root.entry("concepts") else {
      return []
    }
    return objects.filter { $0.facts.name == "concept" && $0.node?.parent == list }
  }
}
