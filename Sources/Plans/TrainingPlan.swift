public import Knowledge
public import Memory
internal import SourceText

/// What the trainer will really do with a config: every value as it is used, with its origin.
/// Rules that hold for all trainers read this and nothing else.
public struct TrainingPlan: Sendable {
  /// The trainer, by id: `onetrainer`.
  public var backend: String
  /// The file as a whole, for findings that have no better place.
  public var file: Place
  public var method: Traced<TrainingMethod>
  /// The model's family or architecture, as `Schemas/layers.json` has it; nil if it is not known.
  public var model: String?
  public var optimizer: OptimizerSettings
  public var schedule: ScheduleSettings
  /// Trained parameter groups, one per trained part.
  public var groups: [ParameterGroup]
  public var adapter: AdapterSettings?
  public var precision: PrecisionSettings
  public var average: AverageSettings?
  /// The norm gradients are clipped to; `.null` is off.
  public var gradientClip: Setting
  public var batchSize: Setting
  public var gradientAccumulationSteps: Setting
  /// How often the images are gone through; nil where the trainer has no such setting.
  public var epochs: Setting?
  /// The setting that gives the length of the run as a number of steps; nil where the trainer has
  /// none, or where it does not count because the epochs do.
  public var steps: Setting?
  /// Whether each tensor is updated during the backward pass, as soon as its gradient is there; nil
  /// where trainer or optimizer cannot.
  public var fusedBackPass: Setting?
  /// Whether a program wrote the file, with all settings in it: one that stands there with its
  /// default then says nothing about what was meant.
  public var isWrittenByProgram = false

  /// The folders of images that it is trained on, looked up when asked for, as they may stand in a file
  /// of their own; none where the config does not say.
  public var imageFolders: @Sendable (inout Neighbours) -> [ImageFolder] = { _ in [] }
  /// What of the run takes memory; worked out when it is asked for, as it needs the model's shapes.
  public var memory: (@Sendable (ModelFamily?) throws(MemoryUnknown) -> MemoryRun)?
  /// The memory of the card in bytes, where the user states it.
  public var cardBytes: Int?
  /// The model, where the user says more than the config.
  public var givenFamily: ModelFamily?
  /// The tensors of the denoiser, where the user has a list of them.
  public var givenComponent: ComponentShapes?

  public init(
    backend: String, file: Place, method: Traced<TrainingMethod>, optimizer: OptimizerSettings,
    schedule: ScheduleSettings, groups: [ParameterGroup], adapter: AdapterSettings?,
    precision: PrecisionSettings, average: AverageSettings?, gradientClip: Setting,
    batchSize: Setting, gradientAccumulationSteps: Setting, epochs: Setting? = nil,
    steps: Setting? = nil, fusedBackPass: Setting? = nil
  ) {
    self.backend = backend
    self.file = file
    self.method = method
    self.optimizer = optimizer
    self.schedule = schedule
    self.groups = groups
    self.adapter = adapter
    self.precision = precision
    self.average = average
    self.gradientClip = gradientClip
    self.batchSize = batchSize
    self.gradientAccumulationSteps = gradientAccumulationSteps
    self.epochs = epochs
    self.steps = steps
    self.fusedBackPass = fusedBackPass
  }
}

/// What is trained.
public enum TrainingMethod: String, Sendable {
  /// The model's own weights.
  case full
  case adapter
  /// The vectors of new tokens.
  case embedding
  /// The decoder of the autoencoder.
  case autoencoder
}

/// The optimizer with every option as it is used.
public struct OptimizerSettings: Sendable {
  /// The trainer's own spelling.
  public var name: Setting
  /// Nil if the trainer does not know the name.
  public var facts: OptimizerFacts?
  public var use: OptimizerUse?
  /// The base learning rate, before any scaling by batch or part.
  public var learningRate: Setting
  /// The learning rate that the file states for an optimizer which trains at another one; nil where the
  /// stated one is used.
  public var unusedLearningRate: Setting?
  /// What every learning rate is multiplied by, because of a setting; nil for nothing.
  public var rateScale: Traced<Double>?
  private let lookUp: @Sendable (String) -> Setting?

  public init(
    name: Setting, facts: OptimizerFacts?, use: OptimizerUse?, learningRate: Setting,
    rateScale: Traced<Double>? = nil, option: @escaping @Sendable (String) -> Setting?
  ) {
    self.name = name
    self.facts = facts
    self.use = use
    self.learningRate = learningRate
    self.rateScale = rateScale
    lookUp = option
  }

  /// An option this optimizer reads, with the value it is built with; nil if it does not read it.
  public func option(_ key: String) -> Setting? {
    guard let use = use?[key], use.ignored == nil else { return nil }
    return lookUp(key)
  }

  /// An option whether or not this optimizer reads it.
  public func anyOption(_ key: String) -> Setting? { lookUp(key) }

  public var id: String { facts?.id ?? "" }
  public func isOne(of ids: String...) -> Bool { ids.contains(id) }
}

/// Parameters that are trained with one learning rate.
public struct ParameterGroup: Sendable {
  /// The part: `unet`, `text_encoder`.
  public var name: String
  /// The setting it comes from, before scaling.
  public var learningRate: Setting
  /// Whether these are vectors of new tokens, which take far larger steps than weights.
  public var areEmbeddings: Bool
  /// The format in which its trained weights are kept.
  public var weights: Traced<NumberFormat>
  /// How many times the rate the second matrix of an adapter takes, as in LoRA+ (Hayou et al. 2024,
  /// https://arxiv.org/abs/2402.12354); nil for once.
  public var upRateRatio: Setting?

  public init(
    name: String, learningRate: Setting, weights: Traced<NumberFormat>, areEmbeddings: Bool = false
  ) {
    self.name = name
    self.learningRate = learningRate
    self.areEmbeddings = areEmbeddings
    self.weights = weights
  }
}

/// Number formats of weights.
public enum NumberFormat: Hashable, Sendable {
  case float32, tensorFloat32, bfloat16, float16
  /// Fewer than 16 bits, or packed: by the trainer's name.
  case quantized(String)
  case unknown(String)
}

/// An adapter such as LoRA.
public struct AdapterSettings: Sendable {
  public var kind: Setting
  public var rank: Setting
  public var alpha: Setting
  public var dropout: Setting
  public var weights: Traced<NumberFormat>
  /// Whether its output is multiplied by alpha / rank.
  public var isScaledByAlpha: Bool
  /// How many times the rates of LoRA suit it: LoKr with whole factors takes about ten times those.
  public var usualRateFactor: Double
  /// Whether lengths of the weights are learnt apart from their directions, as in DoRA (Liu et al. 2024,
  /// https://arxiv.org/abs/2402.09353).
  public var isDecomposed = false

  public init(
    kind: Setting, rank: Setting, alpha: Setting, dropout: Setting, weights: Traced<NumberFormat>,
    isScaledByAlpha: Bool = true, usualRateFactor: Double = 1
  ) {
    self.kind = kind
    self.rank = rank
    self.alpha = alpha
    self.dropout = dropout
    self.weights = weights
    self.isScaledByAlpha = isScaledByAlpha
    self.usualRateFactor = usualRateFactor
  }
}

/// The formats the run computes in.
public struct PrecisionSettings: Sendable {
  /// The autocast format.
  public var compute: Traced<NumberFormat>
  /// How the trainer spells float32 where weights are given a format; nil if it cannot be chosen.
  public var float32Name: String?

  public init(compute: Traced<NumberFormat>, float32Name: String? = nil) {
    self.compute = compute
    self.float32Name = float32Name
  }
}

/// A running average of the trained weights.
public struct AverageSettings: Sendable {
  public var mode: Setting
  public var decay: Setting
  /// Optimizer steps between updates.
  public var interval: Setting
  /// Whether the decay is held to (1 + n) / (10 + n) in step n, so that the average starts fast.
  public var hasWarmup: Bool
  /// Whether narrow averages are rounded at random, so that small moves are not lost.
  public var roundsStochastically: Bool
  /// Whether the run ends with the average in the place of the weights, not beside them.
  public var replacesWeights = true

  public init(
    mode: Setting, decay: Setting, interval: Setting, hasWarmup: Bool,
    roundsStochastically: Bool = false
  ) {
    self.mode = mode
    self.decay = decay
    self.interval = interval
    self.hasWarmup = hasWarmup
    self.roundsStochastically = roundsStochastically
  }
}
