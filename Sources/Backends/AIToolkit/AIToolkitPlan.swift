import Knowledge
import Memory
import Plans
import SourceText

/// What a process means, in the terms all trainers share.
enum AIToolkitPlan {
  static func plan(_ process: AIToolkitProcess) -> TrainingPlan {
    var plan = TrainingPlan(
      backend: "ai-toolkit",
      file: Place(keyPath: process.path, span: process.block("process").anchor),
      method: process.network("type").map { _ in method(process) },
      optimizer: optimizer(process), schedule: process.schedule, groups: groups(process),
      adapter: adapter(process),
      precision: PrecisionSettings(
        compute: format(process.train("dtype")), float32Name: "fp32"),
      average: average(process), gradientClip: gradientClip(process),
      batchSize: process.train("batch_size"), gradientAccumulationSteps: accumulation(process),
      steps: process.train("steps"))
    plan.model = process.context.architecture
    plan.memory = { given throws(MemoryUnknown) in try AIToolkitMemory.run(process, given) }
    plan.isWrittenByProgram = process.isFromInterface
    return plan
  }

  private static func method(_ process: AIToolkitProcess) -> TrainingMethod {
    if process.trainsModel { return .full }
    return process.hasNetwork || process.trainsAdapter || process.block("embedding").node == nil
      ? .adapter : .embedding
  }

  private static func optimizer(_ process: AIToolkitProcess) -> OptimizerSettings {
    OptimizerSettings(
      name: process.optimizer.name, facts: process.optimizer.facts, use: process.optimizer.use,
      learningRate: process.train("lr"), option: { process.option($0) })
  }

  /// One group for each part that is trained (BaseSDTrainProcess.py:2024-2155): all at `lr` but those
  /// that have a rate of their own.
  private static func groups(_ process: AIToolkitProcess) -> [ParameterGroup] {
    let base = process.train("lr")
    let model = format(process.train("dtype"))
    let float32 = process.network("type").with(
      .null,
      .defaulted(
        anchor: process.block("network").anchor, by: .bare)
    ).map { _ in NumberFormat.float32 }
    func rate(_ key: String) -> Setting {
      let own = process.train(key)
      return own.isWritten && !own.isNull ? own : base
    }
    var groups: [ParameterGroup] = []
    func add(_ name: String, _ rate: Setting, _ weights: Traced<NumberFormat>) {
      groups.append(ParameterGroup(name: name, learningRate: rate, weights: weights))
    }
    if process.hasNetwork || process.trainsModel {
      let weights = process.hasNetwork ? float32 : model
      let denoiser = process.context.facts?.isTransformer ?? false ? "transformer" : "unet"
      if process.train("train_unet").isOn { add(denoiser, base, weights) }
      if process.train("train_text_encoder").isOn { add("text_encoder", base, weights) }
      if process.trainsModel, process.train("train_refiner").isOn,
        !process.model("refiner_name_or_path").isNull
      {
        add("refiner", rate("refiner_lr"), weights)
      }
    }
    if process.block("embedding").node != nil {
      groups.append(
        ParameterGroup(
          name: "embedding", learningRate: rate("embedding_lr"), weights: model,
          areEmbeddings: true))
    }
    if process.block("decorator").node != nil { add("decorator", base, float32) }
    if process.trainsAdapter { add("adapter", rate("adapter_lr"), float32) }
    return groups
  }

  /// Adapters are always trained in float32 (BaseSDTrainProcess.py:1983), and those of transformers
  /// have the rank for alpha (toolkit/lora_special.py:423-433).
  private static func adapter(_ process: AIToolkitProcess) -> AdapterSettings? {
    guard process.hasNetwork else { return nil }
    let isScaled = process.context.facts.map { !$0.isTransformer } ?? false
    return AdapterSettings(
      kind: process.network("type"), rank: process.rank, alpha: process.alpha,
      dropout: process.network("dropout"),
      weights: process.network("type").map { _ in .float32 },
      isScaledByAlpha: isScaled && process.rankCounts)
  }

  /// toolkit/ema.py: no slow start, in every optimizer step, with random rounding for narrow weights.
  private static func average(_ process: AIToolkitProcess) -> AverageSettings? {
    let mode = process.setting("ema", "use_ema")
    guard mode.isOn else { return nil }
    return AverageSettings(
      mode: mode, decay: process.setting("ema", "ema_decay"),
      interval: mode.with(
        .number(1), .defaulted(anchor: process.block("ema").anchor, by: .bare)), hasWarmup: false,
      roundsStochastically: true)
  }

  /// SDTrainer.py:2278 compares the name as it is written; what updates within the backward pass is
  /// past it.
  private static func gradientClip(_ process: AIToolkitProcess) -> Setting {
    let norm = process.train("max_grad_norm")
    let isSkipped =
      process.optimizer.name.text == "adafactor" || process.updatesWhileBackward != nil
    return isSkipped ? norm.with(.null, norm.origin) : norm
  }

  private static func accumulation(_ process: AIToolkitProcess) -> Setting {
    let old = process.train("gradient_accumulation_steps")
    return (old.number ?? 1) > 1 ? old : process.train("gradient_accumulation")
  }

  /// toolkit/train_tools.py:37-49.
  private static func format(_ setting: Setting) -> Traced<NumberFormat> {
    setting.map { value in
      switch value.text {
      case "float", "fp32", "single", "float32": .float32
      case "fp16", "half", "float16": .float16
      case "bf16", "bfloat16": .bfloat16
      case "8bit", "e4m3fn", "float8": .quantized("float8")
      default: .unknown(value.literal)
      }
    }
  }
}

extension AIToolkitProcess {
  /// The setting by which the optimizer takes each step within the backward pass, tensor by tensor;
  /// nil if it does not (toolkit/optimizers/automagic2.py:53-60, automagic3.py:75-85).
  var updatesWhileBackward: Setting? {
    switch optimizer.built {
    case "automagic2": return optimizer.name
    case "automagic3", "automagicexperiment":
      guard let node = optimizerArguments?["fused"] else { return optimizer.name }
      let value = LoadedValue(node).setting
      return value.isTruthy
        ? Setting(value, .written(node.span), keyPath: node.keyPath) : nil
    default: return nil
    }
  }
}
