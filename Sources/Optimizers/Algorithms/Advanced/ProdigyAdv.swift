#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Prodigy_adv: Prodigy with a choice of additions.
///
/// adv_optm 2.2.3, `optim/Prodigy_adv.py`, after Mishchenko and Defazio, "Prodigy: An Expeditiously
/// Adaptive Parameter-Free Learner", Algorithm 4; see ``AdamWAdv`` and ``AdoptAdv`` for the
/// additions. There is no bias correction. The sums that d is estimated from are kept in float32,
/// go over every `slice_p`th weight, and stop after `prodigy_steps` steps; all parameters share one
/// d, whatever their rates. `d_limiter` lets d grow by no more than 2^¼ in a step.
struct ProdigyAdv<Element: StoredNumber>: Optimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  var cautiousDecay = false
  var stochasticRounding = true
  var useAtan2 = false
  var cautiousMask = false
  var gramsMoment = false
  var orthogonalGradient = false
  var useAdEMAMix = false
  var beta3EMA = 0.9999
  var alpha = 5.0
  var simplified = false
  var alphaGrad = 100.0
  var beta3: Double?
  var d0 = 1e-6
  var dCoefficient = 1.0
  var growthRate = Double.infinity
  var safeguardWarmup = false
  var slice = 11
  var prodigySteps = 0
  var dLimiter = false
  var kourkoutasBeta = false
  var beta2Min = 0.9
  var emaAlpha = 0.95
  var tinySpike = 1e-9
  var warmupSteps = 0.0
  var factored = false
  var vectorReshape = false
  var compile = false
  /// Of the stochastic rounding.
  var seed: UInt64 = 0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient; 0 keeps none"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("cautious_wd", \.cautiousDecay, "shrinks only what moves towards zero"),
      Hyperparameter("stochastic_rounding", \.stochasticRounding, "rounds bfloat16 at random"),
      Hyperparameter("use_atan2", \.useAtan2, "takes an angle and not a quotient"),
      Hyperparameter("cautious_mask", \.cautiousMask, "skips updates that oppose the gradient"),
      Hyperparameter("grams_moment", \.gramsMoment, "takes the signs of the gradient"),
      Hyperparameter("orthogonal_gradient", \.orthogonalGradient, "steps across the weights"),
      Hyperparameter("use_AdEMAMix", \.useAdEMAMix, "adds a slow mean gradient"),
      Hyperparameter("beta3_ema", \.beta3EMA, .any, "decay of the slow mean"),
      Hyperparameter("alpha", \.alpha, .any, "weight of the slow mean"),
      Hyperparameter("Simplified_AdEMAMix", \.simplified, "sums gradients, and adds the last"),
      Hyperparameter("alpha_grad", \.alphaGrad, .any, "weight of the last gradient then"),
      Hyperparameter("beta3", \.beta3, .any, "decay of the sums for d; null for √beta2"),
      Hyperparameter("d0", \.d0, .any, "first d"),
      Hyperparameter("d_coef", \.dCoefficient, .any, "multiplies the estimate of d"),
      Hyperparameter("growth_rate", \.growthRate, .any, "most that d grows by in a step"),
      Hyperparameter("safeguard_warmup", \.safeguardWarmup, "leaves the rate out of the estimate"),
      Hyperparameter("slice_p", \.slice, 1...Int.max, "estimates d from every so manieth weight"),
      Hyperparameter("prodigy_steps", \.prodigySteps, 0...Int.max, "steps that move d; 0 for all"),
      Hyperparameter("d_limiter", \.dLimiter, "lets d grow by at most 19 % in a step"),
      Hyperparameter("kourkoutas_beta", \.kourkoutasBeta, "lowers beta2 when gradients jump"),
      Hyperparameter("beta2_min", \.beta2Min, .any, "lowest beta2 then"),
      Hyperparameter("ema_alpha", \.emaAlpha, .any, "decay of the mean norm then"),
      Hyperparameter("tiny_spike", \.tinySpike, .any, "added to the mean norm then"),
      Hyperparameter("k_warmup_steps", \.warmupSteps, .any, "steps before that"),
      Hyperparameter("nnmf_factor", \.factored, "keeps moments as two vectors"),
      Hyperparameter("vector_reshape", \.vectorReshape, "those of vectors too"),
      Hyperparameter("compile", \.compile, "fuses the operations of a step"),
    ]
  }

  func checkCombination() throws(HyperparameterError) {
    if beta1 == 0, simplified {
      throw .combination(
        option: "Simplified_AdEMAMix", value: .flag(true), needs: "'beta1' above 0")
    }
    if d0 == 0 {
      throw .combination(option: "d0", value: .number(0), needs: "to be other than 0")
    }
    if kourkoutasBeta { try kourkoutas.check() }
    if compile, Element.format.width == 2 {
      throw .notSimulated(option: "compile", value: .flag(true))
    }
  }

  struct State: Codable, Sendable {
    var k = 0
    var d: Double
    var dMax: Double
    /// The sums that d is estimated from, and the first as it was after the last step.
    var numerator: Float = 0
    var denominator: Float = 0
    var lastNumerator = 0.0
    var memories: [Memory]
  }

  struct Memory: Codable, Sendable {
    var moments: AdvancedMoments<Element>
    /// Of every `slice_p`th weight: a mean gradient, and where it started; the latter is empty if
    /// all weights started at 0.
    var s: [Element]
    var start: [Element]
    var spikes = Kourkoutas.Memory()
    var random: RandomNumbers
  }

  private var kourkoutas: Kourkoutas {
    Kourkoutas(
      beta2: beta2, beta2Min: beta2Min, emaAlpha: emaAlpha, tinySpike: tinySpike,
      warmupSteps: warmupSteps)
  }

  private var form: AdvancedForm {
    AdvancedForm(
      factored: factored, vectors: vectorReshape, m: beta1 > 0,
      slow: useAdEMAMix && !simplified, v: true)
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let slices = (parameter.count + slice - 1) / slice
    return form.layout(of: parameter) + [
      StateTensor("s", [slices], parameter.format),
      StateTensor("p0", parameter.startsAtZero ? [] : [slices], parameter.format),
    ] + (kourkoutasBeta ? [StateTensor("kourkoutas_r_ema", [], .float32)] : [])
  }

  func initialState(for parameters: [Tensor<Element>]) -> State {
    State(
      d: d0, dMax: d0,
      memories: parameters.enumerated().map { number, parameter in
        let start = parameter.copy(every: slice)
        return Memory(
          moments: form.zeros(for: parameter), s: Element.zeros(start.count),
          start: parameter.isZero ? [] : start, random: RandomNumbers(seed: seed, stream: number))
      })
  }

  func internals(_ state: State) -> [String: Double] {
    [
      "d": state.d, "d_max": state.dMax, "d_numerator": state.lastNumerator, "k": Double(state.k),
    ]
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) {
    if kourkoutasBeta {
      kourkoutas.prepare(&state.memories, \.spikes, parameters, step: state.k)
    }
    for place in parameters.indices {
      walk(&parameters[place], gradients[place], &state, place, rate: rates[place])
    }
    estimate(&state)
  }

  /// Line 12 ff.: d of the next step.
  private func estimate(_ state: inout State) {
    if isEstimating(state) {
      let numerator = Double(state.numerator)
      let denominator = Double(state.denominator)
      if denominator > 0 {
        var estimate = dCoefficient * numerator / denominator
        if dLimiter { estimate = min(state.d * pow(2, 0.25), estimate) }
        if state.d == d0 { state.d = max(state.d, estimate) }
        state.dMax = max(state.dMax, estimate)
        state.d = min(state.dMax, state.d * growthRate)
      }
      state.lastNumerator = numerator
    }
    state.k += 1
    state.numerator = Float(state.lastNumerator * decay)
    state.denominator = 0
  }

  private func isEstimating(_ state: State) -> Bool { prodigySteps == 0 || state.k < prodigySteps }
  /// β₃
  var decay: Double { beta3 ?? beta2.squareRoot() }

  private func walk(
    _ parameter: inout Tensor<Element>, _ gradient: Tensor<Element>, _ state: inout State,
    _ place: Int, rate: Double
  ) {
    state.memories[place].random.advance()
    let scale = simplified ? simplifiedScale(t: state.k + 1) : 1
    let step = ProdigyAdvStep(
      options: self, beta2: kourkoutasBeta ? state.memories[place].spikes.beta2 : beta2, d: state.d,
      size: state.d * rate * scale,
      random: stochasticRounding ? state.memories[place].random : nil)
    if isEstimating(state) {
      let sums =
        state.memories[place].moments.isFactored
        ? step.slices(
          parameter.values, gradient.values, &state.memories[place], count: parameter.count,
          as: Float.self)
        : step.slices(
          parameter.values, gradient.values, &state.memories[place], count: parameter.count,
          as: Element.self)
      state.numerator += Float(state.d / d0 * step.size) * sums.product
      state.denominator += sums.magnitude
    } else {
      state.memories[place].s = []
      state.memories[place].start = []
    }
    state.memories[place].spikes.square = state.memories[place].moments.run(
      step, &parameter, gradient)
  }

  /// One over the most that m and the last gradient may come to.
  private func simplifiedScale(t: Int) -> Double {
    1 / ((1 - pow(beta1, Double(t))) / (1 - beta1) + alphaGrad)
  }
}

extension OptimizerFamily {
  static let prodigyAdv = OptimizerFamily(
    "PRODIGY_ADV", "Prodigy_adv", library: "adv_optm 2.2.3",
    Citation("adv_optm", "https://github.com/Koratahiu/Advanced_Optimizers"),
    ProdigyAdv<Float>.self, ProdigyAdv<Double>.self, ProdigyAdv<BFloat16>.self,
    ProdigyAdv<Half>.self)
}
