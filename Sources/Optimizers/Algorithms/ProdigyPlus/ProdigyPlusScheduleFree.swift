/// Prodigy on a schedule-free Adam, with a choice of later ideas.
///
/// Mishchenko and Defazio, "Prodigy" (the distance estimate d), over Defazio et al.,
/// "The Road Less Scheduled", Algorithm 1, as prodigy-plus-schedule-free 2.0.1 has it
/// (`core_optimiser.py` and `prodigy_plus_schedulefree.py`). The library's own ways:
/// - It computes in float32 whatever the parameter is, and rounds what it stores. The initial
///   weights and the sum s are every 11th number, in bfloat16 beside float32 parameters.
/// - d rises by at most ⁴√2 a step (``limitsD``), and d² weights the second moment.
/// - StableAdamW divides by the root of the root mean square.
/// - The factored second moment averages its rows over the dimension before the one it should
///   where the larger of the two comes first; for a matrix nothing is left of the rows then.
/// - Without the schedule-free part, ``isCautious`` multiplies by the gradient, not by its mask.
///
/// A group of parameters has a d of its own (``splitsGroups``). The rates of the first step tell
/// the groups apart: parameters of one rate are one group, in the order in which rates come up.
///
/// One file each: ``Group`` (d), ``DistanceSlices`` (what a parameter adds to it),
/// ``FactoredMoment`` (second moment), ``ProdigyPlusKernel`` (the passes over a parameter).
struct ProdigyPlusScheduleFree<Element: StoredNumber>: Optimizer {
  var beta1 = 0.9
  var beta2 = 0.99
  /// Decay of the estimate; √β₂ where it is nil.
  var beta3: Double?
  var weightDecay = 0.0
  var scalesDecayByRate = true
  var d0 = 1e-6
  var dCoefficient = 1.0
  var limitsD = true
  var prodigySteps = 0
  var scheduleFreeC = 0.0
  /// Nil for Adam-atan2.
  var epsilon: Double? = 1e-8
  var splitsGroups = true
  var sharesMeanD = false
  var isFactored = true
  var factorsInFloat32 = true
  var correctsBias = false
  var isStable = true
  var isScheduleFree = true
  var usesSpeed = false
  var roundsStochastically = true
  var hasFusedBackPass = false
  var isCautious = false
  var usesGrams = false
  var usesAdopt = false
  var usesOrthoGrad = false
  var usesFocus = false
  /// Every such number of a parameter is looked at for d; the library has no choice here.
  var slice = 11
  /// Of the random numbers of stochastic rounding.
  var seed: UInt64 = 0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    estimateOptions + updateOptions + [
      Hyperparameter("split_groups", \.splitsGroups, "gives each group of parameters its own d"),
      Hyperparameter("split_groups_mean", \.sharesMeanD, "steps with the harmonic mean of all d"),
      Hyperparameter("factored", \.isFactored, "keeps sums over rows and columns of the squares"),
      Hyperparameter("factored_fp32", \.factorsInFloat32, "keeps these sums in float32"),
      Hyperparameter("stochastic_rounding", \.roundsStochastically, "rounds bfloat16 at random"),
      Hyperparameter(
        "fused_back_pass", \.hasFusedBackPass,
        "leaves the step to the trainer's backward pass; changes no number"),
      Hyperparameter("slice_p_fixed", \.slice, 11...11, "looks at every 11th number for d"),
    ]
  }

  private static var estimateOptions: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta3", \.beta3, .fraction, "decay of the estimate of d"),
      Hyperparameter("d0", \.d0, .positive, "first estimate of d"),
      Hyperparameter("d_coef", \.dCoefficient, .any, "multiplies the estimate of d"),
      Hyperparameter("d_limiter", \.limitsD, "lets d rise by a fifth a step at most"),
      Hyperparameter("prodigy_steps", \.prodigySteps, 0...Int.max, "step at which d stays, or 0"),
      Hyperparameter("use_speed", \.usesSpeed, "follows the way from the start to find d"),
    ]
  }

  private static var updateOptions: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "how far y is from z towards the average"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .positive, "added to the denominator; null for Adam-atan2"),
      Hyperparameter("weight_decay", \.weightDecay, .notNegative, "shrinks the weights"),
      Hyperparameter("weight_decay_by_lr", \.scalesDecayByRate, "multiplies decay by the rate"),
      Hyperparameter("use_schedulefree", \.isScheduleFree, "averages instead of a schedule"),
      Hyperparameter("schedulefree_c", \.scheduleFreeC, .notNegative, "shortens the average, or 0"),
      Hyperparameter("use_bias_correction", \.correctsBias, "warms up as RAdam does"),
      Hyperparameter("use_stableadamw", \.isStable, "shrinks updates of a large mean square"),
      Hyperparameter("use_cautious", \.isCautious, "leaves out what the gradient speaks against"),
      Hyperparameter("use_grams", \.usesGrams, "takes the sign of the gradient"),
      Hyperparameter("use_adopt", \.usesAdopt, "divides by the second moment before the step"),
      Hyperparameter("use_orthograd", \.usesOrthoGrad, "moves at right angles to the weights"),
      Hyperparameter("use_focus", \.usesFocus, "moves by signs, drawn to the mean of the weights"),
    ]
  }

  /// Adam-atan2 needs no clipping; the library turns it off.
  var clips: Bool { isStable && epsilon != nil }
  var factors: Bool { isFactored && !usesFocus }
  var takesSigns: Bool { usesGrams && !isCautious }
  var estimateDecay: Double { beta3 ?? beta2.squareRoot() }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    let shape = parameter.shape
    let format = parameter.format
    var tensors: [StateTensor] = []
    if factors, let axes = FactoredAxes(shape) {
      let stored = factorsInFloat32 ? .float32 : format
      tensors.append(StateTensor("exp_avg_sq_row", axes.rowShape, stored))
      tensors.append(StateTensor("exp_avg_sq_col", axes.columnShape, stored))
    } else {
      tensors.append(StateTensor("exp_avg_sq", shape, format))
    }
    let sliced = [(parameter.count + slice - 1) / slice]
    let narrow = format == .float32 ? .bfloat16 : format
    tensors.append(StateTensor("p0", parameter.startsAtZero ? [] : sliced, narrow))
    if !usesSpeed { tensors.append(StateTensor("s", sliced, narrow)) }
    tensors.append(StateTensor(isScheduleFree ? "z" : "exp_avg", shape, format))
    return tensors
  }

  /// The running numerator and denominator of d, of one group.
  var sharedLayout: SharedState { SharedState(group: 8) }

  func internals(_ state: State) -> [String: Double] {
    state.groups.first?.internals ?? [:]
  }

  func evaluationParameters(
    _ parameters: [Tensor<Element>], _ state: State
  ) -> [Tensor<Element>]? {
    guard isScheduleFree else { return nil }
    return zip(parameters, state.memories).map { $0.averaged(z: $1.companion, beta1: beta1) }
  }
}

extension OptimizerFamily {
  static let prodigyPlusScheduleFree = OptimizerFamily(
    "PRODIGY_PLUS_SCHEDULE_FREE", "Prodigy Plus Schedule-Free",
    library: "prodigy-plus-schedule-free 2.0.1",
    Citation(
      "Prodigy Plus Schedule-Free", "https://github.com/LoganBooker/prodigy-plus-schedule-free"),
    ProdigyPlusScheduleFree<Float>.self, ProdigyPlusScheduleFree<Double>.self,
    ProdigyPlusScheduleFree<BFloat16>.self, ProdigyPlusScheduleFree<Half>.self)
}
