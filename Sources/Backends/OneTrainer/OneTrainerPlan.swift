import Knowledge
import Memory
import Plans
import SourceText

/// What a OneTrainer config means, in the terms all trainers share.
enum OneTrainerPlan {
  static func plan(_ config: OneTrainerConfig) -> TrainingPlan {
    var plan = TrainingPlan(
      backend: "onetrainer",
      file: Place(keyPath: "", span: config.document.root.span),
      method: config.setting("training_method").map { method($0.text) },
      optimizer: optimizer(config),
      schedule: schedule(config),
      groups: groups(config),
      adapter: adapter(config),
      precision: PrecisionSettings(
        compute: format(config.setting("train_dtype")), float32Name: "FLOAT_32"),
      average: average(config),
      gradientClip: config.setting("clip_grad_norm"),
      batchSize: config.setting("batch_size"),
      gradientAccumulationSteps: config.setting("gradient_accumulation_steps"),
      epochs: config.setting("epochs"),
      fusedBackPass: config.optimizerUse?.hasFusedBackPass ?? false
        ? config.option("fused_back_pass") : nil)
    plan.model = config.model?.family
    plan.imageFolders = { config.imageFolders(&$0) }
    plan.memory = { given throws(MemoryUnknown) in try OneTrainerMemory.run(config, given) }
    // Nobody types most of 161 settings.
    plan.isWrittenByProgram = config.root.known.count > 100
    return plan
  }

  private static func method(_ name: String?) -> TrainingMethod {
    switch name {
    case "LORA": .adapter
    case "EMBEDDING": .embedding
    case "FINE_TUNE_VAE": .autoencoder
    default: .full
    }
  }

  private static func optimizer(_ config: OneTrainerConfig) -> OptimizerSettings {
    OptimizerSettings(
      name: config.optimizerName, facts: config.optimizerFacts, use: config.optimizerUse,
      learningRate: config.setting("learning_rate"), rateScale: rateScale(config),
      option: { config.option($0) })
  }

  /// modules/util/enum/LearningRateScaler.py and NamedParameterGroup.py:41. GLOBAL_ counts the GPUs
  /// as well; one is what is certain.
  private static func rateScale(_ config: OneTrainerConfig) -> Traced<Double>? {
    let scaler = config.setting("learning_rate_scaler")
    let batch = config.setting("batch_size").number ?? 1
    let accumulation = config.setting("gradient_accumulation_steps").number ?? 1
    let scale: Double =
      switch scaler.text {
      case "BATCH", "GLOBAL_BATCH": batch
      case "GRADIENT_ACCUMULATION": accumulation
      case "BOTH", "GLOBAL_BOTH": batch * accumulation
      default: 1
      }
    return scale > 1 ? scaler.map { _ in scale.squareRoot() } : nil
  }

  private static func schedule(_ config: OneTrainerConfig) -> ScheduleSettings {
    let name = config.setting("learning_rate_scheduler")
    let kinds: [String: ScheduleSettings.Kind] = [
      "CONSTANT": .constant, "LINEAR": .linear, "COSINE": .cosine,
      "COSINE_WITH_RESTARTS": .cosineWithRestarts,
      "COSINE_WITH_HARD_RESTARTS": .cosineWithHardRestarts, "REX": .rex, "ADAFACTOR": .adafactor,
      "CUSTOM": .custom,
    ]
    let warmup = config.setting("learning_rate_warmup_steps")
    let kind = name.text.flatMap { kinds[$0] }
    return ScheduleSettings(
      name: name, kind: kind, warmup: warmup, warmupUnit: unit(warmup.number ?? 0, kind, config),
      usualWarmup: 200, mostSteps: config.mostSteps,
      cycles: config.setting("learning_rate_cycles"),
      make: { config.schedule(totalSteps: $0) }, find: { config.setting(path: $0) })
  }

  /// modules/util/create.py:459, 1127-1137, 1169, 1222
  private static func unit(
    _ warmup: Double, _ kind: ScheduleSettings.Kind?, _ config: OneTrainerConfig
  ) -> ScheduleSettings.WarmupUnit {
    switch config.optimizerFacts?.id {
    case "PRODIGY_PLUS_SCHEDULE_FREE": .none
    case "SCHEDULE_FREE_ADAMW", "SCHEDULE_FREE_SGD": .steps
    default: kind == .adafactor ? .none : warmup > 1 ? .microSteps : warmup > 0 ? .share : .none
    }
  }

  /// One group per trained part, and one for embeddings where they are trained.
  private static func groups(_ config: OneTrainerConfig) -> [ParameterGroup] {
    let base = config.setting("learning_rate")
    let adapterFormat = format(config.setting("lora_weight_dtype"))
    var groups = config.trainedParts.map { part in
      let own = config.part(part, "learning_rate")
      let hasOwn = !own.isNull && config.trainingMethod != "FINE_TUNE_VAE"
      return ParameterGroup(
        name: part, learningRate: hasOwn ? own : base,
        weights: config.trainingMethod == "LORA"
          ? adapterFormat : format(config.part(part, "weight_dtype")))
    }
    if config.trainingMethod == "EMBEDDING" || config.trainsAdditionalEmbeddings {
      let own = config.setting("embedding_learning_rate")
      groups.append(
        ParameterGroup(
          name: "embeddings", learningRate: own.isNull ? base : own,
          weights: format(config.setting("embedding_weight_dtype")), areEmbeddings: true))
    }
    return groups
  }

  private static func adapter(_ config: OneTrainerConfig) -> AdapterSettings? {
    guard config.trainingMethod == "LORA" else { return nil }
    let isLoKr = config.setting("peft_type").text == "LOKR"
    var adapter = AdapterSettings(
      kind: config.setting("peft_type"), rank: config.setting(isLoKr ? "lokr_dim" : "lora_rank"),
      alpha: config.setting("lora_alpha"), dropout: config.setting("dropout_probability"),
      weights: format(config.setting("lora_weight_dtype")),
      isScaledByAlpha: config.setting("peft_type").text != "OFT_2"
        && !(isLoKr && config.setting("lokr_full_matrix").isOn))
    adapter.isDecomposed =
      config.setting("peft_type").text == "LORA" && config.setting("lora_decompose").isOn
    return adapter
  }

  private static func average(_ config: OneTrainerConfig) -> AverageSettings? {
    let mode = config.setting("ema")
    guard mode.text == "GPU" || mode.text == "CPU" else { return nil }
    return AverageSettings(
      mode: mode, decay: config.setting("ema_decay"),
      interval: config.setting("ema_update_step_interval"), hasWarmup: true)
  }

  private static func format(_ setting: Setting) -> Traced<NumberFormat> {
    setting.map { value in
      switch value.text {
      case "FLOAT_32": .float32
      case "TFLOAT_32": .tensorFloat32
      case "BFLOAT_16": .bfloat16
      case "FLOAT_16": .float16
      case "NONE", nil: .unknown(value.literal)
      case .some(let name): .quantized(name)
      }
    }
  }
}

extension OneTrainerConfig {
  /// The folders of the concepts, which stand in the config or in a file of their own
  /// (modules/dataLoader/mixin/DataLoaderText2ImageMixin.py, modules/util/config/ConceptConfig.py).
  func imageFolders(_ neighbours: inout Neighbours) -> [ImageFolder] {
    var concepts = inlineConcepts.compactMap(\.node)
    if concepts.isEmpty, let path = setting("concept_file_name").text,
      case .document(let document) = neighbours.file(at: path), document.root.kind == .sequence
    {
      concepts = Array(document.root.children)
    }
    return concepts.compactMap { concept in
      func value(_ key: String) -> SettingValue? { concept[key].map { SettingValue($0) } }
      guard value("enabled") != .boolean(false), value("type") != .text("VALIDATION"),
        case .text(let path) = value("path")
      else { return nil }
      var balancing = 1.0
      if case .number(let number) = value("balancing") { balancing = number }
      let isCount = value("balancing_strategy") == .text("SAMPLES")
      return ImageFolder(
        path: path, weight: isCount ? 1 : balancing,
        includesSubfolders: value("include_subdirectories") == .boolean(true),
        taken: isCount ? balancing : nil)
    }
  }

  /// Optimizer steps of the run, at most: each size of image fills its own batches and what is left
  /// over is dropped. Nil if the number of images is not known.
  var mostSteps: Int? {
    guard let images, let batch = setting("batch_size").number, batch >= 1,
      let epochs = setting("epochs").number, epochs >= 1,
      let accumulation = setting("gradient_accumulation_steps").number, accumulation >= 1
    else { return nil }
    let steps = (Double(images) / batch).rounded(.down) * epochs / accumulation
    return steps < 1e15 ? Int(steps) : nil
  }

  /// Whether embeddings are trained beside the parts.
  var trainsAdditionalEmbeddings: Bool {
    guard model?.hasAdditionalEmbeddings ?? false, let list = root.entry("additional_embeddings"),
      parts.contains(where: { $0.hasPrefix("text_encoder") && part($0, "train_embedding").isOn })
    else { return false }
    return list.children.contains { $0["train"].map { SettingValue($0).isTruthy } ?? true }
  }
}
