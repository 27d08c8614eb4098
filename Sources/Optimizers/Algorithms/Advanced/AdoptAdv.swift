#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Adopt_adv: ADOPT with a choice of additions.
///
/// adv_optm 2.2.3, `optim/Adopt_adv.py`; see ``ADOPT`` for the algorithm and ``AdamWAdv`` for the
/// additions. The first gradient is only squared, unless an angle is taken, which needs no ε; signs
/// and masks are taken by the gradient and not by its quotient. `Simplified_AdEMAMix` (Morwani et
/// al., "Connections between Schedule-Free Optimizers, AdEMAMix, and Accelerated SGD Variants")
/// lets m pile up, adds the last quotient, and divides the rate by what both may come to; it turns
/// the other additions to m off.
struct AdoptAdv<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.9999
  var epsilon = 1e-6
  var weightDecay = 0.0
  var cautiousDecay = false
  var stochasticRounding = true
  var useAtan2 = false
  var cautiousMask = false
  var gramsMoment = false
  var orthogonalGradient = false
  var useAdEMAMix = false
  var beta3 = 0.9999
  var alpha = 5.0
  var simplified = false
  var alphaGrad = 100.0
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
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean quotient; 0 keeps none"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .notNegative, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("cautious_wd", \.cautiousDecay, "shrinks only what moves towards zero"),
      Hyperparameter("stochastic_rounding", \.stochasticRounding, "rounds bfloat16 at random"),
      Hyperparameter("use_atan2", \.useAtan2, "takes an angle and not a quotient"),
      Hyperparameter("cautious_mask", \.cautiousMask, "skips updates that oppose the gradient"),
      Hyperparameter("grams_moment", \.gramsMoment, "takes the signs of the gradient"),
      Hyperparameter("orthogonal_gradient", \.orthogonalGradient, "steps across the weights"),
      Hyperparameter("use_AdEMAMix", \.useAdEMAMix, "adds a slow mean quotient"),
      Hyperparameter("beta3_ema", \.beta3, .any, "decay of the slow mean"),
      Hyperparameter("alpha", \.alpha, .any, "weight of the slow mean"),
      Hyperparameter("Simplified_AdEMAMix", \.simplified, "sums gradients, and adds the last"),
      Hyperparameter("alpha_grad", \.alphaGrad, .any, "weight of the last gradient then"),
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
    if kourkoutasBeta { try kourkoutas.check() }
    if compile, Element.format.width == 2 {
      throw .notSimulated(option: "compile", value: .flag(true))
    }
  }

  struct Memory: Codable, Sendable {
    var t = 0
    var moments: AdvancedMoments<Element>
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
    form.layout(of: parameter)
      + (kourkoutasBeta ? [StateTensor("kourkoutas_r_ema", [], .float32)] : [])
  }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(
      moments: form.zeros(for: parameter), random: RandomNumbers(seed: seed, stream: number))
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout [Memory],
    rates: [Double]
  ) {
    if kourkoutasBeta {
      kourkoutas.prepare(&state, \.spikes, parameters, step: state.first?.t ?? 0)
    }
    for place in parameters.indices {
      walk(&parameters[place], gradients[place], &state[place], rate: rates[place])
    }
  }

  /// A step of one parameter, which then is a layer by itself.
  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    if kourkoutasBeta { memory.spikes = kourkoutas.prepare([memory.spikes], step: memory.t) }
    walk(&parameter, gradient, &memory, rate: rate)
  }

  private func walk(
    _ parameter: inout Tensor<Element>, _ gradient: Tensor<Element>, _ memory: inout Memory,
    rate: Double
  ) {
    memory.t += 1
    memory.random.advance()
    if memory.t == 1 {
      memory.moments.run(AdoptAdvStart(), &parameter, gradient)
      // Neither is the gradient counted for the spikes.
      if !takesAngle { return }
    }
    let step = AdoptAdvStep(
      options: self, beta2: kourkoutasBeta ? memory.spikes.beta2 : beta2,
      clip: pow(Double(memory.t - 1), 0.25),
      size: simplified ? rate * simplifiedScale(t: memory.t) : rate,
      random: stochasticRounding ? memory.random : nil)
    memory.spikes.square = memory.moments.run(step, &parameter, gradient)
  }

  /// One over the most that m and the last quotient may come to.
  private func simplifiedScale(t: Int) -> Double {
    1 / ((1 - pow(beta1, Double(t))) / (1 - beta1) + alphaGrad)
  }

  fileprivate var takesAngle: Bool { useAtan2 && !simplified }
}

private struct AdoptAdvStep<Element: StoredNumber>: AdvancedStep {
  let options: AdoptAdv<Element>
  let beta2: Double
  /// Largest quotient.
  let clip: Double
  /// The learning rate, scaled.
  let size: Double
  let random: RandomNumbers?

  /// - Returns: Σ g² for Kourkoutas-β.
  func run<Moment: AdvancedMoment>(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ work: AdvancedWork<Moment>
  ) -> Float {
    let kernel = AdoptAdvKernel(
      options: options, step: self, work: work,
      gradient: AdvancedGradient(
        gradient, theta, count: work.grid.count, orthogonal: options.orthogonalGradient),
      update: AdvancedUpdate(
        theta, weightDecay: options.weightDecay, size: size, cautious: options.cautiousDecay,
        random: random))
    let square = options.kourkoutasBeta ? kernel.gradient.sumOfSquares() : 0
    kernel.run()
    return square
  }
}

/// The operations of a step on a piece.
private struct AdoptAdvKernel<Element: StoredNumber, Moment: AdvancedMoment> {
  typealias Number = Moment.Number
  typealias Stages = AdvancedStages<Number>
  let options: AdoptAdv<Element>
  let step: AdoptAdvStep<Element>
  let work: AdvancedWork<Moment>
  let gradient: AdvancedGradient<Element, Number>
  let update: AdvancedUpdate<Element>

  private var takesSigns: Bool {
    options.gramsMoment && !options.simplified && work.m != nil
  }

  private var isCautious: Bool {
    options.cautiousMask && !options.gramsMoment && !options.simplified && work.m != nil
  }

  func run() {
    let share =
      isCautious ? Stages.cautiousShare(of: work.grid, buffers: 4, average) : 1
    work.grid.each(buffers: 4, of: Number.Arithmetic.self) { piece, room in
      average(piece, room)
      finish(piece, room, share: share)
    }
  }

  /// g, m, the quotient of g by the last v, and that v.
  private func average(_ piece: AdvancedPiece, _ g: Stages.Buffer) {
    let u = g + Sweep.piece
    let q = u + Sweep.piece
    let w = q + Sweep.piece
    let n = piece.count
    gradient.load(piece, into: g)
    work.v?.load(piece, into: w)
    Stages.copy(q, from: g, n)
    if options.takesAngle {
      Stages.takeAngle(q, overRoot: w, correction: 1, n)
    } else {
      Stages.divide(q, byRoot: w, correction: 1, epsilon: options.epsilon, n)
      Stages.clamp(q, to: step.clip, n)
    }
    guard let m = work.m else { return Stages.copy(u, from: q, n) }
    m.load(piece, into: u)
    if options.simplified {
      Stages.accumulate(u, decay: options.beta1, q, weight: 1, n)
    } else {
      Stages.lerp(u, to: q, 1 - options.beta1, n)
    }
  }

  private func finish(_ piece: AdvancedPiece, _ g: Stages.Buffer, share: Number.Arithmetic) {
    let u = g + Sweep.piece
    let q = u + Sweep.piece
    let w = q + Sweep.piece
    let n = piece.count
    Stages.accumulateSquares(w, decay: step.beta2, g, weight: 1 - step.beta2, n)
    work.v?.store(piece, from: w)
    work.m?.store(piece, from: u)
    if takesSigns { Stages.takeSigns(u, of: g, n) }
    if isCautious { Stages.mask(u, by: g, share, n) }
    if let slow = work.slow {
      slow.load(piece, into: w)
      Stages.lerp(w, to: q, 1 - options.beta3, n)
      slow.store(piece, from: w)
      Stages.add(u, options.alpha, w, n)
    }
    if options.simplified { Stages.add(u, options.alphaGrad, q, n) }
    Stages.multiply(u, by: options.takesAngle ? step.size * (4 / Double.pi) : step.size, n)
    update.apply(piece, u, of: Number.self)
  }
}

/// v of the first gradient.
private struct AdoptAdvStart<Element: StoredNumber>: AdvancedStep {
  func run<Moment: AdvancedMoment>(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ work: AdvancedWork<Moment>
  ) {
    typealias Number = Moment.Number
    let gradient = AdvancedGradient<Element, Number>(
      gradient, theta, count: work.grid.count, orthogonal: false)
    work.grid.each(buffers: 1, of: Number.Arithmetic.self) { piece, g in
      gradient.load(piece, into: g)
      for i in 0..<piece.count { g[i] = Number.rounded(g[i] * g[i]) }
      work.v?.store(piece, from: g)
    }
  }
}

extension OptimizerFamily {
  static let adoptAdv = OptimizerFamily(
    "ADOPT_ADV", "Adopt_adv", library: "adv_optm 2.2.3",
    Citation("adv_optm", "https://github.com/Koratahiu/Advanced_Optimizers"),
    AdoptAdv<Float>.self, AdoptAdv<Double>.self, AdoptAdv<BFloat16>.self, AdoptAdv<Half>.self)
}
