#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// AdamW_adv: AdamW with a choice of additions.
///
/// adv_optm 2.2.3, `optim/AdamW_adv.py`. Beside AdamW: moments kept as two vectors and a sign each
/// (SMMF); the angle of m and √v in place of their quotient (Everett et al., "Scaling Exponents
/// Across Parameterizations and Optimizers"); signs or masks by the gradient (Cao et al., "Grams";
/// Liang et al., "Cautious Optimizers"); a second, slow m (Pagliardini et al., "The AdEMAMix
/// Optimizer"); gradients across the weights (⊥Grad); β₂ by spikes (Kourkoutas-β). Weight decay is
/// multiplied by the bias-corrected rate, so that it is large in the first steps. A compiled step
/// rounds narrow numbers elsewhere; it is not simulated for these.
struct AdamWAdv<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  var cautiousDecay = false
  var biasCorrection = true
  var stochasticRounding = true
  var useAtan2 = false
  var cautiousMask = false
  var gramsMoment = false
  var orthogonalGradient = false
  var useAdEMAMix = false
  var beta3 = 0.9999
  var alpha = 5.0
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
      Hyperparameter("use_bias_correction", \.biasCorrection, "corrects young averages"),
      Hyperparameter("stochastic_rounding", \.stochasticRounding, "rounds bfloat16 at random"),
      Hyperparameter("use_atan2", \.useAtan2, "takes an angle and not a quotient"),
      Hyperparameter("cautious_mask", \.cautiousMask, "skips updates that oppose the gradient"),
      Hyperparameter("grams_moment", \.gramsMoment, "takes the signs of the gradient"),
      Hyperparameter("orthogonal_gradient", \.orthogonalGradient, "steps across the weights"),
      Hyperparameter("use_AdEMAMix", \.useAdEMAMix, "adds a slow mean gradient"),
      Hyperparameter("beta3_ema", \.beta3, .any, "decay of the slow mean"),
      Hyperparameter("alpha", \.alpha, .any, "weight of the slow mean"),
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
      factored: factored, vectors: vectorReshape, m: beta1 > 0, slow: useAdEMAMix, v: true)
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
    let t = Double(memory.t)
    let step = AdamWAdvStep(
      options: self, beta2: kourkoutasBeta ? memory.spikes.beta2 : beta2,
      size: biasCorrection ? rate / (1 - pow(beta1, t)) : rate,
      correction: biasCorrection ? 1 / (1 - pow(beta2, t)).squareRoot() : 1,
      random: stochasticRounding ? memory.random : nil)
    memory.spikes.square = memory.moments.run(step, &parameter, gradient)
  }
}

private struct AdamWAdvStep<Element: StoredNumber>: AdvancedStep {
  let options: AdamWAdv<Element>
  let beta2: Double
  /// The learning rate, after bias correction.
  let size: Double
  /// What √v is multiplied by.
  let correction: Double
  let random: RandomNumbers?

  /// - Returns: Σ g² for Kourkoutas-β.
  func run<Moment: AdvancedMoment>(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ work: AdvancedWork<Moment>
  ) -> Float {
    let kernel = AdamWAdvKernel(
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
private struct AdamWAdvKernel<Element: StoredNumber, Moment: AdvancedMoment> {
  typealias Number = Moment.Number
  typealias Stages = AdvancedStages<Number>
  let options: AdamWAdv<Element>
  let step: AdamWAdvStep<Element>
  let work: AdvancedWork<Moment>
  let gradient: AdvancedGradient<Element, Number>
  let update: AdvancedUpdate<Element>

  private var isCautious: Bool {
    options.cautiousMask && !options.gramsMoment && work.m != nil
  }

  func run() {
    let share =
      isCautious ? Stages.cautiousShare(of: work.grid, buffers: 2, average) : 1
    work.grid.each(buffers: 3, of: Number.Arithmetic.self) { piece, room in
      average(piece, room)
      finish(piece, room, share: share)
    }
  }

  /// g into the first buffer and m into the second.
  private func average(_ piece: AdvancedPiece, _ g: Stages.Buffer) {
    let u = g + Sweep.piece
    gradient.load(piece, into: g)
    guard let m = work.m else { return Stages.copy(u, from: g, piece.count) }
    m.load(piece, into: u)
    Stages.lerp(u, to: g, 1 - options.beta1, piece.count)
  }

  /// The rest, with the third buffer for the slow m and for v.
  private func finish(_ piece: AdvancedPiece, _ g: Stages.Buffer, share: Number.Arithmetic) {
    let u = g + Sweep.piece
    let w = u + Sweep.piece
    let n = piece.count
    if let m = work.m {
      m.store(piece, from: u)
      if options.gramsMoment { Stages.takeSigns(u, of: g, n) }
      if isCautious { Stages.mask(u, by: g, share, n) }
    }
    if let slow = work.slow {
      slow.load(piece, into: w)
      Stages.lerp(w, to: g, 1 - options.beta3, n)
      slow.store(piece, from: w)
      Stages.add(u, options.alpha, w, n)
    }
    work.v?.load(piece, into: w)
    Stages.accumulateSquares(w, decay: step.beta2, g, weight: 1 - step.beta2, n)
    work.v?.store(piece, from: w)
    if options.useAtan2 {
      Stages.takeAngle(u, overRoot: w, correction: step.correction, n)
      Stages.multiply(u, by: step.size * (4 / Double.pi), n)
    } else {
      Stages.divide(u, byRoot: w, correction: step.correction, epsilon: options.epsilon, n)
      Stages.multiply(u, by: step.size, n)
    }
    update.apply(piece, u, of: Number.self)
  }
}

extension OptimizerFamily {
  static let adamWAdv = OptimizerFamily(
    "ADAMW_ADV", "AdamW_adv", library: "adv_optm 2.2.3",
    Citation("adv_optm", "https://github.com/Koratahiu/Advanced_Optimizers"),
    AdamWAdv<Float>.self, AdamWAdv<Double>.self, AdamWAdv<BFloat16>.self, AdamWAdv<Half>.self)
}
