/// Adam whose rate is estimated by D-Adaptation, as the first preprints had it.
///
/// Defazio and Mishchenko, "Learning-Rate-Free Learning by D-Adaptation",
/// https://arxiv.org/abs/2301.07733v1, as dadaptation 3.2 keeps it
/// (`experimental.DAdaptAdamPreprint`): d is estimated from squares and not from ⟨g, s⟩, with the
/// new v, and s decays by β₂ and not by its root.
///
/// The weights move by the old d, so one pass does all. A parameter with a rate of 0 takes nothing
/// in and does not decay, but moves by its last m. A step that leaves s zero moves nothing and is
/// not counted.
struct DAdaptAdamPreprint<Element: StoredNumber>: Optimizer {
  var beta1 = 0.9
  var beta2 = 0.999
  var epsilon = 1e-8
  var weightDecay = 0.0
  var decouple = false
  var d0 = 1e-6
  var growthRate = Double.infinity
  var logEvery = 0.0
  var fsdpInUse = false

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean squared gradient"),
      Hyperparameter("eps", \.epsilon, .positive, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("decouple", \.decouple, "decays the weights and not through the gradient"),
      Hyperparameter("d0", \.d0, .positive, "first estimate of d"),
      Hyperparameter("growth_rate", \.growthRate, .any, "the most that a step multiplies d by"),
      Hyperparameter("log_every", \.logEvery, .any, "steps between two lines of log; 0 for none"),
      Hyperparameter("fsdp_in_use", \.fsdpInUse, "adds up over the processes of a split model"),
    ]
  }

  struct State: Codable, Sendable {
    var k = 0
    var d: Double
    /// Mean λ² ‖g‖² / (√v + ε)
    var gradients = 0.0
    var memories: [Memory]
  }

  struct Memory: Codable, Sendable {
    var s: [Element]
    var m: [Element]
    var v: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    ["s", "exp_avg", "exp_avg_sq"].map { StateTensor($0, parameter.shape, parameter.format) }
  }

  func initialState(for parameters: [Tensor<Element>]) -> State {
    State(
      d: d0,
      memories: parameters.map { parameter in
        return Memory(s: parameter.zeros(), m: parameter.zeros(), v: parameter.zeros())
      })
  }

  func internals(_ state: State) -> [String: Double] {
    ["k": Double(state.k), "d": state.d, "gsq_weighted": state.gradients]
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) throws(OptimizerError) {
    let rate = try DAdaptation.rate(of: rates)
    try DAdaptation.checkProcesses(fsdpInUse)
    let dlr = state.d * rate
    // Whether the new s is not zero must be known before anything moves.
    let moves = parameters.indices.contains { place in
      rates[place] > 0
        && stirs(parameters[place], gradients[place], state.memories[place], dlr: dlr)
    }
    var sums = SIMD4<Double>.zero
    for place in parameters.indices {
      let learns = rates[place] > 0
      guard learns || moves else { continue }
      let part = sweep(
        &parameters[place].values, gradients[place].values, memory: &state.memories[place],
        dlr: dlr, learns: learns, moves: moves)
      // The library takes all three out of tensors.
      sums += SIMD4(
        Element(part.x).double, Element(part.y).double, Element(part.z).double, 0)
    }
    if moves { estimate(&state, sums, dlr: dlr) }
  }

  /// d̂ and d of the next step.
  private func estimate(_ state: inout State, _ sums: SIMD4<Double>, dlr: Double) {
    state.k += 1
    state.gradients = beta2 * state.gradients + sums.x * (dlr * dlr) * (1 - beta2)
    let dHat = (sums.y / (1 - beta2) - state.gradients) / sums.z
    state.d = max(state.d, min(dHat, state.d * growthRate))
  }

  /// Whether s will hold something else than zeros.
  private func stirs(
    _ parameter: Tensor<Element>, _ gradient: Tensor<Element>, _ memory: Memory, dlr: Double
  ) -> Bool {
    typealias A = Element.Arithmetic
    let beta2 = A(beta2)
    let weight = A(dlr * (1 - self.beta2))
    let decay = A(decouple ? 0 : weightDecay)
    return DAdaptation.any(parameter.count) { i in
      let g = Element.rounded(gradient.values[i].wide + decay * parameter.values[i].wide)
      return Element.rounded(Element.rounded(memory.s[i].wide * beta2) + weight * g) != 0
    }
  }

  private func sweep(
    _ x: inout [Element], _ gradient: [Element], memory: inout Memory, dlr: Double, learns: Bool,
    moves: Bool
  ) -> SIMD4<Double> {
    sweep(
      &x, gradient, &memory.s, &memory.m, &memory.v, count: x.count, dlr: dlr, learns: learns,
      moves: moves)
  }

  /// - Returns: ‖g‖² / (√v + ε), ‖s‖² / (√v + ε) and ‖s‖₁, with the new v and s.
  private func sweep(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ s: UnsafeMutablePointer<Element>, _ m: UnsafeMutablePointer<Element>,
    _ v: UnsafeMutablePointer<Element>, count: Int, dlr: Double, learns: Bool, moves: Bool
  ) -> SIMD4<Double> {
    typealias A = Element.Arithmetic
    let decay = A(decouple ? 0 : weightDecay)
    let shrinkage = A(decouple && learns ? -weightDecay * dlr : 0)
    let epsilon = A(epsilon)
    let beta1 = A(beta1)
    let weight1 = A(dlr * (1 - self.beta1))
    let beta2 = A(beta2)
    let weight2 = A(1 - self.beta2)
    let weight = A(dlr * (1 - self.beta2))
    @inline(__always) func denominator(_ i: Int) -> A {
      Element.rounded(Element.rounded(v[i].wide.root) + epsilon)
    }
    /// Takes the gradient in, adds the terms of the sums.
    @inline(__always) func learn(
      _ i: Int, _ gradients: inout A, _ weighted: inout A, _ norm: inout A
    ) {
      let g = Element.rounded(gradient[i].wide + decay * x[i].wide)
      let gg = Element.rounded(g * g)
      m[i] = Element(rounding: Element.rounded(m[i].wide * beta1) + weight1 * g)
      v[i] = Element(rounding: Element.rounded(v[i].wide * beta2) + weight2 * gg)
      s[i] = Element(rounding: Element.rounded(s[i].wide * beta2) + weight * g)
      let root = denominator(i)
      gradients = .summing(gradients, Element.rounded(gg / root))
      let ss = Element.rounded(s[i].wide * s[i].wide)
      weighted = .summing(weighted, Element.rounded(ss / root))
      norm = .summing(norm, s[i].wide.magnitude)
    }
    @inline(__always) func move(_ i: Int) {
      let shrunk = Element.rounded(x[i].wide + shrinkage * x[i].wide)
      x[i] = Element(rounding: shrunk - m[i].wide / denominator(i))
    }
    return Sweep.sums(count) { range in
      var gradients: A = 0
      var weighted: A = 0
      var norm: A = 0
      if learns && moves {
        for i in range {
          learn(i, &gradients, &weighted, &norm)
          move(i)
        }
      } else if learns {
        for i in range { learn(i, &gradients, &weighted, &norm) }
      } else {
        for i in range { move(i) }
      }
      return SIMD4(Double(gradients), Double(weighted), Double(norm), 0)
    }
  }
}

extension OptimizerFamily {
  static let dAdaptAdamPreprint = OptimizerFamily(
    "DADAPT_ADAM_PREPRINT", "D-Adaptation Adam of the preprint", library: "dadaptation 3.2",
    .dAdaptation, DAdaptAdamPreprint<Float>.self, DAdaptAdamPreprint<Double>.self,
    DAdaptAdamPreprint<BFloat16>.self, DAdaptAdamPreprint<Half>.self)
}
