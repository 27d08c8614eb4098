internal import Knowledge
public import Optimizers
public import Plans
public import Trials

/// A plan in the numbers of a dry run: what the trainer will really do, as far as it can be simulated.
public struct TrialPlan: Sendable {
  /// A part that is trained, or several that are trained alike.
  public struct Part: Sendable {
    public var names: [String]
    public var settings: TrialSettings
    /// Where its rate comes from; nil where there is no file.
    public var learningRate: Setting?
  }

  /// The denoiser first, if it is trained.
  public var parts: [Part]
  /// The algorithm is one that estimates its own step size.
  public var isAdaptive: Bool
  /// What nothing in the file says, and was taken instead.
  public var assumptions: [String]
  /// What the trainer does and the dry run does not.
  public var notSimulated: [String]
}

/// Why nothing can be run.
public struct NoTrial: Error, Sendable {
  public let reason: String
  /// The trainer or its library would refuse as well.
  public let isRefused: Bool

  init(_ reason: String, isRefused: Bool = false) {
    self.reason = reason
    self.isRefused = isRefused
  }
}

extension TrialPlan {
  /// A run that no file describes.
  init(usual settings: TrialSettings) {
    parts = [Part(names: [], settings: settings)]
    isAdaptive = false
    assumptions = []
    notSimulated = []
  }

  /// Random rounding keeps every update on average; what it adds is noise without direction, a few
  /// percent of each weight in thousands of steps, which a layer bears as it bears weights of 8 bits.
  /// The problem's loss would take it for damage.
  static let randomRounding =
    "the noise of random rounding: weights are run in float32, as no update is lost"

  /// Optimizer steps where nothing tells.
  static let assumedSteps = 1000

  /// - Parameters:
  ///   - steps: Optimizer steps, where the user says; nil for those of the plan.
  ///   - problem: `lora` or `full`, where the user says; nil for what fits.
  public init(
    _ plan: TrainingPlan, steps wanted: Int?, problem: String?, seed: UInt64
  ) throws(NoTrial) {
    var assumptions: [String] = []
    var notSimulated: [String] = []
    let algorithm = try Self.algorithm(of: plan.optimizer, backend: plan.backend)
    let steps: Int
    if let known = wanted ?? plan.schedule.mostSteps {
      steps = known
    } else {
      steps = Self.assumedSteps
      assumptions.append("the length of the run is not known: \(steps) optimizer steps")
    }
    guard steps > 0 else { throw NoTrial("the run has not a single optimizer step") }
    var (options, omitted) = OptimizerOptions.read(plan.optimizer, algorithm)
    notSimulated += omitted
    let schedule = Self.schedule(plan, steps, &options, algorithm.family, &notSimulated)
    let model = plan.model.flatMap { Catalogue.layer(ofModel: $0) }
    if model == nil {
      assumptions.append("the width of the model's layers is not known: that of SDXL, 1280")
    }
    let width = model?.width ?? 1280
    let parameters = model?.parameters ?? 2_567_463_684
    let method = try Self.method(plan, problem, &notSimulated)
    var parts: [Part] = []
    for group in plan.groups {
      guard !group.areEmbeddings else {
        notSimulated.append("the vectors of new tokens ('\(group.name)')")
        continue
      }
      guard let own = group.learningRate.number, own.isFinite else { continue }
      var settings = TrialSettings(
        optimizer: algorithm.family.id, options: options, method: method,
        format: try Self.format(group, &assumptions, &notSimulated),
        rate: own * (plan.optimizer.rateScale?.value ?? 1), schedule: schedule, steps: steps,
        clip: GradientClip(of: plan), samplesPerStep: Self.samples(plan), width: width,
        trainedNumbers: Self.trainedNumbers(method, parameters, width), seed: seed)
      settings.dropout = plan.adapter?.dropout.number.map { min(max($0, 0), 0.999) } ?? 0
      settings.average = Self.average(plan.average)
      if let ratio = group.upRateRatio?.number, ratio.isFinite { settings.rateRatios = [1, ratio] }
      settings.options = OptimizerOptions.folded(settings, algorithm.family)
      let roundsInBackPass =
        plan.optimizer.use?.roundsInFusedBackPass ?? false && plan.fusedBackPass?.isOn ?? false
      if OptimizerOptions.roundsAtRandom(settings, algorithm.family)
        || roundsInBackPass && settings.format == .bfloat16
      {
        settings.format = .float32
        if !notSimulated.contains(Self.randomRounding) { notSimulated.append(Self.randomRounding) }
      }
      if let place = parts.firstIndex(where: {
        $0.settings.rate == settings.rate && $0.settings.format == settings.format
          && $0.settings.rateRatios == settings.rateRatios
      }) {
        parts[place].names.append(group.name)
      } else {
        parts.append(
          Part(names: [group.name], settings: settings, learningRate: group.learningRate))
      }
    }
    if parts.isEmpty {
      throw NoTrial(
        plan.groups.isEmpty
          ? "nothing is trained"
          : "only the vectors of new tokens are trained, which no problem here stands for"
      )
    }
    self.parts = parts
    isAdaptive = plan.optimizer.facts?.isAdaptive ?? false
    self.assumptions = assumptions
    self.notSimulated = notSimulated
  }

  /// The algorithm that runs under the trainer's name, with the options that name fixes.
  struct Algorithm {
    let family: OptimizerFamily
    let fixed: [String: SettingValue]
  }

  private static func algorithm(
    of optimizer: OptimizerSettings, backend: String
  ) throws(NoTrial) -> Algorithm {
    let name = optimizer.use?.name ?? optimizer.name.text ?? optimizer.name.value.literal
    if let broken = optimizer.use?.isBroken {
      throw NoTrial("'\(name)' does not run there: \(broken)", isRefused: true)
    }
    let simulation = Catalogue.simulations.first {
      $0.backend == (backend == "kohya-gui" ? "kohya" : backend) && $0.name == name
    }
    guard let simulation else { throw NoTrial("nothing is known of the optimizer '\(name)'") }
    guard let id = simulation.algorithm, let family = OptimizerFamily[id: id] else {
      throw NoTrial("the optimizer '\(name)' is not simulated: \(simulation.remark)")
    }
    return Algorithm(family: family, fixed: simulation.options)
  }

  private static func schedule(
    _ plan: TrainingPlan, _ steps: Int, _ options: inout [String: HyperparameterValue],
    _ family: OptimizerFamily, _ notSimulated: inout [String]
  ) -> Schedule {
    let name = plan.schedule.name.text ?? plan.schedule.name.value.literal
    guard case .success(let reading) = plan.schedule.reading(totalSteps: steps) else {
      notSimulated.append("the schedule '\(name)': the rate stays as it is")
      return Schedule(.constant)
    }
    notSimulated += reading.notSimulated
    if let warmup = reading.optimizerWarmup,
      family.hyperparameters.contains(where: { $0.name == "warmup_steps" })
    {
      options["warmup_steps"] = .number(warmup)
    }
    guard let schedule = reading.schedule else {
      if reading.notSimulated.isEmpty {
        notSimulated.append("the schedule '\(name)': the rate stays as it is")
      }
      return Schedule(.constant)
    }
    return schedule
  }

  private static func samples(_ plan: TrainingPlan) -> Double {
    let batch = plan.batchSize.number ?? 1
    let accumulation = plan.gradientAccumulationSteps.number ?? 1
    return max(1, batch) * max(1, accumulation)
  }

  private static func average(_ average: AverageSettings?) -> TrialSettings.Average? {
    guard let average, average.replacesWeights, let decay = average.decay.number, decay >= 0,
      decay < 1
    else { return nil }
    let interval = average.interval.number.flatMap { Int(exactly: $0.rounded()) } ?? 1
    return TrialSettings.Average(
      decay: decay, interval: max(1, interval), hasWarmup: average.hasWarmup)
  }

  /// Of an adapter of rank r on square layers of width n with P numbers, 2 r P / n.
  private static func trainedNumbers(
    _ method: TrialSettings.Method, _ parameters: Double, _ width: Int
  ) -> Double {
    switch method {
    case .full: parameters
    case .adapter(let rank, _): 2 * Double(max(1, rank)) * parameters / Double(width)
    }
  }
}
