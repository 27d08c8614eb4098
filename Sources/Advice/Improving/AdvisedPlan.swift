internal import Knowledge
internal import Plans

/// A plan with what the guides' conditions ask of it.
struct AdvisedPlan: Sendable {
  let plan: TrainingPlan
  /// Training images, where known.
  let images: Int?

  var optimizer: OptimizerSettings { plan.optimizer }
  var isAdapter: Bool { plan.method.value == .adapter }
  var isFull: Bool { plan.method.value == .full }

  /// Whether the rate stays as it is after its warm-up.
  var hasConstantSchedule: Bool { plan.schedule.kind == .constant }

  var hasWarmup: Bool { (plan.schedule.warmup.number ?? 0) > 0 }

  var isAccumulating: Bool { (plan.gradientAccumulationSteps.number ?? 1) > 1 }

  /// How often each picture is seen, where that is known.
  var rounds: Double? {
    if let epochs = plan.epochs?.number { return epochs }
    guard let images, images > 0,
      let steps = plan.steps?.number ?? plan.schedule.mostSteps.map(Double.init),
      let batch = plan.batchSize.number
    else { return nil }
    return steps * max(1, batch) * max(1, plan.gradientAccumulationSteps.number ?? 1)
      / Double(images)
  }

  /// Whether it is clearly no run of a hundred epochs; nil where nobody knows.
  var isShort: Bool? {
    if let rounds { return rounds < 100 }
    return plan.schedule.mostSteps.map { $0 < 1000 }
  }

  /// A setting with another value.
  func advise(
    _ setting: Setting, _ value: SettingValue, range: String? = nil, because reason: String,
    source: String, _ confidence: SettingAdvice.Confidence, by change: Change? = nil
  ) -> [AdviceBundle] {
    [
      AdviceBundle([
        part(
          setting, value, range: range, because: reason, source: source, confidence, by: change)
      ])
    ]
  }

  func part(
    _ setting: Setting, _ value: SettingValue, range: String? = nil, because reason: String,
    source: String, _ confidence: SettingAdvice.Confidence, by change: Change? = nil,
    option: String? = nil
  ) -> SettingAdvice {
    SettingAdvice(
      keyPath: Self.path(setting, option), current: setting.value, isWritten: setting.isWritten,
      recommended: value, range: range, reason: reason, source: source, confidence: confidence,
      change: change ?? .set(setting, value), topic: option ?? "")
  }

  /// Options that stand in one text, such as `optimizer_args`, with their own name.
  private static func path(_ setting: Setting, _ option: String?) -> String {
    guard let option, !setting.keyPath.hasSuffix(option), !setting.keyPath.hasSuffix(".betas")
    else { return setting.keyPath }
    let text = setting.keyPath.prefix { $0 != "[" }
    return text == "optimizer_args" || text == "optimizer_config"
      ? "\(text).\(option)" : setting.keyPath
  }

  /// An option of the optimizer with another value.
  func advise(
    option name: String, _ setting: Setting, _ value: SettingValue, range: String? = nil,
    because reason: String, source: String, _ confidence: SettingAdvice.Confidence
  ) -> [AdviceBundle] {
    [
      AdviceBundle([
        part(
          setting, value, range: range, because: reason, source: source, confidence, option: name)
      ])
    ]
  }

  /// An ordinary falling schedule by the trainer's name for it.
  var cosine: SettingValue { .text(plan.backend == "onetrainer" ? "COSINE" : "cosine") }

  /// Adafactor's own schedule by the trainer's name for it; nil where there is none.
  var adafactorSchedule: SettingValue? {
    switch plan.backend {
    case "onetrainer": .text("ADAFACTOR")
    case "kohya", "kohya-gui": .text("adafactor")
    default: nil
    }
  }
}

/// The guides, as sources.
enum Guide {
  static let choosing = "choosing-your-optimizer"
  static let prodigy = "OneTrainer's guide to optimizers, Prodigy"
  static let adaptive = "OneTrainer's guide to optimizers, Adafactor (adaptive)"
  static let lean = "OneTrainer's guide to optimizers, Adafactor (low memory AdamW)"
  static let options = "OneTrainer's guide to optimizers, all the options"
}
