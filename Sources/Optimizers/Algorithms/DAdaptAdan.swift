/// Adan whose rate is estimated by D-Adaptation.
///
/// Xie et al., "Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep Models",
/// Algorithm 1, with the d of Defazio and Mishchenko, "Learning-Rate-Free Learning by
/// D-Adaptation", as dadaptation 3.2 has it (`DAdaptAdan`): the βs are shares of the old, as in
/// Adam, and v averages the square of g + β₂ (g − g₋₁).
///
/// The rate is that of the first parameter; the library does not look at the others. The weights
/// move by the old d, so one pass does all. A step that leaves s zero moves nothing and is not
/// counted.
struct DAdaptAdan<Element: StoredNumber>: Optimizer {
  var beta1 = 0.98
  var beta2 = 0.92
  var beta3 = 0.99
  var epsilon = 1e-8
  var weightDecay = 0.02
  var noProx = false
  var d0 = 1e-6
  var growthRate = Double.infinity
  var logEvery = 0.0

  init() {}

  static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("beta1", \.beta1, .fraction, "decay of the mean gradient"),
      Hyperparameter("beta2", \.beta2, .fraction, "decay of the mean change of the gradient"),
      Hyperparameter("beta3", \.beta3, .fraction, "decay of the mean square"),
      Hyperparameter("eps", \.epsilon, .positive, "added to the denominator"),
      Hyperparameter("weight_decay", \.weightDecay, .any, "shrinks the weights"),
      Hyperparameter("no_prox", \.noProx, "shrinks them before the step, by a product"),
      Hyperparameter("d0", \.d0, .positive, "first estimate of d"),
      Hyperparameter("growth_rate", \.growthRate, .any, "the most that a step multiplies d by"),
      Hyperparameter("log_every", \.logEvery, .any, "steps between two lines of log; 0 for none"),
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
    /// The mean change of the gradient.
    var n: [Element]
    var v: [Element]
    /// g of the step before.
    var last: [Element]
  }

  func layout(of parameter: ParameterShape) -> [StateTensor] {
    ["s", "exp_avg", "exp_avg_diff", "exp_avg_sq", "pre_grad"].map {
      StateTensor($0, parameter.shape, parameter.format)
    }
  }

  func initialState(for parameters: [Tensor<Element>]) -> State {
    State(
      d: d0,
      memories: parameters.map { parameter in
        return Memory(
          s: parameter.zeros(), m: parameter.zeros(), n: parameter.zeros(), v: parameter.zeros(),
          last: parameter.zeros())
      })
  }

  func internals(_ state: State) -> [String: Double] {
    ["k": Double(state.k), "d": state.d, "gsq_weighted": state.gradients]
  }

  func step(
    _ parameters: inout [Tensor<Element>], gradients: [Tensor<Element>], state: inout State,
    rates: [Double]
  ) throws(OptimizerError) {
    let rate = rates.first ?? 0
    let dlr = state.d * rate
    // Whether the new s is not zero must be known before anything moves.
    let moves = parameters.indices.contains {
      stirs(gradients[$0], state.memories[$0], dlr: dlr)
    }
    var sums = SIMD4<Double>.zero
    for place in parameters.indices {
      // Until something has moved, each gradient counts as the first.
      if state.k == 0 { state.memories[place].last = gradients[place].values }
      let part = sweep(
        &parameters[place].values, gradients[place].values, memory: &state.memories[place],
        dlr: dlr, moves: moves)
      // The library takes all three out of tensors.
      sums += SIMD4(
        Element(part.x).double, Element(part.y).double, Element(part.z).double, 0)
    }
    if moves { estimate(&state, sums, dlr: dlr, rate: rate) }
  }

  /// d̂ and d of the next step.
  private func estimate(
    _ state: inout State, _ sums: SIMD4<Double>, dlr: Double, rate: Double
  ) {
    state.k += 1
    state.gradients = beta3 * state.gradients + sums.x * (dlr * dlr) * (1 - beta3)
    guard rate > 0 else { return }
    let dHat = (sums.y / (1 - beta3) - state.gradients) / sums.z
    state.d = max(state.d, min(dHat, state.d * growthRate))
  }

  /// Whether s will hold something else than zeros.
  private func stirs(_ gradient: Tensor<Element>, _ memory: Memory, dlr: Double) -> Bool {
    typealias A = Element.Arithmetic
    let beta3 = A(beta3)
    let weight = A(dlr * (1 - self.beta3))
    return DAdaptation.any(gradient.count) { i in
      let old = Element.rounded(memory.s[i].wide * beta3)
      return Element.rounded(old + weight * gradient.values[i].wide) != 0
    }
  }

  private func sweep(
    _ x: inout [Element], _ gradient: [Element], memory: inout Memory, dlr: Double, moves: Bool
  ) -> SIMD4<Double> {
    sweep(
      &x, gradient, &memory.s, &memory.m, &memory.n, &memory.v, &memory.last, count: x.count,
      dlr: dlr, moves: moves)
  }

  /// - Returns: ‖g‖² / (√v + ε), ‖s‖² / (√v + ε) and ‖s‖₁, with the new v and s.
  private func sweep(
    _ x: UnsafeMutablePointer<Element>, _ gradient: UnsafePointer<Element>,
    _ s: UnsafeMutablePointer<Element>, _ m: UnsafeMutablePointer<Element>,
    _ n: UnsafeMutablePointer<Element>, _ v: UnsafeMutablePointer<Element>,
    _ last: UnsafeMutablePointer<Element>, count: Int, dlr: Double, moves: Bool
  ) -> SIMD4<Double> {
    typealias A = Element.Arithmetic
    let beta1 = A(beta1)
    let weight1 = A(dlr * (1 - self.beta1))
    let beta2 = A(beta2)
    let weight2 = A(dlr * (1 - self.beta2))
    let beta3 = A(beta3)
    let weight3 = A(1 - self.beta3)
    let weight = A(dlr * (1 - self.beta3))
    let epsilon = A(epsilon)
    let before = A(noProx ? 1 - dlr * weightDecay : 1)
    let after = A(noProx ? 1 : 1 + dlr * weightDecay)
    /// Takes the gradient in, adds the terms of the sums; returns √v + ε.
    @inline(__always) func learn(
      _ i: Int, _ gradients: inout Double, _ weighted: inout Double, _ norm: inout Double
    ) -> A {
      let g = gradient[i].wide
      let change = Element.rounded(g - last[i].wide)
      let u = Element.rounded(g + Element.rounded(beta2 * change))
      m[i] = Element(rounding: Element.rounded(m[i].wide * beta1) + weight1 * g)
      n[i] = Element(rounding: Element.rounded(n[i].wide * beta2) + weight2 * change)
      let uu = Element.rounded(u * u)
      v[i] = Element(rounding: Element.rounded(v[i].wide * beta3) + weight3 * uu)
      s[i] = Element(rounding: Element.rounded(s[i].wide * beta3) + weight * g)
      let root = Element.rounded(Element.rounded(v[i].wide.root) + epsilon)
      let gg = Element.rounded(g * g)
      let ss = Element.rounded(s[i].wide * s[i].wide)
      gradients = .summing(gradients, Double(Element.rounded(gg / root)))
      weighted = .summing(weighted, Double(Element.rounded(ss / root)))
      norm = .summing(norm, Double(s[i].wide.magnitude))
      return root
    }
    return Sweep.sums(count) { range in
      // As torch adds many short sums, which one long sum in `Float` is farther from.
      var gradients = 0.0
      var weighted = 0.0
      var norm = 0.0
      if moves {
        for i in range {
          let root = learn(i, &gradients, &weighted, &norm)
          let ahead = Element.rounded(m[i].wide + Element.rounded(beta2 * n[i].wide))
          let step = Element.rounded(ahead / root)
          let moved = Element.rounded(Element.rounded(x[i].wide * before) - step)
          x[i] = Element(rounding: moved / after)
          last[i] = gradient[i]
        }
      } else {
        for i in range { _ = learn(i, &gradients, &weighted, &norm) }
      }
      return SIMD4(gradients, weighted, norm, 0)
    }
  }
}

extension OptimizerFamily {
  static let dAdaptAdan = OptimizerFamily(
    "DADAPT_ADAN", "D-Adaptation Adan", library: "dadaptation 3.2", .dAdaptation,
    DAdaptAdan<Float>.self, DAdaptAdan<Double>.self, DAdaptAdan<BFloat16>.self,
    DAdaptAdan<Half>.self)
}
