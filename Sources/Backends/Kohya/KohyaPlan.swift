import Knowledge
import Memory
import Optimizers
import Plans
import SourceText

/// What a run of sd-scripts means, in the terms all trainers share.
extension KohyaConfig {
  /// - Parameter backend: Whose file it is: `kohya`, `kohya-gui`.
  func plan(for backend: String) -> TrainingPlan {
    var plan = TrainingPlan(
      backend: backend, file: Place(keyPath: "", span: root.anchor),
      method: method,
      optimizer: OptimizerSettings(
        name: optimizer.name, facts: optimizer.facts, use: optimizer.use,
        learningRate: root.setting("learning_rate"), option: { self.optimizer.option($0) }),
      schedule: scheduleSettings, groups: groups, adapter: adapter,
      precision: PrecisionSettings(compute: compute), average: nil,
      gradientClip: root.setting("max_grad_norm"), batchSize: batchSetting,
      gradientAccumulationSteps: root.setting("gradient_accumulation_steps"),
      epochs: arguments.epochs ?? root.setting("max_train_epochs"), steps: steps,
      fusedBackPass: fusedBackPass)
    plan.model = model
    plan.imageFolders = { _ in self.imageFolders() }
    plan.memory = { given throws(MemoryUnknown) in try KohyaMemory.run(self, given) }
    plan.isWrittenByProgram = source == .interface || root.known.count > 100
    return plan
  }

  /// Nil where several scripts are possible that train different ones.
  private var model: String? {
    let models = Set(scripts.scripts.map(\.model))
    guard models.count == 1, let model = models.first else { return nil }
    return model == .sd && setting("v2").isOn ? "sd2" : model.rawValue
  }

  private var method: Traced<TrainingMethod> {
    let products = Set(scripts.scripts.map(\.product))
    let value: TrainingMethod =
      products == [.adapter] ? .adapter : products == [.embedding] ? .embedding : .full
    return Traced(value, .defaulted(anchor: root.anchor, by: .bare), keyPath: "")
  }

  // MARK: Length

  /// The setting that says how many steps the run has; nil where the epochs do.
  private var steps: Setting? {
    guard arguments.epochs == nil, root.setting("max_train_epochs").isNull else { return nil }
    return root.setting("max_train_steps")
  }

  /// Optimizer steps of the run; nil where they depend on the number of images and that is not known.
  var mostSteps: Int? {
    let epochs = arguments.epochs ?? root.setting("max_train_epochs")
    if epochs.isNull, !epochs.isMistaken {
      let steps = root.setting("max_train_steps")
      return steps.isMistaken ? nil : steps.number.flatMap { $0 < 1e9 ? Int($0) : nil }
    }
    guard let images, let count = epochs.number, count >= 1, count < 1e6,
      let batch = batchSize, let accumulation = root.setting("gradient_accumulation_steps").number,
      accumulation >= 1
    else { return nil }
    let batches = (Double(images) * repeats / batch).rounded(.up)
    let steps =
      (batches / accumulation).rounded(.up) * count * (arguments.hasTwiceTheSteps ? 2 : 1)
    return steps < 1e9 ? Int(steps) : nil
  }

  /// What a data set says counts before what the run says.
  private var batchSetting: Setting {
    let own = data?.sets.first.flatMap { data?.setting("batch_size", of: nil, in: $0) }
    return own ?? root.setting("train_batch_size")
  }

  private var batchSize: Double? { batchSetting.number.flatMap { $0 >= 1 ? $0 : nil } }

  /// How often each image is seen in an epoch, where all are seen as often.
  private var repeats: Double {
    let own = data?.sets.flatMap { set in
      set.subsets.compactMap { data?.setting("num_repeats", of: $0, in: set)?.number }
    }
    if let first = own?.first { return first }
    let stated = root.setting("dataset_repeats")
    // Folders say it in their names, which the user knows.
    if let known = knownRepeats, !stated.isWritten { return Double(known) }
    return stated.number ?? 1
  }

  /// The folders of the subsets; without a description of data those below `train_data_dir`, whose names
  /// say how often their images are used. Images of a metadata file are not counted.
  func imageFolders() -> [ImageFolder] {
    guard let data else {
      guard let path = root.setting("train_data_dir").text, !path.isEmpty,
        root.setting("in_json").text?.isEmpty ?? true
      else { return [] }
      return [ImageFolder(path: path, hasNumberedFolders: true)]
    }
    return data.sets.flatMap { set in
      set.subsets.compactMap { subset in
        guard subset.setting("metadata_file").isNull, !subset.setting("is_reg").isOn,
          let path = subset.setting("image_dir").text
        else { return nil }
        let own = data.setting("num_repeats", of: subset, in: set)?.number ?? 1
        return ImageFolder(path: path, weight: own / max(1, repeats))
      }
    }
  }

  // MARK: Groups

  private var groups: [ParameterGroup] {
    let isEmbedding = method.value == .embedding
    let weights = weights
    return routes.map { route in
      var group = ParameterGroup(
        name: route.part, learningRate: route.rate, weights: weights, areEmbeddings: isEmbedding)
      group.upRateRatio = loraPlusRatio(of: route.part)
      return group
    }
  }

  /// networks/lora.py:1149-1170: a ratio of a part's own comes before the common one.
  private func loraPlusRatio(of part: String) -> Setting? {
    guard method.value == .adapter, let module = setting("network_module").text,
      !["networks.lora_fa", "networks.oft", "networks.oft_flux"].contains(module)
    else { return nil }
    let own = part.hasPrefix("text_encoder") ? "text_encoder" : "unet"
    let ratios = ["loraplus_\(own)_lr_ratio", "loraplus_lr_ratio"].compactMap { key in
      networkArgument(key).flatMap { argument in
        Number.parse(argument.written ?? "").map { argument.setting(.number($0)) }
      }
    }
    return ratios.first { $0.number != 0 }
  }

  /// The format in which what is trained is kept.
  private var weights: Traced<Plans.NumberFormat> {
    let half = root.setting("full_fp16")
    if half.isOn { return half.map { _ in .float16 } }
    let brain = root.setting("full_bf16")
    if brain.isOn, all({ ![.fineTune, .trainDB, .trainControlNet].contains($0) }) {
      return brain.map { _ in .bfloat16 }
    }
    // These two load the model in the format that they compute in.
    if all({ $0 == .fluxTrain || $0 == .luminaTrain }) { return compute }
    // SD3 keeps the format of the file.
    if all({ $0 == .sd3Train }) { return brain.map { _ in .unknown("the model's") } }
    return brain.map { _ in .float32 }
  }

  private var compute: Traced<Plans.NumberFormat> {
    root.setting("mixed_precision").map { value in
      switch value.text {
      case "fp16": .float16
      case "bf16": .bfloat16
      case "no": .float32
      default: .unknown(value.literal)
      }
    }
  }

  private var adapter: AdapterSettings? {
    guard method.value == .adapter, let module = setting("network_module").text else { return nil }
    let rank = root.setting("network_dim")
    // The trainer's own adapters take 4.
    let usual = rank.isNull && !rank.isMistaken ? rank.map { _ in .number(4) } : rank
    return AdapterSettings(
      kind: setting("network_module"), rank: usual, alpha: root.setting("network_alpha"),
      dropout: root.setting("network_dropout"), weights: weights,
      isScaledByAlpha: !["networks.oft", "networks.oft_flux"].contains(module)
        && !root.setting("dim_from_weights").isOn)
  }

  /// Whichever of the three ways of stepping during the backward pass is on.
  private var fusedBackPass: Setting? {
    let fused = root.setting("fused_backward_pass")
    let acts = all { script in
      switch script {
      case .sdxlTrain, .fluxTrain, .sd3Train, .luminaTrain, .animaTrain, .trainControlNet,
        .sdxlTrainControlNet, .fluxTrainControlNet:
        true
      default: false
      }
    }
    if fused.isOn, acts { return fused }
    let groups = root.setting("fused_optimizer_groups")
    if groups.isOn, all({ $0 == .sdxlTrain }) { return groups.map { _ in .boolean(true) } }
    let blocks = root.setting("blockwise_fused_optimizers")
    return blocks.isOn && acts ? blocks : nil
  }

  // MARK: Schedule

  private var scheduleSettings: ScheduleSettings {
    let type = root.setting("lr_scheduler_type")
    let isCustom = !(type.text?.isEmpty ?? true)
    let name = isCustom ? type : root.setting("lr_scheduler")
    let kind = isCustom ? .custom : name.text.flatMap { Self.kinds[$0] }
    let warmup = root.setting("lr_warmup_steps")
    return ScheduleSettings(
      name: name, kind: kind, warmup: warmup, warmupUnit: warmupUnit(kind),
      mostSteps: mostSteps, cycles: root.setting("lr_scheduler_num_cycles"),
      make: { self.schedule(totalSteps: $0) }, find: { self.scheduleSetting($0) })
  }

  private static let kinds: [String: ScheduleSettings.Kind] = [
    "constant": .constant, "constant_with_warmup": .constant, "linear": .linear,
    "cosine": .cosine, "cosine_with_restarts": .cosineWithHardRestarts,
    "polynomial": .polynomial, "inverse_sqrt": .inverseSquareRoot,
    "cosine_with_min_lr": .cosineWithMinimum, "warmup_stable_decay": .warmupStableDecay,
    "piecewise_constant": .piecewiseConstant, "adafactor": .adafactor,
  ]

  private func warmupUnit(_ kind: ScheduleSettings.Kind?) -> ScheduleSettings.WarmupUnit {
    if optimizer.isScheduleFree || kind == .adafactor || kind == .custom
      || kind == .piecewiseConstant
    {
      return .none
    }
    return switch pythonValue("lr_warmup_steps") {
    case .whole: .steps
    case .real: .share
    default: .none
    }
  }

  /// The schedule as it is made for a run of so many optimizer steps; nil while one of its settings
  /// cannot be read.
  func schedule(totalSteps: Int) -> Result<ScheduleReading, ScheduleError>? {
    let read = [
      "lr_scheduler", "lr_scheduler_type", "lr_scheduler_num_cycles", "lr_scheduler_power",
      "lr_scheduler_timescale", "lr_scheduler_min_lr_ratio", "lr_scheduler_args", "learning_rate",
    ]
    guard read.allSatisfy({ !root.setting($0).isMistaken }), totalSteps < 1 << 31,
      schedulerArguments.allSatisfy(\.isWellFormed), !optimizer.name.isMistaken,
      !optimizer.option("relative_step").isMistaken,
      let warmup = pythonValue("lr_warmup_steps"), let decay = pythonValue("lr_decay_steps"),
      let rate = root.setting("learning_rate").number, rate.isFinite
    else { return nil }
    var schedule = KohyaSchedule(
      setting("lr_scheduler").text ?? "constant", learningRate: rate, maxSteps: totalSteps)
    schedule.type = setting("lr_scheduler_type").text ?? ""
    schedule.warmup = warmup
    schedule.decay = decay
    schedule.cycles = setting("lr_scheduler_num_cycles").number ?? 1
    schedule.power = setting("lr_scheduler_power").number ?? 1
    schedule.timescale = setting("lr_scheduler_timescale").number
    schedule.minimumRatio = setting("lr_scheduler_min_lr_ratio").number
    schedule.arguments = schedulerArguments.map(\.text)
    schedule.optimizer = optimizer.name.text ?? ""
    schedule.adafactor.relativeStep = optimizer.hasRelativeStep
    schedule.adafactor.scaleParameter = optimizer.option("scale_parameter").value != .boolean(false)
    if let processes = processes?.number, processes >= 1, processes < 1024 {
      schedule.processes = Int(processes)
    }
    return Result { () throws(ScheduleError) in try schedule.reading() }
  }

  /// A setting by the name that an error of the schedule gives it.
  private func scheduleSetting(_ name: String) -> Setting? {
    let list = "lr_scheduler_args."
    guard name.hasPrefix(list) else {
      return root.facts[name] == nil ? nil : setting(name)
    }
    let key = String(name.dropFirst(list.count))
    if let argument = schedulerArguments.last(where: { $0.key == key }) {
      return argument.setting(argument.literal?.setting ?? .null)
    }
    return Setting(
      .null,
      .defaulted(anchor: root.entry("lr_scheduler_args")?.span ?? root.anchor, by: .constructor),
      keyPath: name)
  }
}
