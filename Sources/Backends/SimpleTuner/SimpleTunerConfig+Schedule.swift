import Knowledge
import Optimizers
import Plans

extension SimpleTunerConfig {
  /// Whether the length is given in steps.
  var countsSteps: Bool { setting("max_train_steps").number.map { $0 > 0 } ?? false }

  /// Whether the optimizer that the file names is the one that is built
  /// (`optimizer_param.py:1165-1200`).
  var buildsNamedOptimizer: Bool {
    !usesDeepSpeed && !(usesFSDP2 && isReplacedUnderFSDP2) && !isReplacedByOptimi
  }

  private var isReplacedUnderFSDP2: Bool {
    let name = optimizer.name.text ?? ""
    return name == "soap" || name.hasPrefix("optimi-") || name.hasPrefix("bnb-")
  }

  /// adamw_bf16 on a packed model that is kept in float32.
  private var isReplacedByOptimi: Bool {
    optimizer.name.text == "adamw_bf16" && isQuantized
      && setting("base_model_default_dtype").text == "fp32"
      && setting("base_model_precision").text != "nf4-bnb"
  }

  /// The rate the optimizer is built with: that of its own options, where there is one.
  var learningRate: Setting {
    let rate = setting("learning_rate")
    if buildsNamedOptimizer, let item = optimizer.config.item("lr") { return item.setting }
    guard buildsNamedOptimizer, let option = optimizer.use?["lr"], option.setting == nil,
      option.tableDefault != .null
    else { return rate }
    guard case .written(let span) = rate.origin else {
      return rate.with(option.tableDefault, rate.origin)
    }
    return rate.with(
      option.tableDefault,
      .replaced(
        span, because: "\(optimizer.name.text ?? "") trains at a rate of its own",
        isMistake: false))
  }

  /// The rate that the file states for an optimizer which is built with one of its own.
  var unusedLearningRate: Setting? {
    guard buildsNamedOptimizer, let option = optimizer.use?["lr"], option.setting == nil,
      option.tableDefault != .null
    else { return nil }
    return setting("learning_rate")
  }

  /// trainer.py:1191-1203: done to learning_rate alone.
  var rateScale: Traced<Double>? {
    let switchedOn = setting("lr_scale")
    guard switchedOn.isOn, learningRate.keyPath == setting("learning_rate").keyPath,
      optimizer.use?["lr"]?.setting != nil || optimizer.use == nil,
      let batch = setting("train_batch_size").number, batch >= 1,
      let accumulation = setting("gradient_accumulation_steps").number, accumulation >= 1
    else { return nil }
    let scale = batch * accumulation * Double(processes)
    let factor = setting("lr_scale_sqrt").isOn ? scale.squareRoot() : scale
    return factor > 1 ? switchedOn.map { _ in factor } : nil
  }

  /// The switch by which each weight is updated in the backward pass; nil where it does nothing.
  var releasesGradients: Setting? {
    optimizer.name.text?.hasPrefix("optimi-") ?? false
      ? setting("optimizer_release_gradients") : nil
  }

  var schedule: ScheduleSettings {
    let name = setting("lr_scheduler")
    let kinds: [String: ScheduleSettings.Kind] = [
      "constant": .constant, "constant_with_warmup": .constant, "linear": .linear,
      "polynomial": .polynomial, "cosine": .wave, "sine": .wave, "cosine_with_restarts": .custom,
    ]
    let kind = name.text.flatMap { kinds[$0] }
    return ScheduleSettings(
      name: name, kind: kind, warmup: setting("lr_warmup_steps"),
      warmupUnit: kind == .wave || kind == .custom ? .none : .steps, mostSteps: totalSteps,
      make: { self.schedule(totalSteps: $0) }, find: { self.setting(scheduleSetting: $0) })
  }

  private func setting(scheduleSetting name: String) -> Setting? {
    backend.root[name] == nil ? nil : setting(name)
  }

  /// The schedule as it is made for a run of so many optimizer steps; nil while a setting cannot be
  /// read.
  func schedule(totalSteps: Int) -> Result<ScheduleReading, ScheduleError>? {
    let parts = ["lr_scheduler", "lr_warmup_steps", "lr_end", "lr_power", "learning_rate"]
    guard !parts.contains(where: { setting($0).isMistaken }),
      let name = setting("lr_scheduler").text, let end = setting("lr_end").number,
      let power = setting("lr_power").number, let rate = learningRate.number,
      let warmup = setting("lr_warmup_steps").number, abs(warmup) < 1e12
    else { return nil }
    var schedule = SimpleTunerSchedule(
      name, learningRate: rate * (rateScale?.value ?? 1), maxSteps: totalSteps)
    schedule.warmup = .whole(Int(warmup))
    schedule.end = end
    schedule.power = power
    schedule.cycles = setting("lr_num_cycles").number.flatMap { abs($0) < 1e9 ? Int($0) : nil } ?? 1
    schedule.optimizer =
      usesFSDP2 && isReplacedUnderFSDP2
      ? "adamw_schedulefree" : optimizer.name.text ?? ""
    schedule.usesDeepSpeed = usesDeepSpeed
    schedule.processes = processes
    return Result { () throws(ScheduleError) in try schedule.reading() }
  }
}
