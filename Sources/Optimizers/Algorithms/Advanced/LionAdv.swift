/// Lion_adv: Lion with a choice of additions.
///
/// adv_optm 2.2.3, `optim/Lion_adv.py`; see ``Lion`` for the algorithm, ``AdamWAdv`` for factored
/// moments and masks, ``AdvancedDirection`` for `kappa_p`. `clip_threshold` is of the gradient of
/// each parameter. `compile` is not looked at.
struct LionAdv<Element: StoredNumber>: ParameterwiseOptimizer {
  var beta1 = 0.9
  var beta2 = 0.99
  var weightDecay = 0.0
  var cautiousDecay = false
  var stochasticRounding = true
  var orthogonalGradient = false
  var cautiousMask = false
  var clipThreshold = 0.0
  var kappa = 1.0
  var automaticKappa = false
  var factored = false
  var vectorReshape = false
  var compile = false
  /// Of the stochastic rounding.
  var seed: UInt64 = 0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .share, "what the step takes of the momentum"),
      Hyperparameter("beta2", \.beta2, .share, "decay of the momentum"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("cautious_wd", \.cautiousDecay, "shrinks only what moves towards zero"),
      Hyperparameter("stochastic_rounding", \.stochasticRounding, "rounds bfloat16 at random"),
      Hyperparameter("orthogonal_gradient", \.orthogonalGradient, "steps across the weights"),
      Hyperparameter("cautious_mask", \.cautiousMask, "skips updates that oppose the gradient"),
      Hyperparameter("clip_threshold", \.clipThreshold, .any, "longest gradient; 0 for any"),
      Hyperparameter("kappa_p", \.kappa, .any, "norm of the step: 1 for signs, 2 for lengths"),
      Hyperparameter("auto_kappa_p", \.automaticKappa, "that is 2 for convolutions, else 1"),
      Hyperparameter("nnmf_factor", \.factored, "keeps the momentum as two vectors"),
      Hyperparameter("vector_reshape", \.vectorReshape, "that of vectors too"),
      Hyperparameter("compile", \.compile, "is not looked at"),
    ]
  }

  struct Memory: Codable, Sendable {
    var moments: AdvancedMoments<Element>
    var random: RandomNumbers
  }

  private var form: AdvancedForm { AdvancedForm(factored: factored, vectors: vectorReshape) }

  func layout(of parameter: ParameterShape) -> [StateTensor] { form.layout(of: parameter) }

  func initialMemory(for parameter: Tensor<Element>, number: Int) -> Memory {
    Memory(
      moments: form.zeros(for: parameter), random: RandomNumbers(seed: seed, stream: number))
  }

  func step(
    _ parameter: inout Tensor<Element>, gradient: Tensor<Element>, memory: inout Memory,
    rate: Double
  ) {
    memory.random.advance()
    let step = LionAdvStep(
      options: self, dimensions: parameter.shape.count, rate: rate,
      random: stochasticRounding ? memory.random : nil)
    memory.moments.run(step, &parameter, gradient)
  }
}

private struct LionAdvStep<Element: StoredNumber>: AdvancedStep {
  let options: LionAdv<Element>
  let dimensions: Int
  let rate: Double
  let random: RandomNumbers?

  func run<Moment: AdvancedMoment>(
    _ theta: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ work: AdvancedWork<Moment>
  ) {
    typealias Number = Moment.Number
    typealias Stages = AdvancedStages<Number>
    typealias A = Number.Arithmetic
    let grid = work.grid
    let gradient = AdvancedGradient<Element, Number>(
      gradient, theta, count: grid.count, threshold: options.clipThreshold,
      orthogonal: options.orthogonalGradient)
    let update = AdvancedUpdate(
      theta, weightDecay: options.weightDecay, size: rate, cautious: options.cautiousDecay,
      random: random)
    let mixture = Lerp<A>(options.beta1)
    /// g, c and m.
    func mix(_ piece: AdvancedPiece, _ g: Stages.Buffer) {
      let u = g + Sweep.piece
      let w = u + Sweep.piece
      gradient.load(piece, into: g)
      work.m?.load(piece, into: w)
      for i in 0..<piece.count { u[i] = Number.rounded(mixture(g[i], w[i])) }
    }
    let direction = AdvancedDirection<Number>(
      kappa: options.kappa, automatic: options.automaticKappa, dimensions: dimensions, grid,
      buffers: 3, mix)
    func turn(_ piece: AdvancedPiece, _ g: Stages.Buffer) {
      mix(piece, g)
      direction.take(g + Sweep.piece, piece.count)
    }
    let isCautious = options.cautiousMask
    let share: A = isCautious ? Stages.cautiousShare(of: grid, buffers: 3, turn) : 1
    grid.each(buffers: 3, of: A.self) { piece, room in
      let g = room
      let u = g + Sweep.piece
      let w = u + Sweep.piece
      let n = piece.count
      turn(piece, room)
      Stages.lerp(w, to: g, 1 - options.beta2, n)
      work.m?.store(piece, from: w)
      if isCautious { Stages.mask(u, by: g, share, n) }
      Stages.multiply(u, by: rate, n)
      update.apply(piece, u, of: Number.self)
    }
  }
}

extension OptimizerFamily {
  static let lionAdv = OptimizerFamily(
    "LION_ADV", "Lion_adv", library: "adv_optm 2.2.3",
    Citation("adv_optm", "https://github.com/Koratahiu/Advanced_Optimizers"),
    LionAdv<Float>.self, LionAdv<Double>.self, LionAdv<BFloat16>.self, LionAdv<Half>.self)
}
