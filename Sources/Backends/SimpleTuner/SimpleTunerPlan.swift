import Knowledge
import Memory
import Plans
import SourceText

/// What a SimpleTuner config means, in the terms all trainers share.
enum SimpleTunerPlan {
  static func plan(_ config: SimpleTunerConfig) -> TrainingPlan {
    var plan = TrainingPlan(
      backend: "simpletuner",
      file: Place(keyPath: config.root.path, span: config.root.anchor),
      method: config.setting("model_type").map { value in
        config.trainsAdapter || value.text == "lora" ? .adapter : .full
      },
      optimizer: optimizer(config), schedule: config.schedule, groups: groups(config),
      adapter: adapter(config),
      precision: PrecisionSettings(
        compute: config.setting("mixed_precision").map { format($0) }),
      average: average(config), gradientClip: gradientClip(config),
      batchSize: config.setting("train_batch_size"),
      gradientAccumulationSteps: config.setting("gradient_accumulation_steps"),
      epochs: config.countsSteps ? nil : config.setting("num_train_epochs"),
      steps: config.countsSteps ? config.setting("max_train_steps") : nil,
      fusedBackPass: config.releasesGradients)
    plan.model = config.family
    plan.imageFolders = { _ in config.imageFolders }
    plan.memory = { given throws(MemoryUnknown) in try SimpleTunerMemory.run(config, given) }
    plan.isWrittenByProgram = config.isFromInterface || config.root.known.count > 150
    return plan
  }

  private static func optimizer(_ config: SimpleTunerConfig) -> OptimizerSettings {
    let isBuilt = config.buildsNamedOptimizer
    var settings = OptimizerSettings(
      name: config.optimizer.name, facts: isBuilt ? config.optimizer.facts : nil,
      use: isBuilt ? config.optimizer.use : nil, learningRate: config.learningRate,
      rateScale: config.rateScale, option: { config.optimizer.option($0) })
    settings.unusedLearningRate = config.unusedLearningRate
    return settings
  }

  /// One group, and one for the text encoder where it has a rate of its own
  /// (trainer.py:4066-4100): Prodigy's own rate counts for both.
  private static func groups(_ config: SimpleTunerConfig) -> [ParameterGroup] {
    // adamw_bf16 casts what it trains (trainer.py:4121-4128).
    let weights =
      config.optimizer.name.text == "adamw_bf16"
      ? config.optimizer.name.map { _ in NumberFormat.bfloat16 }
      : config.setting("mixed_precision").map { _ in trainedFormat(config) }.unwritten
    var groups = [
      ParameterGroup(
        name: config.family.isEmpty ? "model" : config.family, learningRate: config.learningRate,
        weights: weights)
    ]
    let own = config.setting("text_encoder_lr")
    if config.setting("train_text_encoder").isOn, own.isWritten, !own.isNull {
      groups.append(ParameterGroup(name: "text_encoder", learningRate: own, weights: weights))
    }
    return groups
  }

  /// Without packing everything is moved to one format (trainer.py:5511-5530); a plain LoRA on a packed model stays as PEFT made it.
  private static func trainedFormat(_ config: SimpleTunerConfig) -> NumberFormat {
    if config.isQuantized, !config.usesLycoris { return .unknown("PEFT's own") }
    return switch config.weightFormat {
    case "bfloat16": .bfloat16
    case "float16": .float16
    default: .float32
    }
  }

  private static func format(_ value: SettingValue) -> NumberFormat {
    switch value.text {
    case "bf16": .bfloat16
    case "fp16": .float16
    case "no": .float32
    case "fp8": .quantized("fp8")
    default: .unknown(value.literal)
    }
  }

  private static func adapter(_ config: SimpleTunerConfig) -> AdapterSettings? {
    guard config.trainsAdapter else { return nil }
    let weights = config.setting("lora_type").map { _ in trainedFormat(config) }.unwritten
    let kind = config.setting("lora_type")
    guard config.usesLycoris else {
      let rank = config.setting("lora_rank")
      let alpha = config.setting("lora_alpha")
      var adapter = AdapterSettings(
        kind: kind, rank: rank,
        alpha: alpha.isNull ? alpha.with(rank.value, alpha.origin) : alpha,
        dropout: config.setting("lora_dropout"), weights: weights)
      adapter.isDecomposed = config.setting("use_dora").isOn
      return adapter
    }
    guard let file = config.lycoris else {
      // Whatever the file says that is not to be found from here.
      let unknown = kind.with(.null, kind.origin)
      return AdapterSettings(
        kind: kind, rank: unknown, alpha: unknown, dropout: unknown, weights: weights,
        isScaledByAlpha: false, usualRateFactor: 10)
    }
    let rank = file.object.setting("linear_dim")
    let algorithm = file.object.setting("algo")
    let isLoKr = algorithm.text == "lokr"
    // A whole factor, or a rank that no layer has, leaves alpha without a meaning.
    let isWhole =
      file.hasFullMatrix || (isLoKr || algorithm.isNull) && (rank.number ?? 10_000) >= 10_000
    return AdapterSettings(
      kind: kind, rank: rank, alpha: file.object.setting("linear_alpha"),
      dropout: file.object.setting("dropout"), weights: weights, isScaledByAlpha: !isWhole,
      usualRateFactor: isLoKr ? 10 : 1)
  }

  /// `helpers/training/ema.py:322-349`: the decay starts at (1 + n) / (10 + n), unless there are
  /// steps without an average. Only a model trained as a whole is handed over as its average
  /// (trainer.py:7713-7747).
  private static func average(_ config: SimpleTunerConfig) -> AverageSettings? {
    let mode = config.setting("use_ema")
    guard mode.isOn else { return nil }
    var average = AverageSettings(
      mode: mode, decay: config.setting("ema_decay"),
      interval: config.setting("ema_update_interval"),
      hasWarmup: !(config.setting("ema_warmup_steps").number.map { $0 > 0 } ?? false))
    average.replacesWeights = !config.trainsAdapter
    return average
  }

  /// The norm that gradients are clipped to; a limit for single numbers is none (trainer.py:
  /// 7138-7216).
  private static func gradientClip(_ config: SimpleTunerConfig) -> Setting {
    let norm = config.setting("max_grad_norm")
    let isNorm = config.setting("grad_clip_method").text == "norm"
    let isSkipped = ["optimi-stableadamw", "prodigy"].contains(config.optimizer.name.text ?? "")
    let isOff = norm.number.map { $0 <= 0 } ?? false
    // Updated weight by weight, no gradient is left by then.
    let isTooLate = config.releasesGradients?.isOn ?? false
    return isNorm && !isSkipped && !isOff && !isTooLate && !config.usesDeepSpeed
      ? norm : norm.with(.null, norm.origin)
  }
}
