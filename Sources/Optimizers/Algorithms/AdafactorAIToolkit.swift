/// Adafactor as ai-toolkit has it: weights in bfloat16 and float16 are rounded at random.
///
/// ostris/ai-toolkit 27a03a91, `toolkit/optimizers/adafactor.py`; the algorithm is ``Adafactor``.
/// What is its own: `stochastic_rounding` is on, and without it narrow weights are computed and
/// never stored, so that they stay what they are. float16 is rounded to multiples of 2^-13 first.
/// With parameter swapping only some parameters, drawn anew for each step, are trained.
struct AdafactorAIToolkit<Element: StoredNumber>: Optimizer {
  /// What is not ai-toolkit's own.
  var adafactor = Adafactor<Element>()
  var stochasticRounding = true
  var stochasticAccumulation = true
  var swapsParameters = false
  var swappingFactor = 0.1

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("eps", \.adafactor.epsilon1, .any, "added to the squared gradient"),
      Hyperparameter(
        "eps2", \.adafactor.epsilon2, .any, "smallest size of the weights that scales the rate"),
      Hyperparameter("clip_threshold", \.adafactor.clipThreshold, .any, "largest RMS of an update"),
      Hyperparameter(
        "decay_rate", \.adafactor.decayRate, .any, "exponent of t in the decay of squares"),
      Hyperparameter("beta1", \.adafactor.beta1, .any, "decay of the mean update; null keeps none"),
      Hyperparameter("weight_decay", \.adafactor.weightDecay, .any, "shrinks the weights"),
      Hyperparameter(
        "scale_parameter", \.adafactor.scaleParameter,
        "multiplies the rate by the RMS of the weights"),
      Hyperparameter(
        "relative_step", \.adafactor.relativeStep, "takes the rate from the step, not from lr"),
      Hyperparameter(
        "warmup_init", \.adafactor.warmupInit, "a relative step starts at 1e-6, not at 1e-2"),
      Hyperparameter(
        "stochastic_rounding", \.stochasticRounding,
        "rounds narrow weights at random, or not at all"
      ),
      Hyperparameter(
        "stochastic_accumulation", \.stochasticAccumulation,
        "rounds narrow gradients at random where several make one step"),
      Hyperparameter(
        "do_paramiter_swapping", \.swapsParameters, "trains some of the parameters at a time"),
      Hyperparameter(
        "paramiter_swapping_factor", \.swappingFactor, .any, "share of the weights at a time"),
    ]
  }

  func checkCombination() throws(HyperparameterError) {
    try adafactor.checkCombination()
  }

  struct State: Codable, Sendable {
    var memories: [Adafactor<Element>.Memory]
    var random: RandomNumbers
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    adafactor.layout(of: ParameterShape(parameter.shape, format: .float32))
  }

  func initialState(for parameters: [Tensor<Element>]) -> State {
    State(
      memories: adafactor.initialState(for: parameters),
      random: RandomNumbers(seed: adafactor.seed, stream: -1))
  }

  func internals(_ state: State) -> [String: Double] { adafactor.internals(state.memories) }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) throws(OptimizerError) {
    if Element.format == .float64 && stochasticRounding {
      throw .refused("weights in float64 cannot be rounded at random")
    }
    state.random.advance()
    for place in trained(parameters, state.random) {
      if Element.format == .float32 || stochasticRounding {
        adafactor.step(
          &parameters[place], gradient: gradients[place], memory: &state.memories[place],
          rate: rates[place], storing: storing)
      } else {
        var lost = parameters[place]
        adafactor.step(
          &lost, gradient: gradients[place], memory: &state.memories[place], rate: rates[place],
          storing: .nearest)
      }
    }
  }

  private var storing: Adafactor<Element>.Storing {
    switch Element.format {
    case .bfloat16: .atRandom
    case .float16: .onGridAtRandom
    default: .nearest
    }
  }

  /// Places of the parameters that this step trains: in a random order, as long as their weights
  /// together are fewer than the share. A first one that is not small enough ends it.
  private func trained(_ parameters: [Tensor<Element>], _ random: RandomNumbers) -> [Int] {
    var order = Array(parameters.indices)
    if !swapsParameters { return order }
    for last in order.indices.reversed() {
      order.swapAt(last, Int(random.number(last) % UInt64(last + 1)))
    }
    let total = parameters.reduce(0) { $0 + $1.count }
    let share = (Double(total) * swappingFactor).rounded(.towardZero)
    var sum = 0
    return Array(
      order.prefix { place in
        sum += parameters[place].count
        return Double(sum) < share
      })
  }
}

extension OptimizerFamily {
  static let adafactorAIToolkit = OptimizerFamily(
    "ADAFACTOR_AI_TOOLKIT", "Adafactor (ai-toolkit)", library: "ai-toolkit 27a03a91",
    Citation(
      "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost",
      "https://arxiv.org/abs/1804.04235"),
    AdafactorAIToolkit<Float>.self, AdafactorAIToolkit<Double>.self,
    AdafactorAIToolkit<BFloat16>.self, AdafactorAIToolkit<Half>.self)
}
