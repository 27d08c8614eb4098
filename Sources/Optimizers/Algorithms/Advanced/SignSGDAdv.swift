/// SignSGD_adv: the sign of a sum of gradients, with a choice of additions.
///
/// adv_optm 2.2.3, `optim/SignSGD_adv.py`, after Bernstein et al., "signSGD: Compressed Optimisation
/// for Non-Convex Problems", Algorithm 2 (Signum), with a momentum that piles up and is not an
/// average; see ``LionAdv`` for the additions. `Simplified_AdEMAMix` adds the last gradient to it.
/// Without momentum the library stops at the first step. `compile` is not looked at.
struct SignSGDAdv<Element: StoredNumber>: ParameterwiseOptimizer {
  var momentum = 0.9
  var weightDecay = 0.0
  var cautiousDecay = false
  var stochasticRounding = true
  var orthogonalGradient = false
  var kappa = 1.0
  var automaticKappa = true
  var alphaGrad = 1.0
  var simplified = false
  var factored = false
  var vectorReshape = false
  var compile = false
  /// Of the stochastic rounding.
  var seed: UInt64 = 0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter(
        "momentum", \.momentum, Domain(from: 0, to: 1, includesLowest: false),
        "what stays of the sum of gradients"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("cautious_wd", \.cautiousDecay, "shrinks only what moves towards zero"),
      Hyperparameter("stochastic_rounding", \.stochasticRounding, "rounds bfloat16 at random"),
      Hyperparameter("orthogonal_gradient", \.orthogonalGradient, "steps across the weights"),
      Hyperparameter("kappa_p", \.kappa, .any, "norm of the step: 1 for signs, 2 for lengths"),
      Hyperparameter("auto_kappa_p", \.automaticKappa, "that is 2 for convolutions, else 1"),
      Hyperparameter("alpha_grad", \.alphaGrad, .any, "weight of the last gradient, if added"),
      Hyperparameter("Simplified_AdEMAMix", \.simplified, "adds the last gradient"),
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
    let step = SignSGDAdvStep(
      options: self, dimensions: parameter.shape.count, rate: rate,
      random: stochasticRounding ? memory.random : nil)
    memory.moments.run(step, &parameter, gradient)
  }
}

private struct SignSGDAdvStep<Element: StoredNumber>: AdvancedStep {
  let options: SignSGDAdv<Element>
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
      gradient, theta, count: grid.count, orthogonal: options.orthogonalGradient)
    let update = AdvancedUpdate(
      theta, weightDecay: options.weightDecay, size: rate, cautious: options.cautiousDecay,
      random: random)
    /// g, what the step is made of, and m.
    func sum(_ piece: AdvancedPiece, _ g: Stages.Buffer) {
      let u = g + Sweep.piece
      let w = u + Sweep.piece
      let n = piece.count
      gradient.load(piece, into: g)
      work.m?.load(piece, into: w)
      Stages.accumulate(w, decay: options.momentum, g, weight: 1, n)
      Stages.copy(u, from: w, n)
      if options.simplified {
        let weight = A(options.alphaGrad)
        for i in 0..<n { u[i] = Number.rounded(w[i] + Number.rounded(g[i] * weight)) }
      }
    }
    let direction = AdvancedDirection<Number>(
      kappa: options.kappa, automatic: options.automaticKappa, dimensions: dimensions, grid,
      buffers: 3, sum)
    grid.each(buffers: 3, of: A.self) { piece, room in
      let u = room + Sweep.piece
      let w = u + Sweep.piece
      sum(piece, room)
      work.m?.store(piece, from: w)
      direction.take(u, piece.count)
      Stages.multiply(u, by: rate, piece.count)
      update.apply(piece, u, of: Number.self)
    }
  }
}

extension OptimizerFamily {
  static let signSGDAdv = OptimizerFamily(
    "SIGNSGD_ADV", "SignSGD_adv", library: "adv_optm 2.2.3",
    Citation("adv_optm", "https://github.com/Koratahiu/Advanced_Optimizers"),
    SignSGDAdv<Float>.self, SignSGDAdv<Double>.self, SignSGDAdv<BFloat16>.self,
    SignSGDAdv<Half>.self)
}
