import Knowledge
import Plans
import SourceText

extension Rule<OneTrainerConfig> {
  static let muonWithoutAuxiliaryAdam = Rule(
    RuleDescription(
      "muon-without-auxiliary-adam", .error, .crashesAtFirstStep, .optimizer,
      "Muon for all weights of a model, biases and norms included.",
      because: """
        Muon works on matrices and stops at tensors with one dimension, which every whole model has; \
        MuonWithAuxAdam gives those to Adam
        """,
      sources: [
        Citation(
          "OneTrainer 23df3832 modules/util/optimizer/muon_util.py: split_parameters_for_muon"),
        Citation("adv_optm 2.2.3 optim/Muon_adv.py, tried with a one-dimensional tensor"),
      ],
      covers: ["onetrainer/C23"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": ⟦"FINE_TUNE"⟧, "model_type": "CHROMA_1", "optimizer": {"optimizer": ⟦"MUON_ADV"⟧, "MuonWithAuxAdam": ⟪false⟫}}"#,
          fixed:
            #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "CHROMA_1", "optimizer": {"optimizer": "MUON_ADV", "MuonWithAuxAdam": true}}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": ⟦"FINE_TUNE"⟧, "model_type": "QWEN", "optimizer": ⟪{"optimizer": ⟦"MUON"⟧}⟫}"#,
          fixed:
            #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "QWEN", "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": true}}"#
        ),
        // The tensors of adapters are all matrices.
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "QWEN", "optimizer": {"optimizer": "MUON"}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "FINE_TUNE", "model_type": "QWEN", "optimizer": {"optimizer": "MUON"}}"#,
          mode: "ui"),
      ])
  ) { config, findings in
    let adam = config.option("MuonWithAuxAdam")
    guard config.usesMuon, !adam.isOn, config.trainsWholeModel else { return }
    let method = config.setting("training_method")
    let name = config.optimizerName.text ?? ""
    let canFix =
      config.model?.hasMuonDefaultLayers ?? false || !config.option("muon_hidden_layers").isNull
    findings.report(
      "MuonWithAuxAdam is off\(adam.defaultNote): \(name) stops at the model's biases and norms",
      at: adam,
      related: [(config.optimizerName, "\(name) takes matrices only")]
        + (method.isWritten ? [(method, "trains all weights")] : []),
      fixes: [
        canFix
          ? findings.fix("set \(adam.keyPath) to true", .unsafe, .set(adam, .boolean(true))) : nil
      ])
  }

  static let muonWithoutLayerList = Rule(
    RuleDescription(
      "muon-without-layer-list", .error, .crashesAtStart, .optimizer,
      "MuonWithAuxAdam with a model whose layers OneTrainer has no list of.",
      because:
        "without muon_hidden_layers OneTrainer looks up which layers are for Muon, and stops at this model",
      sources: [Citation("OneTrainer 23df3832 modules/util/optimizer/muon_util.py:34-61")],
      covers: ["onetrainer/C24"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "model_type": ⟦"HUNYUAN_VIDEO"⟧, "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": ⟪true⟫, "muon_hidden_layers": ⟦null⟧}}"#
        ),
        .flags(
          "onetrainer",
          #"{"__version": 11, "model_type": ⟦"FLUX_FILL_DEV_1"⟧, "optimizer": {"optimizer": "ADAMW", "MuonWithAuxAdam": ⟪true⟫}}"#,
          fixed:
            #"{"__version": 11, "model_type": "FLUX_FILL_DEV_1", "optimizer": {"optimizer": "ADAMW", "MuonWithAuxAdam": false}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "model_type": "HUNYUAN_VIDEO", "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": true, "muon_hidden_layers": "transformer_blocks"}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "model_type": "FLUX_DEV_1", "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": true}}"#
        ),
      ])
  ) { config, findings in
    let adam = config.option("MuonWithAuxAdam")
    guard config.lacksMuonLayers else { return }
    let type = config.setting("model_type")
    let layers = config.option("muon_hidden_layers")
    let fix =
      config.usesMuon || !adam.isWritten
      ? nil : findings.fix("set \(adam.keyPath) to false", .unsafe, .set(adam, .boolean(false)))
    let name = type.text ?? ""
    findings.report(
      "MuonWithAuxAdam knows no layers of \(name): muon_hidden_layers must name those for Muon",
      at: adam,
      related: [(type, "a model without a list of its own")]
        + (layers.isWritten ? [(layers, "null means the model's own list")] : []),
      fixes: [fix])
  }

  static let auxiliaryAdamWithoutMuon = Rule(
    RuleDescription(
      "auxiliary-adam-without-muon", .warning, .silentlyIgnored, .optimizer,
      "MuonWithAuxAdam left on with an optimizer that is not Muon.",
      because: """
        only Muon divides the weights; with other optimizers the switch trains nothing differently, \
        but a run continued from a backup does not find its optimizer state again
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/util/optimizer_util.py:62-64"),
        Citation("OneTrainer 23df3832 modules/util/create.py:1040-1047"),
      ],
      covers: ["onetrainer/C25"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": ⟦"ADAMW"⟧, "MuonWithAuxAdam": ⟪true⟫}}"#,
          fixed:
            #"{"__version": 11, "optimizer": {"optimizer": "ADAMW", "MuonWithAuxAdam": false}}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": true}}"#),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "ADAMW", "MuonWithAuxAdam": false}}"#),
      ])
  ) { config, findings in
    let adam = config.option("MuonWithAuxAdam")
    guard config.optimizerFacts != nil, !config.usesMuon, adam.isOn, !config.lacksMuonLayers else {
      return
    }
    let isContinued = config.setting("continue_last_backup").isOn
    findings.report(
      "MuonWithAuxAdam is on, but \(config.optimizerName.text ?? "") is not Muon", at: adam,
      related: [(config.optimizerName, "MUON, MUON_ADV and ADAMUON_ADV read it")],
      fixes: [
        findings.fix(
          "set \(adam.keyPath) to false", isContinued ? .unsafe : .safe, .set(adam, .boolean(false))
        )
      ])
  }

  static let auxiliaryAdamUnused = Rule(
    RuleDescription(
      "auxiliary-adam-unused", .info, .worthKnowing, .optimizer,
      "MuonWithAuxAdam where every trained layer goes to Muon.",
      because:
        "an adapter has only matrices, and muon_hidden_layers takes in every layer that layer_filter lets through",
      sources: [Citation("OneTrainer 23df3832 modules/util/optimizer/muon_util.py:94-103")],
      covers: ["onetrainer/C26"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "Z_IMAGE", "layer_filter": ⟦"layers.1.attention,layers.2"⟧, "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": ⟪true⟫, "muon_hidden_layers": ⟦"layers,refiner"⟧}}"#,
          fixed:
            #"{"__version": 11, "training_method": "LORA", "model_type": "Z_IMAGE", "layer_filter": "layers.1.attention,layers.2", "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": false, "muon_hidden_layers": "layers,refiner"}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "training_method": "LORA", "model_type": "Z_IMAGE", "layer_filter": "attention", "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": true, "muon_hidden_layers": "layers"}}"#
        ),
      ])
  ) { config, findings in
    let adam = config.option("MuonWithAuxAdam")
    let hidden = config.option("muon_hidden_layers")
    let filter = config.setting("layer_filter")
    guard config.usesMuon, adam.isOn, config.trainingMethod == "LORA", let model = config.model,
      config.trainedParts == [model.denoiser], !config.trainsAdditionalEmbeddings,
      config.layerFilter == .some(true),
      let inner = hidden.patterns(config.option("muon_adam_regex").isOn),
      let outer = filter.patterns(config.setting("layer_filter_regex").isOn), !outer.isEmpty
    else { return }
    // A name that contains the filter contains what the filter contains.
    guard outer.allSatisfy({ outer in inner.contains { outer.contains($0) } }) else { return }
    findings.report(
      "every trained layer goes to Muon: the auxiliary Adam has nothing to do", at: adam,
      related: [(filter, "what is trained"), (hidden, "what Muon takes")],
      fixes: [findings.fix("set \(adam.keyPath) to false", .safe, .set(adam, .boolean(false)))])
  }

  static let muonWithoutHiddenLayers = Rule(
    RuleDescription(
      "muon-without-hidden-layers", .warning, .changesTraining, .optimizer,
      "A `muon_hidden_layers` that names no layer.",
      because: "an empty text is a list without layers; null stands for the model's own list",
      sources: [Citation("OneTrainer 23df3832 modules/util/optimizer/muon_util.py:26-31")],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "model_type": "QWEN", "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": ⟦true⟧, "muon_hidden_layers": ⟪""⟫}}"#,
          fixed:
            #"{"__version": 11, "model_type": "QWEN", "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": true, "muon_hidden_layers": null}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "model_type": "QWEN", "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": true, "muon_hidden_layers": null}}"#
        ),
      ])
  ) { config, findings in
    let adam = config.option("MuonWithAuxAdam")
    let hidden = config.option("muon_hidden_layers")
    guard config.usesMuon, adam.isOn, hidden.patterns(false)?.isEmpty ?? false else { return }
    let fix =
      config.model?.hasMuonDefaultLayers ?? false
      ? findings.fix("set \(hidden.keyPath) to null", .unsafe, .set(hidden, .null)) : nil
    findings.report(
      "muon_hidden_layers names no layer: everything is trained by the auxiliary Adam", at: hidden,
      related: adam.isWritten ? [(adam, "divides the weights by that list")] : [], fixes: [fix])
  }

  static let auxiliaryAdamWithoutBiasCorrection = Rule(
    RuleDescription(
      "auxiliary-adam-without-bias-correction", .warning, .changesTraining, .optimizer,
      "A stored `muon_adam_config` with Adam's bias correction off.",
      because: """
        the window of the auxiliary Adam does not show the option and stores it as off as soon as it \
        is opened; an empty muon_adam_config leaves it on, and without it Adam's first steps are too large
        """,
      sources: [
        Citation("OneTrainer 23df3832 modules/ui/OptimizerParamsWindowController.py:27-48"),
        Citation("OneTrainer 23df3832 modules/util/create.py:795-815"),
      ],
      covers: ["onetrainer/C28"],
      examples: [
        .flags(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": ⟦"MUON_ADV"⟧, "MuonWithAuxAdam": true, "muon_adam_config": {"beta1": 0.9, "use_bias_correction": ⟪false⟫}}}"#,
          fixed:
            #"{"__version": 11, "optimizer": {"optimizer": "MUON_ADV", "MuonWithAuxAdam": true, "muon_adam_config": {"beta1": 0.9, "use_bias_correction": true}}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "MUON", "MuonWithAuxAdam": true, "muon_adam_config": {"use_bias_correction": false}}}"#
        ),
        .allows(
          "onetrainer",
          #"{"__version": 11, "optimizer": {"optimizer": "MUON_ADV", "MuonWithAuxAdam": true, "muon_adam_config": {}}}"#
        ),
      ])
  ) { config, findings in
    guard config.usesMuon, config.optimizerFacts?.id != "MUON",
      config.option("MuonWithAuxAdam").isOn,
      let node = config.optimizer.entry("muon_adam_config")?["use_bias_correction"],
      SettingValue(node) == .boolean(false)
    else { return }
    let place = Place(node)
    findings.report(
      "the auxiliary Adam of \(config.optimizerName.text ?? "") runs without bias correction",
      at: place,
      related: [(config.optimizerName, "has it on unless the file says otherwise")],
      fixes: [findings.fix("turn it on", .unsafe, .set(place, .boolean(true)))])
  }
}

extension OneTrainerConfig {
  fileprivate var usesMuon: Bool {
    ["MUON", "MUON_ADV", "ADAMUON_ADV"].contains(optimizerFacts?.id ?? "")
  }

  /// The list of layers is made for every optimizer as soon as the switch is on.
  fileprivate var lacksMuonLayers: Bool {
    guard let model, !model.hasMuonDefaultLayers else { return false }
    return option("MuonWithAuxAdam").isOn && option("muon_hidden_layers").isNull
  }

  /// Whether all tensors of some part are trained, those with one dimension among them.
  fileprivate var trainsWholeModel: Bool {
    switch trainingMethod {
    case "FINE_TUNE_VAE": model != nil
    // The filter is for the denoiser; text encoders are trained whole.
    case "FINE_TUNE":
      trainedParts.contains { $0 != model?.denoiser }
        || !trainedParts.isEmpty && layerFilter == .some(false)
    default: false
    }
  }

  /// Whether the layer filter lets only some layers through; nil where that is not certain, as the
  /// interface takes it from the preset's name.
  fileprivate var layerFilter: Bool? {
    let preset = setting("layer_filter_preset").text
    if mode == .ui, let preset, preset != "custom" { return preset == "full" ? false : nil }
    return !(setting("layer_filter").text ?? "").split(
      separator: ",", omittingEmptySubsequences: false
    )
    .contains { $0.allSatisfy(\.isWhitespace) }
  }
}

extension Traced where Value == SettingValue {
  /// The items of a list in text that are plain pieces of names; nil if they are expressions.
  fileprivate func patterns(_ isRegularExpression: Bool) -> [String]? {
    guard !isRegularExpression, let text else { return nil }
    return text.split(separator: ",").map { String($0.trimmingBlanks) }.filter { !$0.isEmpty }
  }
}

extension Substring {
  fileprivate var trimmingBlanks: Substring {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return self[first...last]
  }
}
