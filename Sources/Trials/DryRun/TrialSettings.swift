public import Optimizers

/// Everything that decides a dry run, in numbers.
public struct TrialSettings: Sendable {
  /// The algorithm, by the id of its ``OptimizerFamily``.
  public var optimizer: String
  public var options: [String: HyperparameterValue]
  public var method: Method
  /// In which trained weights, gradients and state are stored.
  public var format: NumberFormat
  /// The configured learning rate.
  public var rate: Double
  /// What the rate of each parameter is multiplied by: B's, in LoRA+. Missing ones are 1.
  public var rateRatios: [Double] = []
  /// The rate at each optimizer step over time, as a function of the configured one.
  public var schedule: Schedule
  /// Optimizer steps that are simulated.
  public var steps: Int
  /// Steps of the schedule for each of them.
  public var stride = 1.0
  /// Steps whose effect each of them has.
  public var scale = 1.0
  /// What rates are multiplied by to that end.
  public var rateScale = 1.0
  public var clip: GradientClip
  /// Samples behind each gradient: batch, accumulation and processes multiplied.
  public var samplesPerStep: Double
  /// n: inputs and outputs of the model's usual layer.
  public var width: Int
  /// Numbers that are trained in the whole model, which decide the norm of the gradient.
  public var trainedNumbers: Double
  /// The share of inputs that are dropped at random.
  public var dropout = 0.0
  public var average: Average?
  public var seed: UInt64

  public enum Method: Hashable, Sendable {
    /// An adapter of this rank, whose output is multiplied by this.
    case adapter(rank: Int, scale: Double)
    case full
  }

  /// A running average of the weights.
  public struct Average: Hashable, Sendable {
    public var decay: Double
    /// Optimizer steps between its updates.
    public var interval: Int
    /// Whether the decay is held to (1 + n) / (10 + n) in update n.
    public var hasWarmup: Bool

    public init(decay: Double, interval: Int = 1, hasWarmup: Bool = false) {
      self.decay = decay
      self.interval = interval
      self.hasWarmup = hasWarmup
    }
  }

  public init(
    optimizer: String, options: [String: HyperparameterValue] = [:], method: Method,
    format: NumberFormat = .float32, rate: Double, schedule: Schedule = Schedule(.constant),
    steps: Int, clip: GradientClip = GradientClip(.norm(1)), samplesPerStep: Double = 1,
    width: Int = 1280, trainedNumbers: Double = 20_000_000, seed: UInt64 = 0
  ) {
    self.optimizer = optimizer
    self.options = options
    self.method = method
    self.format = format
    self.rate = rate
    self.schedule = schedule
    self.steps = steps
    self.clip = clip
    self.samplesPerStep = samplesPerStep
    self.width = width
    self.trainedNumbers = trainedNumbers
    self.seed = seed
  }
}
